// The choice of the model: by what it is good at, how much it reads, what it costs and how fast it has been.
import { html, nothing } from 'lit';
import { Element } from '../element.js';
import { language, number, t } from '../i18n.js';
import { money } from '../money.js';

/** Whether options of a select may be more than text. */
const RICH_SELECT = CSS.supports('appearance', 'base-select');

function described({ id, introduction, context_length: context, currency, input_price: input, output_price: output, tokens_per_second: pace }) {
  const figures = [context && t('model.context', { count: number(context) }), t('model.price', { input: money(input, currency), output: money(output, currency) }),
    pace && t('model.pace', { count: number(pace, { maximumSignificantDigits: 2 }) })];
  const words = introduction?.[language()]?.description;
  return html`<strong>${id}</strong>${words ? html`<small>${words}</small>` : nothing}<small class="soft">${figures.filter(Boolean).join(' · ')}</small>`;
}

class MynahModelChoice extends Element {
  static properties = { models: { attribute: false }, model: { attribute: false } };

  render() {
    const introduction = this.models.find(({ id }) => id === this.model)?.introduction?.[language()];
    return html`<label><span class="hidden">${t('chat.model')}</span>
      <select aria-label=${t('chat.model')} title=${introduction?.description ?? t('chat.model')} @change=${(event) => this.tell('model', event.target.value)}>
        ${RICH_SELECT ? html`<button><span>${this.model}</span></button>` : nothing}
        ${this.models.map((model) => html`<option value=${model.id} label=${RICH_SELECT ? nothing : model.id} aria-label=${model.id} ?selected=${model.id === this.model}>${RICH_SELECT ? described(model) : model.id}</option>`)}
      </select></label>`;
  }
}

customElements.define('mynah-model-choice', MynahModelChoice);
