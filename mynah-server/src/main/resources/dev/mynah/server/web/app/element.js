// The base of all views: Lit without a shadow tree, so that one style sheet and the browser's own search, selection and labels reach everything.
import { LitElement } from 'lit';
import { t } from './i18n.js';

export class Element extends LitElement {
  #redraw = () => this.requestUpdate();

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('mynah-language', this.#redraw);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('mynah-language', this.#redraw);
  }

  /** Does something that may be refused, and says so if it is; gives what came of it, or undefined. */
  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      this.refuse(error);
      return undefined;
    }
  }

  /** Says what was refused. */
  refuse(error) {
    this.tell('notice', error.message || t('error.unknown'));
  }

  /** Tells the views above: a `notice` is shown until it is dismissed, a `success` for a moment. */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
