// One's own account: profile, plan, usage, keys, privacy.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { barChart } from '../charts.js';
import { copyText } from '../clipboard.js';
import { modal } from '../dialog.js';
import { number, t, when } from '../i18n.js';
import { icon } from '../icons.js';
import { money } from '../money.js';
import './billing.js';
import { passwordField } from './fields.js';
import { PageView, loading, table } from './page.js';
import './security.js';
import { conversationChanged } from '../tabs.js';
import { shareLink } from './share.js';

const DAYS = 30;
const DAY_MS = 86_400_000;

class MynahAccount extends PageView {
  static properties = {
    user: { attribute: false }, usage: { state: true }, quota: { state: true }, keys: { state: true }, fresh: { state: true }, consent: { state: true }, shares: { state: true },
    deleting: { state: true }, error: { state: true }, instructions: { state: true }, clearing: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  #load() {
    return this.attempt(async () => {
      [this.usage, this.quota, this.keys, this.consent, this.shares, this.instructions] = await Promise.all([
        api.usage(), api.quota(), api.keys(), api.consent().then((body) => body.consent), api.shares().then((body) => body.data),
        api.instructions().then((body) => body.instructions)]);
    });
  }

  #rename = (event) => {
    event.preventDefault();
    this.attempt(async () => {
      this.tell('renamed', await api.rename(event.target.name.value));
      this.tell('success', t('account.saved'));
    });
  };

  #instruct = (event) => {
    event.preventDefault();
    this.attempt(async () => {
      this.instructions = (await api.setInstructions(event.target.instructions.value)).instructions;
      this.tell('success', t('account.saved'));
    });
  };

  #clear(work, words) {
    this.clearing = null;
    return this.attempt(async () => {
      await work();
      conversationChanged();
      await this.#load();
      this.tell('success', t(words));
    });
  }

  #create = (event) => {
    event.preventDefault();
    this.attempt(async () => {
      this.fresh = await api.createKey(event.target.name.value);
      event.target.reset();
      await this.#load();
    });
  };

  #then(work) {
    return () => this.attempt(async () => {
      await work();
      await this.#load();
    });
  }

  #delete = async (event) => {
    event.preventDefault();
    try {
      await api.deleteAccount(event.target.password.value);
      location.assign('/');
    } catch (error) {
      this.error = error.message || t('error.unknown');
    }
  };

  render() {
    return html`<div class="page">${this.head(t('account.title'))}
      <section><h2>${t('account.profile')}</h2><form class="inline" @submit=${this.#rename}><label>${t('auth.name')}<input name="name" required maxlength="100" .value=${this.user.name}></label>
        <button>${t('chat.saveSettings')}</button></form></section>
      <section><h2>${t('instructions.title')}</h2><form class="work" @submit=${this.#instruct}><label><span class="hint" id="instructions-hint">${t('instructions.hint')}</span>
        <textarea name="instructions" rows="4" maxlength="10000" dir="auto" aria-label=${t('instructions.title')} aria-describedby="instructions-hint" placeholder=${t('instructions.example')} .value=${this.instructions ?? ''}></textarea></label>
        <div class="buttons"><button ?disabled=${this.instructions === undefined}>${t('chat.saveSettings')}</button></div></form></section>
      <section><mynah-security .user=${this.user}></mynah-security></section>
      <section><h2>${t('account.plan')}</h2>${this.#plan()}<mynah-billing .keys=${this.keys}></mynah-billing></section>
      <section><h2>${t('account.usage')}</h2>${this.#usage()}</section>
      <section><h2>${t('account.keys')}</h2>${this.#keys()}</section>
      <section><h2>${t('organisation.title')}</h2><p>${t('organisation.hint')} ${this.link('/organisation', t('organisation.open'))}</p></section>
      <section><h2>${t('privacy.title')}</h2>${this.#privacy()}</section>
      ${this.deleting ? this.#confirm() : nothing}${this.clearing ? this.#confirmClearing() : nothing}</div>`;
  }

  #plan() {
    if (!this.quota) {
      return nothing;
    }
    const { metered, requests, request_limit: requestLimit, tokens, token_limit: tokenLimit, resets_at: resets } = this.quota;
    return html`${metered ? nothing : html`${meter(t('account.requestsToday'), requests, requestLimit)}${meter(t('account.tokensToday'), tokens, tokenLimit)}<p class="hint">${t('account.resets', { when: when(resets) })}</p>`}`;
  }

  #usage() {
    if (!this.usage) {
      return loading();
    }
    const rows = this.usage.data;
    if (rows.length === 0) {
      return html`<p class="hint">${t('account.usageEmpty')}</p>`;
    }
    const models = [...new Set(rows.map((row) => row.model))];
    const days = Array.from({ length: DAYS }, (_, i) => new Date(Date.now() - (DAYS - 1 - i) * DAY_MS).toISOString().slice(0, 10));
    const tokens = (date, model) => rows.filter((row) => row.date === date && row.model === model).reduce((sum, row) => sum + row.prompt_tokens + row.completion_tokens, 0);
    return html`${barChart({ title: t('account.tokensByDay'), axis: t('admin.time'), names: models, bars: days.map((date) => ({ label: date.slice(5), parts: models.map((model) => tokens(date, model)) })) })}
      ${table(t('account.usage'), [t('account.date'), t('account.model'), t('account.requests'), t('account.tokensIn'), t('account.tokensOut'), t('account.cost')],
        rows.toReversed().map((row) => [row.date, row.model, number(row.requests), number(row.prompt_tokens), number(row.completion_tokens), money(row.cost, row.currency)]))}`;
  }

  #keys() {
    return html`
      ${this.fresh ? html`<div class="fresh" role="status"><span>${t('account.keyOnce')}</span><code>${this.fresh.secret}</code>
        <button class="quiet" aria-label=${t('chat.copy')} @click=${() => copyText(this.fresh.secret)}>${icon('copy')}</button></div>` : nothing}
      <ul class="keys">${(this.keys ?? []).map((key) => html`<li><span>${key.name}</span><code>…${key.hint}</code><span class="hint">${when(key.created_at)}</span>
        ${key.revoked_at ? html`<span class="hint">${t('account.revoked')}</span>` : html`<button class="quiet danger" @click=${this.#then(() => api.revokeKey(key.id))}>${t('account.revoke')}</button>`}</li>`)}</ul>
      <form class="inline" @submit=${this.#create}><label>${t('account.keyName')}<input name="name" required maxlength="100"></label><button class="primary">${t('account.newKey')}</button></form>`;
  }

  #privacy() {
    return html`<label class="switch"><input type="checkbox" ?disabled=${this.consent === undefined} .checked=${this.consent === true} @change=${(event) => { const wanted = event.target.checked; this.#then(() => api.setConsent(wanted))(); }}>
        <span>${t('privacy.consent')}<small class="hint">${t('privacy.consentHint')}</small></span></label>
      ${this.shares?.length > 0 ? html`<h3>${t('share.links')}</h3><ul class="keys">${this.shares.map((share) => html`<li><a href=${shareLink(share.id)} dir="auto">${share.title || t('chat.untitled')}</a>
        <span class="hint">${when(share.created_at)}</span><button class="quiet danger" @click=${this.#then(() => api.unshare(share.id))}>${t('account.revoke')}</button></li>`)}</ul>` : nothing}
      <h3>${t('nav.chats')}</h3><div class="buttons start"><button @click=${() => { this.clearing = 'archive'; }}>${t('clear.archive')}</button>
        <button class="danger" @click=${() => { this.clearing = 'delete'; }}>${t('clear.delete')}</button></div>
      <h3>${t('account.title')}</h3><div class="buttons start"><a class="button" href=${api.accountExport} download>${icon('save')}${t('account.export')}</a>
        <button class="danger" @click=${() => { this.deleting = true; this.error = null; }}>${t('account.delete')}</button></div>`;
  }

  #confirmClearing() {
    const [work, primary] = this.clearing === 'archive' ? [api.archiveAll, 'primary'] : [api.deleteAll, 'primary danger'];
    const words = `clear.${this.clearing}`;
    return html`<dialog ${modal()} aria-labelledby="clear-title" @close=${() => { this.clearing = null; }}><div class="sheet"><h2 id="clear-title">${t(words)}</h2><p>${t(`${words}.ask`)}</p>
      <div class="buttons"><button @click=${() => { this.clearing = null; }}>${t('chat.cancel')}</button><button class=${primary} @click=${() => this.#clear(work, `${words}.done`)}>${t(words)}</button></div></div></dialog>`;
  }

  #confirm() {
    return html`<dialog ${modal()} aria-labelledby="delete-title" @close=${() => { this.deleting = false; }}><form @submit=${this.#delete}><h2 id="delete-title">${t('account.delete')}</h2>
      <p>${t('account.deleteAsk')}</p>${passwordField()}
      ${this.error ? html`<p class="error" role="alert">${this.error}</p>` : nothing}
      <div class="buttons"><button type="button" @click=${() => { this.deleting = false; }}>${t('chat.cancel')}</button><button class="primary danger">${t('account.delete')}</button></div></form></dialog>`;
  }
}

function meter(label, used, limit) {
  return html`<label class="meter">${label}<meter min="0" max=${limit} high=${limit * 0.9} .value=${used}></meter><span>${number(used)} / ${number(limit)}</span></label>`;
}

customElements.define('mynah-account', MynahAccount);
