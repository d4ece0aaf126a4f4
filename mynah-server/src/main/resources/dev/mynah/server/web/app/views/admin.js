// For those who run the service. Operators see how it does and may stop it; the rest is for administrators.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { t, when } from '../i18n.js';
import { planName } from '../money.js';
import { PageView, loading, more, table } from './page.js';
import './admin-money.js';
import './audit.js';
import './health.js';
import './invitations.js';
import './moderation.js';
import './providers.js';

const SECTIONS = ['', 'users', 'plans', 'models', 'vouchers', 'payments', 'subscriptions', 'statements', 'feedback', 'moderation', 'audit'];
const MONEY = ['vouchers', 'payments', 'subscriptions', 'statements'];
const FOR_OPERATORS = ['', 'moderation'];
const MICROS = 1e6;
const ROLES = ['user', 'operator', 'administrator'];
const LIMITS = ['requests_per_minute', 'tokens_per_minute', 'requests_per_day', 'tokens_per_day'];

class MynahAdmin extends PageView {
  static properties = { user: { attribute: false }, section: { attribute: false }, data: { state: true }, query: { state: true } };

  constructor() {
    super();
    this.query = '';
  }

  willUpdate(changed) {
    if (changed.has('section')) {
      this.data = undefined;
      this.#load();
    }
  }

  updated(changed) {
    if (changed.has('section')) {
      this.showTab();
    }
  }

  #load(more) {
    const after = more ? this.data.next : '';
    const lists = {
      users: () => api.admin.users({ q: this.query, after }), plans: () => api.admin.plans(),
      feedback: () => api.admin.feedback({ rating: this.query, after }),
    };
    const list = lists[this.section];
    // The other sections look after themselves.
    return list && this.attempt(async () => {
      const page = await list();
      this.plans = this.section === 'users' ? (await api.admin.plans()).data : this.plans;
      this.data = { rows: more ? [...this.data.rows, ...page.data] : page.data, next: page.next };
    });
  }

  #change(work) {
    return this.attempt(async () => {
      await work();
      await this.#load();
      this.tell('success', t('account.saved'));
    });
  }

  render() {
    const sections = this.user.role === 'administrator' ? SECTIONS : FOR_OPERATORS;
    return html`<div class="page wide">${this.head(t('admin.title'))}
      <nav class="tabs" aria-label=${t('admin.title')}>${sections.map((name) => this.link(`/admin${name && `/${name}`}`, t(`admin.${name || 'health'}`), name === this.section))}</nav>
      ${this.#section()}
      ${this.section !== 'users' ? more(this.data?.next, () => this.#load(true)) : nothing}</div>`;
  }

  #section() {
    switch (this.section) {
      case '': return html`<mynah-health .user=${this.user}></mynah-health>`;
      case 'models': return html`<mynah-providers></mynah-providers>`;
      case 'moderation': return html`<mynah-moderation .user=${this.user}></mynah-moderation>`;
      case 'audit': return html`<mynah-audit></mynah-audit>`;
      default:
        if (MONEY.includes(this.section)) {
          return html`<mynah-admin-money .section=${this.section}></mynah-admin-money>`;
        }
        if (!SECTIONS.includes(this.section)) {
          return html`<p class="empty">${t('error.notFound')}</p>`;
        }
        return this.data ? this.#list() : loading();
    }
  }

  #list() {
    const { rows } = this.data;
    switch (this.section) {
      case 'users': return this.#users(rows);
      case 'plans': return html`${rows.map((plan) => this.#plan(plan))}`;
      default: return this.#feedback(rows);
    }
  }

  #users(rows) {
    const choice = (user, key, values) => html`<select aria-label=${`${t(`admin.${key}`)}: ${user.email}`} @change=${(event) => { const { value } = event.target; this.#change(() => api.admin.changeUser(user.id, { [key]: value })); }}>
      ${values.map(([value, words]) => html`<option value=${value} ?selected=${user[key] === value}>${words}</option>`)}</select>`;
    return html`<label class="filter">${t('nav.search')}<input type="search" .value=${this.query} @input=${(event) => { this.query = event.target.value; this.#load(); }}></label>
      ${table(t('admin.users'), [t('auth.name'), t('auth.email'), t('admin.role'), t('admin.plan'), t('admin.state')], rows.map((user) => [
        user.name, user.email, choice(user, 'role', ROLES.map((role) => [role, t(`admin.role.${role}`)])), choice(user, 'plan', this.plans.map((plan) => [plan.id, planName(plan)])),
        user.state === 'deleted' ? t('admin.state.deleted') : choice(user, 'state', [['active', t('admin.state.active')], ['suspended', t('admin.state.suspended')]])]))}
      ${more(this.data.next, () => this.#load(true))}<mynah-invitations></mynah-invitations>`;
  }

  #plan(plan) {
    const save = (event) => {
      event.preventDefault();
      const { price, ...limits } = Object.fromEntries(new FormData(event.target));
      this.#change(() => api.admin.changePlan(plan.id, { monthly_price: Math.round(Number(price) * MICROS), ...Object.fromEntries(LIMITS.map((name) => [name, Number(limits[name])])) }));
    };
    return html`<form class="card" @submit=${save}><h2>${planName(plan)}${plan.metered ? html` <small class="hint">${t('admin.metered')}</small>` : nothing}</h2><div class="grid-form">
      <label>${t('admin.monthlyPrice', { currency: plan.currency })}<input name="price" type="number" min="0" step="0.01" required .value=${plan.monthly_price / MICROS}></label>
      ${LIMITS.map((name) => html`<label>${t(`admin.${name}`)}<input name=${name} type="number" min="1" step="1" required .value=${plan[name]}></label>`)}</div><div class="buttons"><button>${t('chat.saveSettings')}</button></div></form>`;
  }

  #feedback(rows) {
    return html`<div class="buttons start"><label class="filter">${t('admin.rating')}<select @change=${(event) => { this.query = event.target.value; this.#load(); }}>
        <option value="">${t('admin.all')}</option><option value="good">${t('chat.good')}</option><option value="bad">${t('chat.bad')}</option></select></label>
        <a class="button" href=${api.admin.feedbackExport('conversations')} download="conversations.jsonl">${t('admin.exportAnswers')}</a><a class="button" href=${api.admin.feedbackExport('rankings')} download="rankings.jsonl">${t('admin.exportRankings')}</a></div>
      ${rows.length === 0 ? html`<p class="empty">${t('admin.noFeedback')}</p>` : rows.map((one) => html`<article class="card"><p class="hint">${when(one.updated_at)} · ${one.model} · <strong>${t(`chat.${one.rating}`)}</strong> ${one.reasons.map((reason) => t(`feedback.${reason}`)).join(', ')}</p>
        ${one.prompt.map((turn) => html`<p dir="auto"><strong>${t(`role.${turn.role}`)}</strong> ${turn.content}</p>`)}<mynah-message .message=${{ id: '', role: 'assistant', state: 'complete', content: one.answer }} .at=${0} .of=${1} .readOnly=${true}></mynah-message>
        ${one.corrected ? html`<p dir="auto"><strong>${t('feedback.corrected')}</strong> ${one.corrected}</p>` : nothing}${one.comment ? html`<p dir="auto">“${one.comment}”</p>` : nothing}</article>`)}`;
  }
}

customElements.define('mynah-admin', MynahAdmin);
