// The sheet of keyboard shortcuts, and the question for consent: dialogs that any view may ask for.
import { html } from 'lit';
import { Element } from '../element.js';
import { api } from '../api.js';
import { modal } from '../dialog.js';
import { t } from '../i18n.js';

const COMMAND = /Mac|iP(hone|ad)/.test(navigator.platform) ? '⌘' : 'Ctrl';
const KEYS = [['Ctrl+K', 'keys.search'], ['Ctrl+Shift+O', 'keys.new'], ['Ctrl+Shift+S', 'keys.sidebar'], ['Ctrl+Shift+C', 'keys.copy'], ['Shift+Esc', 'keys.focus'],
  ['Enter', 'keys.send'], ['Shift+Enter', 'keys.line'], ['Esc', 'keys.stop'], ['Ctrl+/', 'keys.help']];

class MynahHelp extends Element {
  render() {
    return html`<dialog ${modal()} aria-labelledby="keys-title" @close=${() => this.tell('done')}><div class="sheet"><h2 id="keys-title">${t('keys.title')}</h2>
      <dl class="shortcuts">${KEYS.map(([keys, words]) => html`<dt>${keys.split('+').map((key) => html`<kbd>${key === 'Ctrl' ? COMMAND : key}</kbd>`)}</dt><dd>${t(words)}</dd>`)}</dl>
      <div class="buttons"><button class="primary" @click=${() => this.tell('done')}>${t('dialog.close')}</button></div></div></dialog>`;
  }
}

class MynahConsent extends Element {
  async #answer(consent) {
    await api.setConsent(consent);
    this.tell('done');
  }

  render() {
    return html`<dialog ${modal()} aria-labelledby="consent-title" @cancel=${(event) => event.preventDefault()}><div class="sheet"><h2 id="consent-title">${t('consent.title')}</h2>
      <p>${t('consent.what')}</p><ul class="dots-list"><li>${t('consent.used')}</li><li>${t('consent.masked')}</li><li>${t('consent.revoke')}</li></ul>
      <div class="buttons"><button @click=${() => this.#answer(false)}>${t('consent.no')}</button><button class="primary" @click=${() => this.#answer(true)}>${t('consent.yes')}</button></div></div></dialog>`;
  }
}

customElements.define('mynah-help', MynahHelp);
customElements.define('mynah-consent', MynahConsent);
