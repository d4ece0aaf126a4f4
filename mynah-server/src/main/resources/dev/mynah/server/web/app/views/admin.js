// For those who run the service. Operators see how it does and may stop it; the rest is for administrators.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { lineChart } from '../charts.js';
import { modal } from '../dialog.js';
import { number, t, when } from '../i18n.js';
import './admin-money.js';
import { PageView, table } from './page.js';

const SECTIONS = ['', 'users', 'plans', 'models', 'vouchers', 'payments', 'subscriptions', 'statements', 'feedback', 'audit'];
const MONEY = ['vouchers', 'payments', 'subscriptions', 'statements'];
const EVERY_MS = 2000;
const KEPT = 150;
const MICROS = 1e6;
const ROLES = ['user', 'operator', 'administrator'];
const LIMITS = ['requests_per_minute', 'tokens_per_minute', 'requests_per_day', 'tokens_per_day'];

class MynahAdmin extends PageView {
  static properties = { user: { attribute: false }, section: { attribute: false }, status: { state: true }, history: { state: true }, data: { state: true }, asking: { state: true }, query: { state: true }, settings: { state: true } };

  #timer = null;

  constructor() {
    super();
    this.history = [];
    this.query = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.#watch();
    this.#timer = setInterval(() => this.#watch(), EVERY_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  willUpdate(changed) {
    if (changed.has('section')) {
      this.data = undefined;
      this.#load();
    }
  }

