// Training runs: their curves as they grow, what the model wrote on the way, and two runs beside each other. Fine-tuning jobs and models are views of their own.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { plots, samplesByStep } from '../curves.js';
import { number, t, when } from '../i18n.js';
import { PageView, loading } from './page.js';
import { deployButton } from './deploy.js';
import './batches.js';
import './jobs.js';
import './models.js';

const EVERY_MS = 3000;

class MynahStudio extends PageView {
  static properties = { section: {}, user: { attribute: false }, runs: { state: true }, first: { state: true }, second: { state: true }, curves: { state: true }, samples: { state: true }, step: { state: true } };

  #timer = null;

  connectedCallback() {
    super.connectedCallback();
    this.curves = {};
    this.samples = {};
    this.#timer = setInterval(() => document.hidden || this.#load(), EVERY_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  willUpdate(changed) {
    if (changed.has('section')) {
      this.#load();
    }
  }

  get #shownSection() {
    return this.section || (this.user.role === 'user' ? 'jobs' : 'runs');
  }

  #load() {
    if (this.#shownSection !== 'runs') {
      return undefined;
    }
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
    return [this.first, this.second].filter((name, i, all) => name && all.indexOf(name) === i)
      .map((name) => ({ name, rows: this.curves[name] ?? [], samples: this.samples[name] ?? [] }));
  }

  render() {
    const sections = ['runs', 'jobs', 'batches', 'models'].filter((name) => name !== 'runs' || this.user.role !== 'user');
    return html`<div class="page wide">${this.head(t('nav.studio'))}
      <nav class="tabs" aria-label=${t('nav.studio')}>${sections.map((name) => this.link(`/studio/${name}`, t(`studio.tab.${name}`), name === this.#shownSection))}</nav>
      ${this.#view()}</div>`;
  }

  #view() {
    switch (this.#shownSection) {
      case 'jobs': return html`<mynah-jobs .user=${this.user}></mynah-jobs>`;
      case 'batches': return html`<mynah-batches></mynah-batches>`;
      case 'models': return html`<mynah-models .user=${this.user}></mynah-models>`;
      default: return this.#runs();
    }
  }

  #runs() {
    if (!this.runs) {
      return loading();
    }
    return this.runs.length === 0 ? html`<p>${t('studio.none')}</p><pre class="block">./mynah train pretrain --config pretrain.yaml --out runs/first</pre>` : html`
      <div class="pickers">${this.#picker('first', t('studio.run'), false)}${this.#picker('second', t('studio.compare'), true)}</div>
      ${this.#shown.map((run) => this.#summary(run))}${plots(this.#shown)}
      ${samplesByStep(this.#shown, this.step, (step) => { this.step = step; })}`;
  }

  #picker(which, label, none) {
    return html`<label>${label}<select @change=${(event) => this.#choose(which, event.target.value)}>${none ? html`<option value="">–</option>` : nothing}
      ${this.runs.map((run) => html`<option value=${run.name} ?selected=${run.name === this[which]}>${run.name}</option>`)}</select></label>`;
  }

  #summary({ name, rows }) {
    const run = this.runs.find((one) => one.name === name);
    const last = rows.at(-1);
    const status = run?.status;
    return html`<p class="run"><strong>${name}</strong>${status?.stage ? html`<span>${status.stage}</span>` : nothing}${status?.status ? html`<span class="badge ${status.status.toLowerCase()}">${t(`studio.status.${status.status}`)}</span>` : nothing}
      ${last ? html`<span>${t('studio.at', { step: number(last.step) })}</span>` : nothing}${status?.parameters ? html`<span>${t('studio.parameters', { count: number(status.parameters, { notation: 'compact' }) })}</span>` : nothing}
      <span class="hint">${run ? when(run.changed_at) : ''}</span>
      ${status?.status === 'FINISHED' && status.stage !== 'reward' ? deployButton(this, { run: name }) : nothing}</p>`;
  }
}

customElements.define('mynah-studio', MynahStudio);
