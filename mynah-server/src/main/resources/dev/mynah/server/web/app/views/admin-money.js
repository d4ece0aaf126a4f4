// For administrators: vouchers, payments and refunds, subscriptions, statements.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { copyText } from '../clipboard.js';
import { modal } from '../dialog.js';
import { number, t } from '../i18n.js';
import { icon } from '../icons.js';
import { amount, micros, money, planName } from '../money.js';
import { day, month } from './billing.js';
import { PageView, loading, table } from './page.js';

const DAY_MS = 86_400_000;

class MynahAdminMoney extends PageView {
  static properties = { section: { attribute: false }, rows: { state: true }, next: { state: true }, codes: { state: true }, refunding: { state: true }, error: { state: true } };

  willUpdate(changed) {
    if (changed.has('section')) {
      this.rows = undefined;
      this.codes = undefined;
      this.#load();
    }
  }

  #load(more) {
    const list = { vouchers: api.admin.vouchers, payments: api.admin.payments, subscriptions: api.admin.subscriptions, statements: api.admin.statements }[this.section];
    return this.attempt(async () => {
      const page = await list({ after: more ? this.next : '' });
      this.rows = more ? [...this.rows, ...page.data] : page.data;
      this.next = page.next;
    });
  }

  render() {
    if (!this.rows) {
      return loading();
    }
    const views = { vouchers: () => this.#vouchers(), payments: () => this.#payments(), subscriptions: () => this.#subscriptions(), statements: () => this.#statements() };
    return html`${views[this.section]()}${this.rows.length === 0 ? html`<p class="empty">${t(`bill.no.${this.section}`)}</p>` : nothing}
      ${this.next ? html`<button class="wide" @click=${() => this.#load(true)}>${t('nav.more')}</button>` : nothing}${this.refunding ? this.#refund() : nothing}`;
  }

  #make = (event) => {
    event.preventDefault();
    const form = event.target;
    const { worth, count, redemptions, days, note } = Object.fromEntries(new FormData(form));
    this.attempt(async () => {
      const made = await api.admin.makeVouchers({
        amount: micros(worth), count: Number(count), max_redemptions: Number(redemptions), note, ...(days && { expires_at: Math.floor((Date.now() + Number(days) * DAY_MS) / 1000) }),
      });
      this.codes = made.codes;
      form.reset();
      await this.#load();
    });
  };

  #vouchers() {
    return html`<form class="card" @submit=${this.#make}><h2>${t('bill.newVouchers')}</h2><div class="grid-form">
        <label>${t('bill.worth')}<input name="worth" type="number" min="0.01" step="0.01" required></label><label>${t('bill.count')}<input name="count" type="number" min="1" max="1000" value="1" required></label>
        <label>${t('bill.redemptions')}<input name="redemptions" type="number" min="1" value="1" required></label><label>${t('bill.days')}<input name="days" type="number" min="1" max="3650"></label>
        <label>${t('bill.note')}<input name="note" maxlength="200"></label></div><div class="buttons"><button class="primary">${t('bill.make')}</button></div></form>
      ${this.codes ? html`<div class="fresh" role="status"><span>${t('bill.codesOnce')}</span>${this.codes.map((code) => html`<code>${code}</code>`)}
        <button class="quiet" aria-label=${t('chat.copy')} @click=${() => copyText(this.codes.join('\n'))}>${icon('copy')}</button></div>` : nothing}
      ${this.rows.length === 0 ? nothing : table(t('admin.vouchers'), [t('admin.time'), t('bill.note'), t('bill.worth'), t('bill.codes'), t('bill.redeemedOf'), t('bill.expires'), ''], this.rows.map((batch) => [
        day(batch.created_at), batch.note || '–', money(batch.amount, batch.currency), number(batch.codes), `${number(batch.redeemed)} / ${number(batch.codes * batch.max_redemptions)}`, batch.expires_at ? day(batch.expires_at) : '–',
        batch.revoked_at ? t('account.revoked') : html`<button class="quiet danger" @click=${() => this.attempt(async () => { await api.admin.revokeVouchers(batch.id); await this.#load(); })}>${t('account.revoke')}</button>`]))}`;
  }

  #payments() {
    return this.rows.length === 0 ? nothing : table(t('admin.payments'), [t('admin.time'), t('bill.account'), t('bill.provider'), t('bill.for'), t('bill.amount'), t('bill.refunded'), t('admin.state'), ''],
      this.rows.map(({ organisation_id: organisation, payment }) => [day(payment.created_at), html`<code title=${organisation}>${organisation}</code>`, payment.provider, t(`bill.purpose.${payment.purpose}`), money(payment.amount, payment.currency),
        payment.refunded > 0 ? money(payment.refunded, payment.currency) : '–', t(`bill.state.${payment.state}`),
        payment.state === 'succeeded' && payment.refunded < payment.amount ? html`<button class="quiet" @click=${() => { this.refunding = payment; this.error = null; }}>${t('bill.refund')}</button>` : nothing]));
  }

  #send = async (event) => {
    event.preventDefault();
    const { amount: sum, reason } = Object.fromEntries(new FormData(event.target));
    try {
      const refund = await api.admin.refund(this.refunding.id, { amount: micros(sum), reason });
      this.refunding = null;
      this.tell(refund.failure ? 'notice' : 'success', refund.failure ?? t('account.saved'));
      await this.#load();
    } catch (error) {
      this.error = error.message || t('error.unknown');
    }
  };

  #refund() {
    const left = this.refunding.amount - this.refunding.refunded;
    return html`<dialog ${modal()} aria-labelledby="refund-title" @close=${() => { this.refunding = null; }}><form @submit=${this.#send}><h2 id="refund-title">${t('bill.refund')}</h2><p>${t('bill.refundHint', { amount: money(left, this.refunding.currency) })}</p>
      <label>${t('bill.amount')}<input name="amount" type="number" min="0.01" step="0.01" max=${amount(left)} required .value=${amount(left)}></label><label>${t('bill.reason')}<input name="reason" maxlength="400" required></label>
      ${this.error ? html`<p class="error" role="alert">${this.error}</p>` : nothing}
      <div class="buttons"><button type="button" @click=${() => { this.refunding = null; }}>${t('chat.cancel')}</button><button class="primary">${t('bill.refund')}</button></div></form></dialog>`;
  }

  #subscriptions() {
    return this.rows.length === 0 ? nothing : table(t('admin.subscriptions'), [t('bill.account'), t('admin.plan'), t('admin.state'), t('bill.until'), t('bill.amount'), t('bill.failures')], this.rows.map((one) => [
      html`<code title=${one.organisation_id}>${one.organisation_id}</code>`, planName({ id: one.plan, name: one.plan }), one.cancel_at_end && one.state === 'active' ? t('bill.sub.ending') : t(`bill.sub.${one.state}`), day(one.period_end), money(one.price, one.currency), number(one.failures)]));
  }

  #statements() {
    return this.rows.length === 0 ? nothing : table(t('admin.statements'), [t('bill.number'), t('bill.month'), t('bill.account'), t('bill.opening'), t('bill.closing'), ''], this.rows.map((one) => [
      number(one.number, { useGrouping: false }), month(one.month_start), html`<code title=${one.organisation_id}>${one.organisation_id}</code>`, money(one.opening, one.currency), money(one.closing, one.currency),
      html`<span>${this.link(`/statements/${one.id}`, t('bill.show'))} · <a href=${api.admin.statementCsv(one.id)} download>CSV</a></span>`]));
  }
}

customElements.define('mynah-admin-money', MynahAdminMoney);
