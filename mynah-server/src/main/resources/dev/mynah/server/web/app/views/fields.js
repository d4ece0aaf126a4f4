// Fields of forms that the browser's own do not do well enough.
import { html } from 'lit';
import { Element } from '../element.js';
import { t } from '../i18n.js';
import { icon } from '../icons.js';

/** Shows what stands in the password field beside a button, or hides it again. */
function reveal({ currentTarget: button }) {
  const field = button.parentElement.querySelector('input');
  const shown = field.type === 'password';
  field.type = shown ? 'text' : 'password';
  button.setAttribute('aria-pressed', String(shown));
}

/**
 * A password, which who types it may look at. The button stands beside the label, not in it: it is no part of the field's name.
 * @param {{name?: string, label?: string, fresh?: boolean}} [field] fresh: chosen now, so it must be long enough; what that means stands in an element `rules`
 */
export function passwordField({ name = 'password', label = t('auth.password'), fresh = false } = {}) {
  const field = fresh ? html`<input name=${name} type="password" required minlength="12" maxlength="200" autocomplete="new-password" autocapitalize="none" spellcheck="false" aria-describedby="rules">`
    : html`<input name=${name} type="password" required maxlength="200" autocomplete="current-password" autocapitalize="none" spellcheck="false">`;
  return html`<div class="password"><label>${label}${field}</label><button type="button" class="quiet" aria-label=${t('auth.show')} title=${t('auth.show')} aria-pressed="false" @click=${reveal}>${icon('eye')}</button></div>`;
}

/** A field for a file, in the page's language: the browser's own speaks the browser's. */
class MynahFile extends Element {
  static properties = { field: {}, label: {}, accept: {}, required: { type: Boolean }, chosen: { state: true } };

  #form = null;
  #reset = () => { this.chosen = null; };

  connectedCallback() {
    super.connectedCallback();
    this.#form = this.closest('form');
    this.#form?.addEventListener('reset', this.#reset);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#form?.removeEventListener('reset', this.#reset);
  }

  render() {
    return html`<label class="file">${this.label}<span><span class="button">${icon('open')}${t('file.choose')}</span><span class="hint" dir="auto">${this.chosen ?? t('file.none')}</span></span>
      <input class="hidden" type="file" name=${this.field} aria-label=${this.label} accept=${this.accept} ?required=${this.required} @change=${(event) => { this.chosen = event.target.files[0]?.name; }}></label>`;
  }
}

customElements.define('mynah-file', MynahFile);
