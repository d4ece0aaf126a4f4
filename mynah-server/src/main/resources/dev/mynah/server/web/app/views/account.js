// One's own account: profile, usage, keys.
import { html, nothing } from 'lit';
import { Element } from '../element.js';
import { api } from '../api.js';
import { number, t, when } from '../i18n.js';
import { icon } from '../icons.js';

class MynahAccount extends Element {
  static properties = { user: { attribute: false }, usage: { state: true }, keys: { state: true }, fresh: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  async #load() {
    try {
      [this.usage, this.keys] = await Promise.all([api.usage(), api.keys()]);
    } catch (error) {
      this.tell('notice', error.message || t('error.network'));
    }
  }

  #create = async (event) => {
    event.preventDefault();
    this.fresh = await api.createKey(event.target.name.value);
    event.target.reset();
    await this.#load();
  };

  async #revoke(key) {
    await api.revokeKey(key.id);
    await this.#load();
  }

  render() {
    return html`<div class="page">
      <a class="back" href="/" @click=${(event) => { event.preventDefault(); this.tell('navigate', '/'); }}>${icon('left')}${t('account.back')}</a>
      <h1>${t('account.title')}</h1>
      <section><h2>${t('account.profile')}</h2><dl><dt>${t('auth.name')}</dt><dd>${this.user.name}</dd><dt>${t('auth.email')}</dt><dd>${this.user.email}</dd>
        <dt>${t('account.plan')}</dt><dd>${this.user.plan}</dd></dl></section>
      <section><h2>${t('account.usage')}</h2>${this.#usage()}</section>
      <section><h2>${t('account.keys')}</h2>${this.#keys()}</section></div>`;
  }

  #usage() {
    const rows = this.usage?.data ?? [];
    if (rows.length === 0) {
      return html`<p class="hint">${t('account.usageEmpty')}</p>`;
    }
    return html`<div class="table"><table><thead><tr><th>${t('admin.time')}</th><th>${t('account.model')}</th><th>${t('account.requests')}</th><th>${t('account.tokensIn')}</th><th>${t('account.tokensOut')}</th></tr></thead>
      <tbody>${rows.map((row) => html`<tr><td>${row.day}</td><td>${row.model}</td><td>${number(row.requests)}</td><td>${number(row.prompt_tokens)}</td><td>${number(row.completion_tokens)}</td></tr>`)}</tbody></table></div>`;
  }

  #keys() {
    return html`
      ${this.fresh ? html`<p class="fresh" role="status">${t('account.keyOnce')}<code>${this.fresh.secret}</code>
        <button class="quiet" aria-label=${t('chat.copy')} @click=${() => navigator.clipboard.writeText(this.fresh.secret)}>${icon('copy')}</button></p>` : nothing}
      <ul class="keys">${(this.keys ?? []).map((key) => html`<li><span>${key.name}</span><code>…${key.hint}</code><span>${when(key.created_at)}</span>
        ${key.revoked_at ? html`<span>${t('account.revoked')}</span>` : html`<button class="quiet danger" @click=${() => this.#revoke(key)}>${t('account.revoke')}</button>`}</li>`)}</ul>
      <form class="inline" @submit=${this.#create}><label>${t('account.keyName')}<input name="name" required maxlength="200"></label><button class="primary">${t('account.newKey')}</button></form>`;
  }
}

customElements.define('mynah-account', MynahAccount);
