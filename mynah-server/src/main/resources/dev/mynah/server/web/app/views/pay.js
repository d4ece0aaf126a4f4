// The test provider's page to pay on. No money moves, and it says so.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { t } from '../i18n.js';
import { money } from '../money.js';
import { PageView, loading } from './page.js';

class MynahPay extends PageView {
  static properties = { payment: { attribute: false }, details: { state: true } };

  willUpdate(changed) {
    if (changed.has('payment')) {
      this.attempt(async () => { this.details = await api.billing.payment(this.payment); });
    }
  }

  #pay(outcome) {
    return () => this.attempt(async () => {
      await api.billing.testOutcome(this.payment, outcome);
      this.tell('navigate', `/account?${new URLSearchParams({ payment: this.payment })}`);
    });
  }

  render() {
    if (!this.details) {
      return html`<div class="page">${this.head(t('pay.title'))}${loading()}</div>`;
    }
    const { amount, currency, purpose, state } = this.details;
    const open = state !== 'succeeded';
    return html`<div class="page">${this.head(t('pay.title'))}<p class="test" role="note">${t('pay.test')}</p>
      <p>${t(`bill.purpose.${purpose}`)}</p><p class="figure">${money(amount, currency)}</p>
      ${open ? html`<div class="buttons start"><button class="primary" @click=${this.#pay('pays')}>${t('pay.pays')}</button>
        ${purpose === 'top_up' ? nothing : html`<button @click=${this.#pay('pays_once')}>${t('pay.paysOnce')}</button>`}<button class="danger" @click=${this.#pay('declines')}>${t('pay.declines')}</button></div>`
        : html`<p role="status">${t('bill.state.succeeded')}</p>`}</div>`;
  }
}

customElements.define('mynah-pay', MynahPay);
