// Dialogs are the browser's own: it keeps the focus inside, and Escape closes them. When one goes away, the focus goes back to where it was.
import { nothing } from 'lit';
import { AsyncDirective, directive } from 'lit/async-directive.js';

class Modal extends AsyncDirective {
  #before = null;

  update({ element }) {
    if (!element.open && this.#before === null) {
      this.#before = document.activeElement;
      // It has to stand in the page first.
      queueMicrotask(() => element.isConnected && !element.open && element.showModal());
    }
    return nothing;
  }

  render() {
    return nothing;
  }

  disconnected() {
    this.#before?.focus({ preventScroll: true });
  }
}

/** On a dialog element: opens it as soon as it stands in the page. */
export const modal = directive(Modal);
