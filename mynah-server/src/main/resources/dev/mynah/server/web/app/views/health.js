// How the service does: the emergency stop, what is checked, and the last quarter of an hour as charts that go on.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { lineChart } from '../charts.js';
import { modal } from '../dialog.js';
import { number, t } from '../i18n.js';
import { PageView, loading } from './page.js';

const EVERY_MS = 5000;
const MIB = 1024 * 1024;
const MINUTE_S = 60;
/** Each chart's series: a figure of the history, and what it is divided by to be shown. */
const CHARTS = [
  ['health.answers', [['running'], ['waiting']]],
  ['health.requests', [['requests_per_second'], ['errors_per_second']]],
  ['health.tokens', [['input_tokens_per_second'], ['output_tokens_per_second']]],
  ['health.firstToken', [['first_token_ms']]],
  ['health.perToken', [['token_ms']]],
  ['health.heap', [['heap_bytes', MIB]]],
  ['health.connections', [['connections']]],
];

class MynahHealth extends PageView {
  static properties = { user: { attribute: false }, status: { state: true }, health: { state: true }, asking: { state: true }, settings: { state: true } };

  #timer = null;

  connectedCallback() {
    super.connectedCallback();
    this.#watch();
    this.#timer = setInterval(() => document.hidden || this.#watch(), EVERY_MS);
    if (this.user.role === 'administrator') {
      this.attempt(async () => { this.settings = await api.admin.settings(); });
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  #watch() {
    return this.attempt(async () => { [this.status, this.health] = await Promise.all([api.admin.status(), api.admin.health()]); });
  }

  #stop = () => this.attempt(async () => {
    this.asking = false;
    await api.admin.stop(!this.status.stopped);
    await this.#watch();
  });

  #save = (event) => {
    event.preventDefault();
    this.attempt(async () => {
      this.settings = await api.admin.setSettings({ comparison_rate: Number(event.target.rate.value) / 100 });
      this.tell('success', t('account.saved'));
    });
  };

  render() {
    if (!this.health) {
      return loading();
    }
    const { stopped } = this.status;
    const { checks, history } = this.health;
    return html`<section class="stop"><p role="status">${t(stopped ? 'admin.stopped' : 'admin.running')}</p>
        <button class=${stopped ? 'primary' : 'primary danger'} @click=${stopped ? this.#stop : () => { this.asking = true; }}>${t(stopped ? 'admin.resume' : 'admin.stop')}</button></section>
      <ul class="checks" aria-label=${t('health.checks')}>${Object.entries(checks).map(([name, state]) => html`<li class=${state}>${t(`health.check.${name}`)}<span class="hidden"> ${t(`health.${state}`)}</span></li>`)}</ul>
      <div class="tiles">${tile(t('admin.runningAnswers'), this.status.running)}${tile(t('admin.waiting'), this.status.waiting)}${tile(t('health.uptime'), uptime(this.health.uptime_seconds))}
        ${Object.entries(this.status.engines).map(([name, engine]) => html`${tile(t('admin.generated', { name }), engine.generated_tokens)}${tile(t('admin.cacheUsed', { name }), `${number(engine.used_blocks)} / ${number(engine.used_blocks + engine.free_blocks + engine.cached_blocks)}`)}`)}</div>
      ${history.length < 2 ? html`<p class="empty">${t('health.collecting')}</p>` : html`<div class="plots">${CHARTS.map(([title, series]) => this.#chart(t(title), series, history))}</div>`}
      ${this.settings ? html`<section><h2>${t('admin.comparison')}</h2><p>${t('admin.comparisonHint')}</p><form class="inline" @submit=${this.#save}>
          <label>${t('admin.percent')}<input name="rate" type="number" min="0" max="100" step="0.1" required .value=${String(this.settings.comparison_rate * 100)}></label><button>${t('chat.saveSettings')}</button></form></section>` : nothing}
      ${this.asking ? this.#confirm() : nothing}`;
  }

  #chart(title, series, history) {
    const now = history.at(-1).at;
    return lineChart({ title, axis: t('health.minutes'), series: series.map(([key, unit = 1]) => ({
      name: t(`health.${key}`), points: history.filter((one) => one[key] !== null).map((one) => [(one.at - now) / MINUTE_S, one[key] / unit]),
    })) });
  }

  #confirm() {
    return html`<dialog ${modal()} aria-labelledby="stop-title" @close=${() => { this.asking = false; }}><div class="sheet"><h2 id="stop-title">${t('admin.stop')}</h2><p>${t('admin.stopAsk')}</p>
      <div class="buttons"><button @click=${() => { this.asking = false; }}>${t('chat.cancel')}</button><button class="primary danger" @click=${this.#stop}>${t('admin.stopNow')}</button></div></div></dialog>`;
  }
}

function tile(label, value) {
  return html`<div class="tile"><span>${label}</span><strong>${typeof value === 'number' ? number(value) : value}</strong></div>`;
}

function uptime(seconds) {
  const minutes = Math.floor(seconds / MINUTE_S);
  return minutes < MINUTE_S ? t('health.forMinutes', { minutes }) : t('health.forHours', { hours: Math.floor(minutes / MINUTE_S), minutes: minutes % MINUTE_S });
}

customElements.define('mynah-health', MynahHealth);
