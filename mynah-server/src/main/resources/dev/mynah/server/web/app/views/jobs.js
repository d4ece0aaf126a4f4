// Fine-tuning jobs: a form that starts one, how each stands, and its curves as they grow.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { plots, samplesByStep } from '../curves.js';
import { number, t, when } from '../i18n.js';
import { PageView, loading } from './page.js';
import './fields.js';
import { deployButton } from './deploy.js';

const EVERY_MS = 2000;
const MILLION = 1_000_000;
const OVER = ['succeeded', 'failed', 'cancelled'];
/** The hyperparameters of each method, with what is shown where they are left open. */
const HYPERPARAMETERS = {
  supervised: ['n_epochs', 'batch_size', 'learning_rate_multiplier'],
  dpo: ['n_epochs', 'batch_size', 'learning_rate_multiplier', 'beta'],
  reinforcement: ['n_epochs', 'batch_size', 'learning_rate_multiplier', 'compute_multiplier', 'max_tokens'],
};

class MynahJobs extends PageView {
  static properties = {
    user: { attribute: false }, jobs: { state: true }, bases: { state: true }, chosen: { state: true }, curves: { state: true }, samples: { state: true }, events: { state: true },
    step: { state: true }, method: { state: true }, problem: { state: true }, sending: { state: true },
  };

  #timer = null;

  connectedCallback() {
    super.connectedCallback();
    this.method = 'supervised';
    this.attempt(async () => { this.bases = (await api.fineTuning.models()).data; });
    this.#load();
    this.#timer = setInterval(() => document.hidden || this.#load(), EVERY_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  #load() {
    return this.attempt(async () => {
      this.jobs = (await api.fineTuning.jobs()).data;
      this.chosen ??= this.jobs[0]?.id;
      if (this.chosen) {
        const of = this.chosen;
        const [curves, samples, events] = await Promise.all([api.fineTuning.metrics(of), api.fineTuning.samples(of), api.fineTuning.events(of)]);
        if (of === this.chosen) {
          [this.curves, this.samples, this.events] = [curves.data, samples.data, events.data];
        }
      }
    });
  }

