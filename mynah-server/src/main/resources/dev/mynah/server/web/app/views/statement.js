// A monthly statement, on screen and on paper.
import { html } from 'lit';
import { api } from '../api.js';
import { number, t } from '../i18n.js';
import { exact } from '../money.js';
import { day, month } from './billing.js';
import { PageView, loading, table } from './page.js';

class MynahStatement extends PageView {
  static properties = { statement: { attribute: false }, user: { attribute: false }, body: { state: true }, missing: { state: true } };

  willUpdate(changed) {
    if (changed.has('statement')) {
      this.attempt(async () => { this.body = await this.#find(); }).then(() => { this.missing = !this.body; });
    }
  }

  /** One's own; administrators see those of others too. */
  async #find() {
    try {
      return await api.billing.statement(this.statement);
    } catch (error) {
      if (error.status !== 404 || this.user.role !== 'administrator') {
        throw error;
      }
      return api.admin.statement(this.statement);
    }
  }

  render() {
    if (!this.body) {
      return html`<div class="page">${this.head(t('bill.statements'))}${this.missing ? html`<p class="empty">${t('bill.noStatement')}</p>` : loading()}</div>`;
    }
    const { number: count, organisation_id: organisation, month_start: start, opening, closing, usage, rounding, entries, currency } = this.body;
    return html`<article class="page statement">${this.head(t('bill.statementOf', { month: month(start) }))}
      <dl><dt>${t('bill.number')}</dt><dd>${number(count, { useGrouping: false })}</dd><dt>${t('bill.account')}</dt><dd><code>${organisation}</code></dd><dt>${t('bill.opening')}</dt><dd>${exact(opening, currency)}</dd>
        <dt>${t('bill.closing')}</dt><dd><strong>${exact(closing, currency)}</strong></dd></dl>
      <h2>${t('account.usage')}</h2>
      ${usage.length === 0 ? html`<p class="hint">${t('account.usageEmpty')}</p>` : table(t('account.usage'), [t('account.model'), t('bill.direction'), t('bill.tokens'), t('bill.price'), t('bill.amount')], [
        ...usage.map((line) => [line.model, t(`bill.${line.direction}`), number(line.tokens), exact(line.price, currency), exact(-line.amount, currency)]),
        ...(rounding === 0 ? [] : [[t('bill.rounding'), '', '', '', exact(-rounding, currency)]])])}
      <h2>${t('bill.entries')}</h2>
      ${entries.length === 0 ? html`<p class="hint">${t('bill.noEntries')}</p>` : table(t('bill.entries'), [t('admin.time'), t('bill.for'), t('bill.reference'), t('bill.amount')],
        entries.map((entry) => [day(entry.at), t(`bill.kind.${entry.kind}`), html`<code title=${entry.reference}>${entry.reference}</code>`, exact(entry.amount, currency)]))}
      <p class="hint">${t('bill.utc')}</p>
      <div class="buttons start"><button class="primary" @click=${() => print()}>${t('bill.print')}</button></div></article>`;
  }
}

customElements.define('mynah-statement', MynahStatement);
