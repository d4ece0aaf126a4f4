// What the checks have found, and what is decided about it. Operators see the queue; the rest is for administrators.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { moment, number, t } from '../i18n.js';
import { icon } from '../icons.js';
import { PageView, loading, more, table } from './page.js';

const PARTS = ['queue', 'policies', 'words', 'accounts'];
const STATES = ['open', 'upheld', 'dismissed', ''];
const ACTIONS = ['allow', 'warn', 'mask', 'refuse', 'alert'];
const { moderation } = api.admin;

class MynahModeration extends PageView {
  static properties = { user: { attribute: false }, part: { state: true }, state: { state: true }, rows: { state: true }, next: { state: true }, policies: { state: true } };

  constructor() {
    super();
    this.part = 'queue';
    this.state = 'open';
  }

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  #load(after) {
    const { part } = this;
    const lists = {
      queue: () => moderation.items({ state: this.state, after }), words: () => moderation.words({ after }), accounts: () => moderation.accounts({ after }),
      policies: async () => ({ data: await moderation.policies(), next: null }),
    };
    return this.attempt(async () => {
      const page = await lists[part]();
      if (part === this.part) {
        this.rows = after ? [...this.rows, ...page.data] : page.data;
        this.next = page.next;
      }
    });
  }

  #open(part) {
    this.part = part;
    this.rows = undefined;
    this.next = null;
    this.#load();
  }

  #act(work, words = t('account.saved')) {
    return this.attempt(async () => {
      await work();
      await this.#load();
      this.tell('success', words);
    });
  }

  render() {
    const parts = this.user.role === 'administrator' ? PARTS : PARTS.slice(0, 1);
    return html`<div class="segments" role="group" aria-label=${t('admin.moderation')}>${parts.map((part) => html`<button aria-pressed=${part === this.part ? 'true' : 'false'} @click=${() => this.#open(part)}>${t(`moderation.${part}`)}</button>`)}</div>
      ${this.part === 'queue' ? this.#states() : nothing}
      ${this.rows ? this[`${this.part}View`](this.rows) : loading()}
      ${more(this.next, () => this.#load(this.next))}`;
  }

  #states() {
    return html`<label class="filter">${t('admin.state')}<select @change=${(event) => { this.state = event.target.value; this.#load(); }}>
      ${STATES.map((state) => html`<option value=${state} ?selected=${state === this.state}>${t(`moderation.state.${state || 'all'}`)}</option>`)}</select></label>`;
  }

  queueView(rows) {
    return rows.length === 0 ? html`<p class="empty">${t('moderation.none')}</p>` : rows.map((item) => html`<article class="card item">
      <p class="item-head"><span class="badge ${item.action}">${t(`moderation.action.${item.action}`)}</span><strong>${category(item.category)}</strong>
        <span class="hint">${t(`moderation.${item.direction}`)}${item.probability == null ? '' : ` · ${t('moderation.guessed', { percent: Math.round(100 * item.probability) })}`} · ${item.email} · ${moment(item.created_at)}</span></p>
      <blockquote dir="auto">${item.excerpt}</blockquote>
      <div class="buttons">${item.state === 'open' ? nothing : html`<span class="hint">${t(`moderation.state.${item.state}`)}${item.decided_at ? ` · ${moment(item.decided_at)}` : ''}</span>`}
        ${item.state === 'dismissed' ? nothing : html`<button @click=${() => this.#act(() => moderation.decide(item.id, 'dismiss'), t('moderation.dismissed'))}>${t('moderation.dismiss')}</button>`}
        ${item.state === 'upheld' ? nothing : html`<button class="primary" @click=${() => this.#act(() => moderation.decide(item.id, 'uphold'), t('moderation.upheld'))}>${t('moderation.uphold')}</button>`}</div></article>`);
  }

  policiesView(rows) {
    const set = (policy, part) => this.#act(() => moderation.setPolicy({ category: policy.category, ...part }));
    const choice = (policy, direction, value, change) => html`<select aria-label="${category(policy.category)}: ${direction}" @change=${(event) => change(event.target.value)}>
      ${ACTIONS.map((action) => html`<option value=${action} ?selected=${action === value}>${t(`moderation.action.${action}`)}</option>`)}</select>`;
    const rule = (policy, direction) => choice(policy, t(`moderation.${direction}`), policy[direction], (value) => set(policy, { [direction]: value }));
    const guess = (policy) => (policy.classifier ? html`<div class="stack">
      ${['input', 'output'].map((direction) => choice(policy, t('moderation.guess.what', { direction: t(`moderation.${direction}`) }), policy.classifier[direction], (value) => set(policy, { classifier: { [direction]: value } })))}
      <label>${t('moderation.guess.threshold')} <input type="number" min="0" max="100" step="0.1" required aria-label="${category(policy.category)}: ${t('moderation.guess.threshold')}" .value=${String(Math.round(1000 * policy.classifier.threshold) / 10)}
        @change=${(event) => event.target.reportValidity() && set(policy, { classifier: { threshold: event.target.valueAsNumber / 100 } })}></label></div>` : nothing);
    return html`<p class="hint">${t('moderation.policiesHint')} ${t('moderation.guessHint')}</p>
      ${table(t('moderation.policies'), [`${t('moderation.category')} · ${t('moderation.reason')}`, t('moderation.input'), t('moderation.output'), t('moderation.guess')],
        rows.map((policy) => [html`<div>${category(policy.category)}<span class="detail" dir="auto">${document.documentElement.lang === 'zh' ? policy.reason_zh : policy.reason_en}</span></div>`,
          rule(policy, 'input'), rule(policy, 'output'), guess(policy)]))}`;
  }

  wordsView(rows) {
    const add = (event) => {
      event.preventDefault();
      const form = event.target;
      this.#act(async () => {
        await moderation.addWord(Object.fromEntries(new FormData(form)));
        form.reset();
      });
    };
    const categories = this.#categories();
    return html`<p class="hint">${t('moderation.wordsHint')}</p>
      <form class="filters" @submit=${add}><label>${t('moderation.word')}<input name="word" required maxlength="200" dir="auto"></label>
        <label>${t('moderation.category')}<select name="category">${categories}</select></label><button class="primary" ?disabled=${this.policies.length === 0}>${t('moderation.addWord')}</button></form>
      ${rows.length === 0 ? html`<p class="empty">${t('moderation.noWords')}</p>` : table(t('moderation.words'), [t('moderation.word'), t('moderation.category'), ''], rows.map((one) => [
        html`<span dir="auto">${one.word}</span>`, category(one.category), html`<button class="quiet danger" aria-label=${t('moderation.removeWord', { word: one.word })} @click=${() => this.#act(() => moderation.removeWord(one.id))}>${icon('bin')}</button>`]))}`;
  }

  #categories() {
    if (!this.policies) {
      this.policies = [];
      this.attempt(async () => { this.policies = await moderation.policies(); });
    }
    return this.policies.map((policy) => html`<option value=${policy.category} ?selected=${policy.category === 'custom'}>${category(policy.category)}</option>`);
  }

  accountsView(rows) {
    return html`<p class="hint">${t('moderation.accountsHint')}</p>
      ${rows.length === 0 ? html`<p class="empty">${t('moderation.noAccounts')}</p>` : table(t('moderation.accounts'), [t('auth.email'), t('moderation.strikes'), t('moderation.suspendedUntil'), ''], rows.map((account) => [
        account.email, number(account.strikes), account.suspended_until ? moment(account.suspended_until) : '–',
        html`<button @click=${() => this.#act(() => moderation.reset(account.user_id))}>${t('moderation.reset')}</button>`]))}`;
  }
}

const category = (id) => t(`category.${id.replace('/', '.').replace('-', '_')}`);

customElements.define('mynah-moderation', MynahModeration);
