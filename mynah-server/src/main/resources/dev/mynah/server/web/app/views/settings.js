// How a conversation's questions are asked: they go with every question.
import { html, nothing } from 'lit';
import { Element } from '../element.js';
import { t } from '../i18n.js';

const ADVANCED = ['top_p', 'frequency_penalty', 'presence_penalty', 'seed', 'stop'];
const MOST_STOPS = 4;

class MynahSettings extends Element {
  static properties = { settings: { attribute: false } };

  /** Keeps what a field says; what is no good stays in the field, which says why. */
  #set(field, value) {
    if (!field.reportValidity()) {
      return;
    }
    const { [field.name]: old, ...others } = this.settings;
    this.tell('settings', field.value.trim() === '' ? others : { ...others, [field.name]: value(field.value) });
  }

  #setStops = ({ target: field }) => {
    const lines = (text) => text.split('\n').filter(Boolean);
    field.setCustomValidity(lines(field.value).length > MOST_STOPS ? t('chat.tooManyStops') : '');
    this.#set(field, lines);
  };

  /** A field for a number, with what it does below it. */
  #number(name, words, range) {
    const id = `${name}-help`;
    return html`<div><label>${t(words)}<input type="number" name=${name} min=${range.min} max=${range.max ?? nothing} step=${range.step} aria-describedby=${id} .value=${this.settings[name] ?? ''}
      @change=${(event) => this.#set(event.target, Number)}></label><p class="hint" id=${id}>${t(`${words}Hint`)}</p></div>`;
  }

  render() {
    return html`<form class="settings" aria-label=${t('chat.settings')} @submit=${(event) => event.preventDefault()}>
      <label class="whole">${t('chat.system')}<textarea name="system" rows="3" maxlength="20000" placeholder=${t('chat.systemHint')} aria-describedby="system-help" .value=${this.settings.system ?? ''}
        @change=${(event) => this.#set(event.target, (text) => text)}></textarea></label>
      <p class="hint whole" id="system-help">${t('chat.systemHelp')} <a href="/account" @click=${(event) => { event.preventDefault(); this.tell('navigate', '/account'); }}>${t('instructions.title')}</a></p>
      ${this.#number('temperature', 'chat.temperature', { min: 0, max: 2, step: 0.1 })}
      ${this.#number('max_tokens', 'chat.maxTokens', { min: 1, step: 1 })}
      <details class="whole" ?open=${ADVANCED.some((name) => name in this.settings)}><summary>${t('chat.advanced')}</summary><div class="advanced">
        ${this.#number('top_p', 'chat.topP', { min: 0.01, max: 1, step: 0.01 })}
        ${this.#number('seed', 'chat.seed', { min: 0, max: Number.MAX_SAFE_INTEGER, step: 1 })}
        ${this.#number('frequency_penalty', 'chat.frequencyPenalty', { min: -2, max: 2, step: 0.1 })}
        ${this.#number('presence_penalty', 'chat.presencePenalty', { min: -2, max: 2, step: 0.1 })}
        <div class="whole"><label>${t('chat.stopTexts')}<textarea name="stop" rows="2" maxlength="400" aria-describedby="stop-help" .value=${(this.settings.stop ?? []).join('\n')}
          @change=${this.#setStops}></textarea></label><p class="hint" id="stop-help">${t('chat.stopTextsHint')}</p></div></div></details>
      ${Object.keys(this.settings).length === 0 ? nothing : html`<div class="buttons whole"><button type="button" @click=${(event) => { event.target.form.reset(); this.tell('settings', {}); }}>${t('chat.resetSettings')}</button></div>`}</form>`;
  }
}

customElements.define('mynah-settings', MynahSettings);
