// Plan, balance and what belongs to them, as a part of the account's page.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { locale, number, t, when } from '../i18n.js';
import { amount, micros, money, planName } from '../money.js';
import { PageView, loading, table } from './page.js';

const WAIT_MS = 1500;
const ROUNDS = 20;

class MynahBilling extends PageView {
  static properties = {
    keys: { attribute: false }, billing: { state: true }, payments: { state: true }, statements: { state: true }, caps: { state: true }, notices: { state: true }, arriving: { state: true },
  };

  async connectedCallback() {
    super.connectedCallback();
    await this.#load();
    const id = new URLSearchParams(location.search).get('payment');
    if (id) {
      this.#await(id);
    }
  }

  #load() {
    return this.attempt(async () => {
      [this.billing, this.payments, this.statements, this.caps, this.notices] = await Promise.all([
        api.billing.overview(), ...[api.billing.payments, api.billing.statements, api.billing.caps, api.billing.notices].map((list) => list().then((page) => page.data))]);
    });
  }

  /** Back from the page to pay on: the provider tells the server what became of it, a little later perhaps. */
  async #await(id) {
    for (let round = 0; round < ROUNDS && this.isConnected; round += 1) {
      const payment = await this.attempt(() => api.billing.payment(id));
      this.arriving = payment?.state === 'pending';
      if (!this.arriving) {
        history.replaceState(null, '', location.pathname);
        if (payment?.state === 'succeeded') {
          this.tell('success', t('bill.paid', { amount: money(payment.amount, payment.currency) }));
        }
        break;
      }
      await new Promise((resolve) => { setTimeout(resolve, WAIT_MS); });
    }
    await this.#load();
    await this.updateComplete;
    this.scrollIntoView();
  }

  /** Does something and shows what is so now; it gives a page to go to, words to say, or nothing. */
  #act(work) {
    return async (event) => {
      event.preventDefault();
      await this.attempt(async () => {
        const begun = await work(event.target);
        if (begun?.url) {
          this.#leave(begun.url);
          return;
        }
        event.target.reset?.();
        await this.#load();
        this.tell('success', begun?.said ?? t('account.saved'));
      });
    };
  }

  /** To the page to pay on. */
  #leave(url) {
    if (url.startsWith('/')) {
      this.tell('navigate', url);
    } else {
      location.assign(url);
    }
  }

  render() {
    if (!this.billing) {
      return loading();
    }
    return html`${this.#notices()}${this.arriving ? html`<p role="status">${t('bill.arriving')}</p>` : nothing}
      ${this.billing.subscription ? this.#subscription(this.billing.subscription) : nothing}
      <div class="plans">${this.billing.plans.map((plan) => this.#plan(plan))}</div>
      <h3>${t('bill.balance')}</h3>${this.#balance()}
      <h3>${t('bill.caps')}</h3>${this.#caps()}
      ${this.payments.length > 0 ? html`<h3>${t('bill.payments')}</h3>${this.#payments()}` : nothing}
      ${this.statements.length > 0 ? html`<h3>${t('bill.statements')}</h3>${this.#statements()}` : nothing}`;
  }

  #notices() {
    const unread = this.notices.filter((notice) => !notice.read_at);
    return unread.length === 0 ? nothing : html`<ul class="told" aria-label=${t('bill.notices')}>${unread.slice(0, 5).map((notice) => html`<li><span>${told(notice, this.billing.plans)}</span><span class="hint">${when(notice.created_at)}</span>
      <button class="quiet" @click=${this.#act(() => api.billing.read(notice.id))}>${t('error.dismiss')}</button></li>`)}</ul>`;
  }

  #subscription({ state, period_end: end, cancel_at_end: ends, price, currency }) {
    const words = state === 'past_due' ? t('bill.pastDue') : t(ends ? 'bill.endsOn' : 'bill.renewsOn', { when: day(end), amount: money(price, currency) });
    return html`<p role="status">${words}</p><div class="buttons start">
      ${state === 'past_due' ? html`<button class="primary" @click=${this.#act(() => api.billing.choose(this.billing.subscription.plan, 'provider'))}>${t('bill.payNow')}</button>` : nothing}
      ${ends ? html`<button @click=${this.#act(() => api.billing.resume().then(() => null))}>${t('bill.resume')}</button>` : html`<button @click=${this.#act(() => api.billing.cancel().then(() => null))}>${t('bill.cancel')}</button>`}</div>`;
  }

  #plan(plan) {
    const here = plan.id === this.billing.plan;
    const covered = this.billing.wallet.balance - this.billing.wallet.held >= plan.monthly_price;
    return html`<section class="card plan ${here ? 'here' : ''}" aria-label=${planName(plan)}><h3>${planName(plan)}</h3>
      <p class="price">${plan.monthly_price > 0 ? t('bill.aMonth', { amount: money(plan.monthly_price, plan.currency) }) : t(plan.metered ? 'bill.byToken' : 'bill.free')}</p>
      <p class="hint">${plan.metered ? t('bill.meteredHint') : t('bill.limits', { requests: number(plan.requests_per_day), tokens: number(plan.tokens_per_day) })}</p>
      ${here ? html`<p><strong>${t('bill.present')}</strong></p>` : html`<div class="buttons start">${this.#choices(plan, covered)}</div>`}</section>`;
  }

  #choices(plan, covered) {
    const button = (from, words, primary) => html`<button class=${primary ? 'primary' : ''} aria-label=${`${words}: ${planName(plan)}`} @click=${this.#act(() => api.billing.choose(plan.id, from))}>${words}</button>`;
    if (plan.monthly_price === 0) {
      return button('balance', t('bill.choose'), false);
    }
    return html`${this.billing.provider ? button('provider', t('bill.subscribe'), true) : nothing}${covered ? button('balance', t('bill.fromBalance'), !this.billing.provider) : nothing}
      ${!this.billing.provider && !covered ? html`<span class="hint">${t('bill.noProvider')}</span>` : nothing}`;
  }

  #balance() {
    const { balance, held, currency, low_at: lowAt } = this.billing.wallet;
    return html`<p class="figure">${money(balance, currency)}${held > 0 ? html` <span class="hint">${t('bill.held', { amount: money(held, currency) })}</span>` : nothing}</p>
      ${this.billing.provider ? html`<form class="inline" @submit=${this.#act((form) => api.billing.topUp(micros(form.amount.value)))}>
        <label>${t('bill.topUpAmount', { currency })}<input name="amount" type="number" min="1" max="10000" step="0.01" value="10" required></label><button class="primary">${t('bill.topUp')}</button></form>` : html`<p class="hint">${t('bill.noProvider')}</p>`}
      <form class="inline" @submit=${this.#act((form) => api.billing.redeem(form.code.value).then((got) => ({ said: t('bill.redeemed', { amount: money(got.amount, got.currency) }) })))}>
        <label>${t('bill.voucher')}<input name="code" required maxlength="52" autocomplete="off" spellcheck="false"></label><button>${t('bill.redeem')}</button></form>
      <form class="inline" @submit=${this.#act((form) => api.billing.setLowBalance(micros(form.low.value)))}>
        <label>${t('bill.lowAt', { currency })}<input name="low" type="number" min="0" step="0.01" required .value=${amount(lowAt)}></label><button aria-label=${`${t('chat.saveSettings')}: ${t('bill.lowAt', { currency })}`}>${t('chat.saveSettings')}</button></form>`;
  }

  #caps() {
    const { currency } = this.billing.wallet;
    const cap = (kind, subject) => this.caps.find((one) => one.kind === kind && (!subject || one.subject_id === subject));
    const row = (label, kind, subject) => {
      const set = cap(kind, subject);
      return html`<form class="inline" @submit=${this.#act((form) => api.billing.setCap({ kind, ...(subject && { subject_id: subject }), amount: form.cap.value === '' ? null : micros(form.cap.value) }))}>
        <label>${label}${set ? html` <span class="hint">${t('bill.spent', { amount: money(set.spent, currency) })}</span>` : nothing}<input name="cap" type="number" min="0" step="0.01" placeholder=${t('bill.noCap')} .value=${amount(set?.amount)}></label>
        <button aria-label=${`${t('chat.saveSettings')}: ${label}`}>${t('chat.saveSettings')}</button></form>`;
    };
    const keys = (this.keys ?? []).filter((key) => !key.revoked_at);
    return html`<p class="hint">${t('bill.capsHint')}</p>${row(t('bill.capAll', { currency }), 'organisation')}${keys.map((key) => row(t('bill.capKey', { name: key.name, hint: key.hint, currency }), 'api_key', key.id))}`;
  }

  #payments() {
    return table(t('bill.payments'), [t('admin.time'), t('bill.for'), t('bill.amount'), t('bill.refunded'), t('admin.state')], this.payments.map((payment) => [
      day(payment.created_at), t(`bill.purpose.${payment.purpose}`), money(payment.amount, payment.currency), payment.refunded > 0 ? money(payment.refunded, payment.currency) : '–', t(`bill.state.${payment.state}`)]));
  }

  #statements() {
    return table(t('bill.statements'), [t('bill.number'), t('bill.month'), t('bill.closing'), ''], this.statements.map((one) => [
      number(one.number, { useGrouping: false }), month(one.month_start), money(one.closing, one.currency),
      html`<span>${this.link(`/statements/${one.id}`, t('bill.show'))} · <a href=${api.billing.statementCsv(one.id)} download>CSV</a></span>`]));
  }
}

/** A day with its year, in UTC as the server counts months. */
export function day(instant) {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(instant));
}

export function month(instant) {
  return new Intl.DateTimeFormat(locale(), { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(instant));
}

/** A notice in words. */
function told({ kind, detail }, plans) {
  const plan = detail.plan && planName({ name: detail.plan, ...plans.find((one) => one.id === detail.plan) });
  const sum = detail.amount ?? detail.balance;
  return t(`told.${kind}`, {
    plan, amount: sum === undefined ? '' : money(sum, detail.currency), ...(detail.until && { until: day(detail.until) }), ...(detail.retry && { retry: day(detail.retry) }), ...(detail.ends && { ends: day(detail.ends) }),
  });
}

customElements.define('mynah-billing', MynahBilling);
