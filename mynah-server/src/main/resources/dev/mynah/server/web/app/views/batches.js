// Batches: files of requests that are answered when there is room, for half the price.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { number, t, when } from '../i18n.js';
import { icon } from '../icons.js';
import { PageView, loading, more, table } from './page.js';
import './fields.js';

const EVERY_MS = 3000;
const ENDPOINTS = ['/v1/chat/completions', '/v1/completions', '/v1/responses', '/v1/embeddings'];
const RUNNING = ['validating', 'in_progress', 'finalizing'];
const SECOND_MS = 1000;

class MynahBatches extends PageView {
  static properties = { batches: { state: true }, next: { state: true }, sending: { state: true }, problem: { state: true } };

  #timer = null;

  connectedCallback() {
    super.connectedCallback();
    this.#load();
    this.#timer = setInterval(() => document.hidden || this.#refresh(), EVERY_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  #load(after) {
    return this.attempt(async () => {
      const page = await api.batches.list(after);
      this.batches = after ? [...this.batches, ...page.data] : page.data;
      this.next = page.has_more ? page.last_id : null;
    });
  }

  /** Looks again while one of those that are shown runs; those below the first page stay as they are. */
  async #refresh() {
    if (this.batches?.some(({ status }) => RUNNING.includes(status) || status === 'cancelling')) {
      const { data } = await api.batches.list();
      const fresh = new Map(data.map((batch) => [batch.id, batch]));
      this.batches = this.batches.map((batch) => fresh.get(batch.id) ?? batch);
    }
  }

  #start = async (event) => {
    event.preventDefault();
    const form = event.target;
    this.sending = true;
    this.problem = null;
    try {
      const file = await api.upload('batch', form.file.files[0]);
      await api.batches.create({ input_file_id: file.id, endpoint: form.endpoint.value, completion_window: '24h' });
      form.reset();
    } catch (error) {
      this.problem = error.message || t('error.network');
    }
    this.sending = false;
    await this.#load();
  };

  #cancel(batch) {
    return this.attempt(async () => {
      await api.batches.cancel(batch.id);
      await this.#load();
    });
  }

  render() {
    return html`<details class="card" ?open=${this.batches?.length === 0}><summary><strong>${t('batch.new')}</strong></summary><form class="work" @submit=${this.#start}>
        <p class="hint">${t('batch.hint')}</p><pre class="block">{"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "…", "messages": […]}}</pre>
        <div class="grid-form"><mynah-file field="file" label=${t('batch.file')} accept=".jsonl,application/jsonl" required></mynah-file>
          <label>${t('batch.endpoint')}<select name="endpoint">${ENDPOINTS.map((endpoint) => html`<option>${endpoint}</option>`)}</select></label></div>
        ${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}
        <div class="buttons"><button class="primary" ?disabled=${this.sending}>${t(this.sending ? 'jobs.sending' : 'jobs.start')}</button></div></form></details>
      ${!this.batches ? loading() : this.batches.length === 0 ? html`<p class="empty">${t('batch.none')}</p>` : this.#table()}${more(this.next, () => this.#load(this.next))}`;
  }

  #table() {
    return table(t('studio.tab.batches'), [t('admin.time'), t('batch.endpoint'), t('admin.state'), t('batch.answered'), t('batch.failed'), ''], this.batches.map((batch) => [
      when(batch.created_at * SECOND_MS), html`<code>${batch.endpoint}</code>`, html`<div><span class="badge ${batch.status}">${t(`batch.state.${batch.status}`)}</span>${(batch.errors?.data ?? []).slice(0, 3).map((problem) => html`<span class="detail">${problem.line ? `${t('batch.line', { line: number(problem.line) })}: ` : ''}${problem.message}</span>`)}</div>`,
      `${number(batch.request_counts.completed)} / ${number(batch.request_counts.total)}`, number(batch.request_counts.failed), this.#buttons(batch)]));
  }

  #buttons(batch) {
    const file = (id, words) => (id ? html`<a class="button" href=${api.fileContent(id)} download="${id}.jsonl">${icon('save')}${words}</a>` : nothing);
    return html`<span class="row-buttons">${file(batch.output_file_id, t('batch.output'))}${file(batch.error_file_id, t('batch.errors'))}
      ${RUNNING.includes(batch.status) ? html`<button class="danger" @click=${() => this.#cancel(batch)}>${t('batch.cancel')}</button>` : nothing}</span>`;
  }
}

customElements.define('mynah-batches', MynahBatches);
