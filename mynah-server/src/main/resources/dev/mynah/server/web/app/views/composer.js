// Where one writes. What is typed is kept, by conversation, until it is sent.
import { html } from 'lit';
import { Element } from '../element.js';
import { t } from '../i18n.js';
import { icon } from '../icons.js';

const draftKey = (conversation) => `mynah.draft.${conversation ?? 'new'}`;

/** Keeps what was typed into a new chat under the conversation that it has become. */
export function adoptDraft(conversation) {
  localStorage.setItem(draftKey(conversation), localStorage.getItem(draftKey(null)) ?? '');
  localStorage.removeItem(draftKey(null));
}

class MynahComposer extends Element {
  static properties = { conversation: { attribute: false }, running: { type: Boolean } };

  updated(changed) {
    if (changed.has('conversation')) {
      this.text = localStorage.getItem(draftKey(this.conversation)) ?? '';
      this.focusInput();
    }
  }

  get #input() {
    return this.querySelector('textarea');
  }

  get text() {
    return this.#input.value;
  }

  set text(value) {
    this.#input.value = value;
    this.#changed();
  }

  focusInput() {
    if (matchMedia('(hover: hover)').matches) {
      this.#input.focus({ preventScroll: true });
    }
  }

  #changed = () => {
    const key = draftKey(this.conversation);
    if (this.text) {
      localStorage.setItem(key, this.text);
    } else {
      localStorage.removeItem(key);
    }
    this.#input.style.height = 'auto';
    this.#input.style.height = `${this.#input.scrollHeight}px`;
    this.requestUpdate();
  };

  #key = (event) => {
    // While an input method composes a Chinese word, Enter chooses it.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      this.#send();
    } else if (event.key === 'Escape' && this.running) {
      this.tell('stop');
    }
  };

  #send = () => {
    const text = this.text.trim();
    if (text && !this.running) {
      this.tell('send', text);
    }
  };

  /** Empties the field once the server has what was in it. */
  sent() {
    this.text = '';
  }

  render() {
    const empty = !this.#inputValue().trim();
    return html`<form class="composer" @submit=${(event) => { event.preventDefault(); this.#send(); }}>
      <textarea rows="1" maxlength="200000" dir="auto" aria-label=${t('chat.message')} placeholder=${t('chat.placeholder')}
        @input=${this.#changed} @keydown=${this.#key}></textarea>
      ${this.running
        ? html`<button type="button" class="round" aria-label=${t('chat.stop')} title=${t('chat.stop')} @click=${() => this.tell('stop')}>${icon('stop')}</button>`
        : html`<button class="round" aria-label=${t('chat.send')} title=${t('chat.send')} ?disabled=${empty}>${icon('send')}</button>`}
    </form>`;
  }

  #inputValue() {
    return this.#input?.value ?? '';
  }
}

customElements.define('mynah-composer', MynahComposer);