  #choose(id) {
    this.chosen = id;
    [this.curves, this.samples, this.events] = [[], [], []];
    this.#load();
  }

  #act(work) {
    return this.attempt(async () => {
      await work();
      await this.#load();
    });
  }

  #start = async (event) => {
    event.preventDefault();
    const form = event.target;
    const values = new FormData(form);
    this.problem = null;
    this.sending = true;
    try {
      const [training, validation] = [await upload(values.get('training')), await upload(values.get('validation'))];
      const hyperparameters = Object.fromEntries(HYPERPARAMETERS[this.method].filter((key) => values.get(key)).map((key) => [key, Number(values.get(key))]));
      const own = { hyperparameters };
      if (this.method === 'reinforcement') {
        own.grader = values.get('reward') ? { type: 'reward_model', model: values.get('reward') } : { type: 'rule', name: 'poet' };
      } else {
        hyperparameters.tuning = values.get('full') ? 'full' : 'lora';
      }
      const job = await api.fineTuning.create({
        model: values.get('model'), training_file: training, ...(validation && { validation_file: validation }), ...(values.get('suffix') && { suffix: values.get('suffix') }),
        method: { type: this.method, [this.method]: own },
      });
      form.reset();
      this.#choose(job.id);
    } catch (error) {
      this.problem = error.message || t('error.network');
    }
    this.sending = false;
  };

  render() {
    return html`${this.#form()}${!this.jobs ? loading() : this.jobs.length === 0 ? html`<p class="empty">${t('jobs.none')}</p>` : html`
      <ul class="jobs">${this.jobs.map((job) => this.#job(job))}</ul>${this.#details()}`}`;
  }

  #form() {
    if (!this.bases) {
      return nothing;
    }
    if (this.bases.length === 0) {
      return html`<p class="hint">${t('jobs.noModels')}</p>`;
    }
    const field = (key) => html`<label>${t(`jobs.${key}`)}<input name=${key} type="number" min="0" step="any" placeholder=${t('jobs.auto')}></label>`;
    return html`<details class="card" ?open=${this.jobs?.length === 0}><summary><strong>${t('jobs.new')}</strong></summary><form class="work" @submit=${this.#start}>
      <div class="grid-form"><label>${t('chat.model')}<select name="model">${this.bases.map((base) => html`<option value=${base.id}>${base.id}</option>`)}</select></label>
        <label>${t('jobs.method')}<select name="method" @change=${(event) => { this.method = event.target.value; }}>${Object.keys(HYPERPARAMETERS).map((method) => html`<option value=${method} ?selected=${method === this.method}>${t(`jobs.${method}`)}</option>`)}</select></label>
        <label>${t('jobs.suffix')}<input name="suffix" maxlength="64" pattern="[A-Za-z0-9_\\-]+"></label></div>
      <p class="hint">${t(`jobs.${this.method}.hint`)}</p>
      <div class="grid-form"><mynah-file field="training" label=${t('jobs.training')} accept=".jsonl,application/jsonl" required></mynah-file>
        <mynah-file field="validation" label=${t('jobs.validation')} accept=".jsonl,application/jsonl"></mynah-file></div>
      <div class="grid-form">${HYPERPARAMETERS[this.method].map(field)}${this.method === 'reinforcement' && this.user.role === 'administrator' ? html`<label>${t('jobs.reward')}<input name="reward" placeholder=${t('jobs.rule')}></label>` : nothing}</div>
      ${this.method === 'reinforcement' ? nothing : html`<label class="switch"><input name="full" type="checkbox"><span>${t('jobs.full')}<small class="hint">${t('jobs.fullHint')}</small></span></label>`}
      ${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}
      <div class="buttons"><span class="hint">${t('jobs.price', { price: number(this.bases[0].training_price / MILLION, { style: 'currency', currency: this.bases[0].currency }) })}</span><button class="primary" ?disabled=${this.sending}>${t(this.sending ? 'jobs.sending' : 'jobs.start')}</button></div></form></details>`;
  }

  #job(job) {
    const button = (act) => html`<button @click=${() => this.#act(() => api.fineTuning.act(job.id, act))}>${t(`jobs.${act}`)}</button>`;
    return html`<li class="card ${job.id === this.chosen ? 'chosen' : ''}"><p class="run"><button class="plain" aria-pressed=${job.id === this.chosen} @click=${() => this.#choose(job.id)}><strong>${job.fine_tuned_model ?? `${job.model} · ${t(`jobs.${job.method.type}`)}`}</strong></button>
        <span class="badge ${job.status}">${t(`jobs.state.${job.status}`)}</span><span class="hint">${when(job.created_at * 1000)}</span>
        ${job.trained_tokens ? html`<span class="hint">${t('jobs.tokens', { count: number(job.trained_tokens) })}</span>` : nothing}</p>
      ${OVER.includes(job.status) ? nothing : html`<progress aria-label=${t('jobs.progress')} max=${job.total_steps} value=${job.step}></progress><span class="hint">${t('jobs.steps', { step: number(job.step), steps: number(job.total_steps) })}${job.estimated_finish ? ` · ${t('jobs.until', { time: when(job.estimated_finish * 1000) })}` : ''}</span>`}
      ${job.error ? html`<p class="error">${job.error.message}</p>` : nothing}
      <div class="buttons start">${OVER.includes(job.status) ? nothing : html`${job.status === 'paused' ? button('resume') : button('pause')}${button('cancel')}`}
        ${job.status === 'succeeded' ? html`${deployButton(this, { model: job.fine_tuned_model })}` : nothing}</div></li>`;
  }

  #details() {
    const job = this.jobs.find((one) => one.id === this.chosen);
    if (!job) {
      return nothing;
    }
    const name = job.fine_tuned_model ?? job.model;
    return html`${plots([{ name, rows: this.curves ?? [] }])}${samplesByStep([{ name, samples: this.samples ?? [] }], this.step, (step) => { this.step = step; })}
      <section><h2>${t('jobs.events')}</h2><ul class="events">${(this.events ?? []).filter((event) => event.type === 'message').map((event) => html`<li class=${event.level}><span class="hint">${when(event.created_at * 1000)}</span> ${event.message}</li>`)}</ul></section>`;
  }
}

/** The id of an uploaded file, or nothing where none was chosen. */
async function upload(file) {
  return file?.size ? (await api.upload('fine-tune', file)).id : undefined;
}

customElements.define('mynah-jobs', MynahJobs);
