// A leaf of a conversation: some messages that follow each other, which are laid out together once they come near the window. Were each message to wait by itself, the browser would look at every one of
// them in every frame.
import { estimatedHeight } from './message.js';

const MESSAGES = 20;

/** Things in leaves, of so many each but the last. */
export function leaves(things) {
  return Array.from({ length: Math.ceil(things.length / MESSAGES) }, (_, leaf) => things.slice(leaf * MESSAGES, (leaf + 1) * MESSAGES));
}

class MynahLeaf extends HTMLElement {
  constructor() {
    super();
    this.addEventListener('contentvisibilityautostatechange', ({ skipped }) => {
      if (!skipped) {
        this.querySelectorAll('mynah-message').forEach((message) => message.approach());
      }
    });
  }

  /** What its messages say: how high it will be about, until it is known. */
  set texts(texts) {
    this.style.containIntrinsicBlockSize ||= `auto ${texts.reduce((sum, text) => sum + estimatedHeight(text), 0)}px`;
  }
}

customElements.define('mynah-leaf', MynahLeaf);