  async #watch() {
    if (document.hidden) {
      return;
    }
    try {
      this.status = await api.admin.status();
      const engines = Object.values(this.status.engines);
      const tokens = engines.reduce((sum, engine) => sum + engine.generated_tokens, 0);
      this.history = [...this.history, { at: Date.now(), running: this.status.running, waiting: this.status.waiting, tokens, step: engines[0]?.last_step_ms }].slice(-KEPT);
    } catch (error) {
      this.tell('notice', error.message || t('error.network'));
    }
  }

  #load(more) {
    const after = more ? this.data.next : '';
    const lists = {
      users: () => api.admin.users({ q: this.query, after }), plans: () => api.admin.plans(), models: () => api.admin.models(),
      feedback: () => api.admin.feedback({ rating: this.query, after }), audit: () => api.admin.audit({ after }),
    };
    const list = lists[this.section];
    return this.attempt(async () => {
      if (list) {
        const page = await list();
        this.plans = this.section === 'users' ? (await api.admin.plans()).data : this.plans;
        this.data = { rows: more ? [...this.data.rows, ...page.data] : page.data, next: page.next };
      } else if (this.section === '' && this.user.role === 'administrator') {
        this.settings = await api.admin.settings();
      }
    });
  }

  #stop = () => this.attempt(async () => {
    this.asking = false;
    await api.admin.stop(!this.status.stopped);
    await this.#watch();
  });

  #change(work) {
    return this.attempt(async () => {
      await work();
      await this.#load();
      this.tell('notice', t('account.saved'));
    });
  }

  render() {
    const sections = this.user.role === 'administrator' ? SECTIONS : [''];
    return html`<div class="page wide">${this.head(t('admin.title'))}
      <nav class="tabs" aria-label=${t('admin.title')}>${sections.map((name) => this.link(`/admin${name && `/${name}`}`, t(`admin.${name || 'health'}`), name === this.section))}</nav>
      ${MONEY.includes(this.section) ? html`<mynah-admin-money .section=${this.section}></mynah-admin-money>` : this.section === '' ? this.#health() : this.data ? this.#list() : nothing}
      ${this.data?.next ? html`<button class="wide" @click=${() => this.#load(true)}>${t('nav.more')}</button>` : nothing}
      ${this.asking ? this.#confirm() : nothing}</div>`;
  }

  #health() {
    if (!this.status) {
      return nothing;
    }
    const { stopped } = this.status;
    const rate = this.history.map((now, i) => [now.at, i === 0 ? 0 : (now.tokens - this.history[i - 1].tokens) / ((now.at - this.history[i - 1].at) / 1000)]);
    const start = this.history[0]?.at ?? 0;
    const seconds = (points) => points.map(([at, value]) => [(at - start) / 1000, value]);
    return html`<section class="stop"><p role="status">${t(stopped ? 'admin.stopped' : 'admin.running')}</p>
        <button class=${stopped ? 'primary' : 'primary danger'} @click=${stopped ? this.#stop : () => { this.asking = true; }}>${t(stopped ? 'admin.resume' : 'admin.stop')}</button></section>
      <div class="tiles">${tile(t('admin.runningAnswers'), this.status.running)}${tile(t('admin.waiting'), this.status.waiting)}
        ${Object.entries(this.status.engines).map(([name, engine]) => html`${tile(t('admin.generated', { name }), engine.generated_tokens)}${tile(t('admin.cacheUsed', { name }), `${number(engine.used_blocks)} / ${number(engine.used_blocks + engine.free_blocks + engine.cached_blocks)}`)}`)}</div>
      ${lineChart({ title: t('admin.load'), axis: t('chart.seconds'), series: [
        { name: t('admin.runningAnswers'), points: seconds(this.history.map((now) => [now.at, now.running])) }, { name: t('admin.waiting'), points: seconds(this.history.map((now) => [now.at, now.waiting])) }] })}
      ${lineChart({ title: t('admin.throughput'), axis: t('chart.seconds'), series: [{ name: t('admin.throughput'), points: seconds(rate) }] })}
      ${this.settings ? html`<section><h2>${t('admin.comparison')}</h2><p>${t('admin.comparisonHint')}</p>
        <form class="inline" @submit=${(event) => { event.preventDefault(); this.#change(() => api.admin.setSettings({ comparison_rate: Number(event.target.rate.value) / 100 })); }}>
          <label>${t('admin.percent')}<input name="rate" type="number" min="0" max="100" step="0.1" required .value=${this.settings.comparison_rate * 100}></label><button>${t('chat.saveSettings')}</button></form></section>` : nothing}`;
  }

  #confirm() {
    return html`<dialog ${modal()} aria-labelledby="stop-title" @close=${() => { this.asking = false; }}><div class="sheet"><h2 id="stop-title">${t('admin.stop')}</h2><p>${t('admin.stopAsk')}</p>
      <div class="buttons"><button @click=${() => { this.asking = false; }}>${t('chat.cancel')}</button><button class="primary danger" @click=${this.#stop}>${t('admin.stopNow')}</button></div></div></dialog>`;
  }

  #list() {
    const { rows } = this.data;
    switch (this.section) {
      case 'users': return this.#users(rows);
      case 'plans': return html`${rows.map((plan) => this.#plan(plan))}`;
      case 'models': return html`${rows.map((model) => this.#model(model))}`;
      case 'feedback': return this.#feedback(rows);
      default: return table(t('admin.audit'), [t('admin.time'), t('admin.actor'), t('admin.action'), t('admin.subject'), t('admin.detail')],
        rows.map((event) => [when(event.created_at), html`<code>${event.actor}</code>`, event.action, html`<code>${event.subject}</code>`, event.detail]));
    }
  }

  #users(rows) {
    const choice = (user, key, values) => html`<select aria-label=${`${t(`admin.${key}`)}: ${user.email}`} @change=${(event) => { const { value } = event.target; this.#change(() => api.admin.changeUser(user.id, { [key]: value })); }}>
      ${values.map(([value, words]) => html`<option value=${value} ?selected=${user[key] === value}>${words}</option>`)}</select>`;
    return html`<label class="filter">${t('nav.search')}<input type="search" .value=${this.query} @input=${(event) => { this.query = event.target.value; this.#load(); }}></label>
      ${table(t('admin.users'), [t('auth.name'), t('auth.email'), t('admin.role'), t('admin.plan'), t('admin.state')], rows.map((user) => [
        user.name, user.email, choice(user, 'role', ROLES.map((role) => [role, t(`admin.role.${role}`)])), choice(user, 'plan', this.plans.map((plan) => [plan.id, plan.name])),
        user.state === 'deleted' ? t('admin.state.deleted') : choice(user, 'state', [['active', t('admin.state.active')], ['suspended', t('admin.state.suspended')]])]))}`;
  }

  #plan(plan) {
    const save = (event) => {
      event.preventDefault();
      const { price, ...limits } = Object.fromEntries(new FormData(event.target));
      this.#change(() => api.admin.changePlan(plan.id, { monthly_price: Math.round(Number(price) * MICROS), ...Object.fromEntries(LIMITS.map((name) => [name, Number(limits[name])])) }));
    };
    return html`<form class="card" @submit=${save}><h2>${plan.name}${plan.metered ? html` <small class="hint">${t('admin.metered')}</small>` : nothing}</h2><div class="grid-form">
      <label>${t('admin.monthlyPrice', { currency: plan.currency })}<input name="price" type="number" min="0" step="0.01" required .value=${plan.monthly_price / MICROS}></label>
      ${LIMITS.map((name) => html`<label>${t(`admin.${name}`)}<input name=${name} type="number" min="1" step="1" required .value=${plan[name]}></label>`)}</div><div class="buttons"><button>${t('chat.saveSettings')}</button></div></form>`;
  }

  #model(model) {
    const save = (event) => {
      event.preventDefault();
      const { enabled, input, cached, output } = Object.fromEntries(new FormData(event.target));
      this.#change(() => api.admin.changeModel(model.id, { enabled: enabled === 'on', input_price: Math.round(Number(input) * MICROS), cached_input_price: Math.round(Number(cached) * MICROS), output_price: Math.round(Number(output) * MICROS) }));
    };
    return html`<form class="card" @submit=${save}><h2>${model.id} <small class="hint">${model.provider}</small></h2><div class="grid-form">
      <label>${t('admin.inputPrice', { currency: model.currency })}<input name="input" type="number" min="0" step="0.01" required .value=${model.input_price / MICROS}></label>
      <label>${t('admin.cachedPrice', { currency: model.currency })}<input name="cached" type="number" min="0" step="0.01" required .value=${model.cached_input_price / MICROS}></label>
      <label>${t('admin.outputPrice', { currency: model.currency })}<input name="output" type="number" min="0" step="0.01" required .value=${model.output_price / MICROS}></label>
      <label class="switch"><input name="enabled" type="checkbox" .checked=${model.enabled}><span>${t('admin.enabled')}</span></label></div><div class="buttons"><button>${t('chat.saveSettings')}</button></div></form>`;
  }

  #feedback(rows) {
    return html`<div class="buttons start"><label class="filter">${t('admin.rating')}<select @change=${(event) => { this.query = event.target.value; this.#load(); }}>
        <option value="">${t('admin.all')}</option><option value="good">${t('chat.good')}</option><option value="bad">${t('chat.bad')}</option></select></label>
        <a class="button" href=${api.admin.feedbackExport('conversations')} download="conversations.jsonl">${t('admin.exportAnswers')}</a><a class="button" href=${api.admin.feedbackExport('rankings')} download="rankings.jsonl">${t('admin.exportRankings')}</a></div>
      ${rows.length === 0 ? html`<p class="hint">${t('admin.noFeedback')}</p>` : rows.map((one) => html`<article class="card"><p class="hint">${when(one.updated_at)} · ${one.model} · <strong>${t(`chat.${one.rating}`)}</strong> ${one.reasons.map((reason) => t(`feedback.${reason}`)).join(', ')}</p>
        ${one.prompt.map((turn) => html`<p dir="auto"><strong>${t(`role.${turn.role}`)}</strong> ${turn.content}</p>`)}<p dir="auto"><strong>${t('role.assistant')}</strong> ${one.answer}</p>
        ${one.corrected ? html`<p dir="auto"><strong>${t('feedback.corrected')}</strong> ${one.corrected}</p>` : nothing}${one.comment ? html`<p dir="auto">“${one.comment}”</p>` : nothing}</article>`)}`;
  }
}

function tile(label, value) {
  return html`<div class="tile"><span>${label}</span><strong>${typeof value === 'number' ? number(value) : value}</strong></div>`;
}

customElements.define('mynah-admin', MynahAdmin);
