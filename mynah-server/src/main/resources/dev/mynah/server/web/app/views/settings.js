// How a conversation's questions are asked: they go with every question.
import { html } from 'lit';
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
      <label>${t('chat.system')}<textarea rows="3" maxlength="20000" placeholder=${t('chat.systemHint')} .value=${this.settings.system ?? ''}
        @change=${(event) => this.#set('system', event.target.value)}></textarea></label>
      <label>${t('chat.temperature')}<input type="number" min="0" max="2" step="0.1" .value=${this.settings.temperature ?? ''}
        @change=${(event) => this.#number('temperature', event.target.value)}></label>
      <label>${t('chat.maxTokens')}<input type="number" min="1" .value=${this.settings.max_tokens ?? ''}
        @change=${(event) => this.#number('max_tokens', event.target.value)}></label></form>`;
  }
}

customElements.define('mynah-settings', MynahSettings);
