// How a conversation's questions are asked: they go with every question.
import { html, nothing } from 'lit';
import { Element } from '../element.js';
import { t } from '../i18n.js';

class MynahSettings extends Element {
  static properties = { settings: { attribute: false } };

  #set(name, value) {
    const { [name]: old, ...others } = this.settings;
    this.tell('settings', value === '' ? others : { ...others, [name]: value });
  }

  #number(name, value) {
    this.#set(name, value === '' ? '' : Number(value));
  }

  render() {
    return html`<form class="settings" @submit=${(event) => event.preventDefault()}>
      <label>${t('chat.system')}<textarea rows="3" maxlength="20000" placeholder=${t('chat.systemHint')} aria-describedby="system-help" .value=${this.settings.system ?? ''}
        @change=${(event) => this.#set('system', event.target.value)}></textarea></label>
      <p class="hint whole" id="system-help">${t('chat.systemHelp')} <a href="/account" @click=${(event) => { event.preventDefault(); this.tell('navigate', '/account'); }}>${t('instructions.title')}</a></p>
      <div><label>${t('chat.temperature')}<input type="number" min="0" max="2" step="0.1" aria-describedby="temperature-help" .value=${this.settings.temperature ?? ''}
        @change=${(event) => this.#number('temperature', event.target.value)}></label><p class="hint" id="temperature-help">${t('chat.temperatureHint')}</p></div>
      <div><label>${t('chat.maxTokens')}<input type="number" min="1" aria-describedby="tokens-help" .value=${this.settings.max_tokens ?? ''}
        @change=${(event) => this.#number('max_tokens', event.target.value)}></label><p class="hint" id="tokens-help">${t('chat.maxTokensHint')}</p></div>
      ${Object.keys(this.settings).length === 0 ? nothing : html`<div class="buttons whole"><button type="button" @click=${() => this.tell('settings', {})}>${t('chat.resetSettings')}</button></div>`}</form>`;
  }
}

customElements.define('mynah-settings', MynahSettings);
