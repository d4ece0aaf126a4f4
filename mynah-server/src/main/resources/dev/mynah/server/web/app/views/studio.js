// Training runs: their curves as they grow, what the model wrote on the way, and two runs beside each other.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { lineChart } from '../charts.js';
import { number, t, when } from '../i18n.js';
import { PageView } from './page.js';

const EVERY_MS = 3000;
/** Shown first, in this order, where a run has them; every other figure follows. */
const FIRST = ['loss', 'val_loss', 'val_bpb', 'reward', 'kl', 'tok_s', 'lr', 'grad_norm', 'mfu'];
const NOT_SHOWN = new Set(['step', 'tokens', 'time']);

class MynahStudio extends PageView {
  static properties = { runs: { state: true }, first: { state: true }, second: { state: true }, curves: { state: true }, samples: { state: true }, step: { state: true } };

  #timer = null;

  connectedCallback() {
    super.connectedCallback();
    this.curves = {};
    this.samples = {};
    this.#load();
    this.#timer = setInterval(() => document.hidden || this.#load(), EVERY_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  #load() {
    return this.attempt(async () => {
      this.runs = (await api.studio.runs()).data;
      this.first ??= this.runs[0]?.name;
      for (const name of [this.first, this.second].filter(Boolean)) {
        const [curves, samples] = await Promise.all([api.studio.metrics(name), api.studio.samples(name)]);
        this.curves = { ...this.curves, [name]: curves.metrics };
        this.samples = { ...this.samples, [name]: samples.data };
      }
    });
  }

  #choose(which, name) {
    this[which] = name || undefined;
    this.#load();
  }

  get #shown() {
    return [this.first, this.second].filter((name, i, all) => name && all.indexOf(name) === i);
  }

  render() {
    return html`<div class="page wide">${this.head(t('nav.studio'))}
      ${!this.runs ? nothing : this.runs.length === 0 ? html`<p>${t('studio.none')}</p><pre class="block">./mynah train pretrain --config pretrain.yaml --out runs/first</pre>` : html`
        <div class="pickers">${this.#picker('first', t('studio.run'), false)}${this.#picker('second', t('studio.compare'), true)}</div>
        ${this.#shown.map((name) => this.#summary(name))}
        <div class="plots">${this.#keys().map((key) => lineChart({ title: t(`studio.${FIRST.includes(key) ? key : 'other'}`, { key }), axis: t('studio.step'),
          series: this.#shown.map((name) => ({ name, points: (this.curves[name] ?? []).map((row) => [row.step, row[key]]) })) }))}</div>
        ${this.#samples()}`}</div>`;
  }

  #picker(which, label, none) {
    return html`<label>${label}<select @change=${(event) => this.#choose(which, event.target.value)}>${none ? html`<option value="">–</option>` : nothing}
      ${this.runs.map((run) => html`<option value=${run.name} ?selected=${run.name === this[which]}>${run.name}</option>`)}</select></label>`;
  }

  #summary(name) {
    const run = this.runs.find((one) => one.name === name);
    const last = this.curves[name]?.at(-1);
    const status = run?.status;
    return html`<p class="run"><strong>${name}</strong>${status?.stage ? html`<span>${status.stage}</span>` : nothing}${status?.status ? html`<span class="badge">${status.status.toLowerCase()}</span>` : nothing}
      ${last ? html`<span>${t('studio.at', { step: number(last.step) })}</span>` : nothing}${status?.parameters ? html`<span>${t('studio.parameters', { count: number(status.parameters, { notation: 'compact' }) })}</span>` : nothing}
      <span class="hint">${run ? when(run.changed_at) : ''}</span></p>`;
  }

  /** The figures that the shown runs have. */
  #keys() {
    const found = new Set(this.#shown.flatMap((name) => (this.curves[name] ?? []).flatMap((row) => Object.keys(row).filter((key) => typeof row[key] === 'number' && !NOT_SHOWN.has(key)))));
    return [...FIRST.filter((key) => found.has(key)), ...[...found].filter((key) => !FIRST.includes(key)).sort()];
  }

  #samples() {
    const steps = [...new Set(this.#shown.flatMap((name) => (this.samples[name] ?? []).map((sample) => sample.step)))].sort((a, b) => a - b);
    if (steps.length === 0) {
      return nothing;
    }
    const step = steps.includes(this.step) ? this.step : steps.at(-1);
    return html`<section><h2>${t('studio.samples')}</h2><label class="steps">${t('studio.step')}<input type="range" min="0" max=${steps.length - 1} .value=${String(steps.indexOf(step))}
        aria-valuetext=${number(step)} @input=${(event) => { this.step = steps[Number(event.target.value)]; }}><output>${number(step)}</output></label>
      <div class="columns">${this.#shown.map((name) => html`<div class="column"><strong>${name}</strong>${(this.samples[name] ?? []).filter((sample) => sample.step === step).map((sample) => html`<p class="sample" dir="auto"><span class="soft">${sample.prompt}</span>${sample.text}</p>`)}</div>`)}</div></section>`;
  }
}

customElements.define('mynah-studio', MynahStudio);
