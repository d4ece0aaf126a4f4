// The labelling desk: the task, the guidelines beside it, and one's judgement.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { toFragment } from '../markdown.js';
import { t } from '../i18n.js';
import { PageView } from './page.js';
import './queues.js';
import './rank.js';

class MynahLabelling extends PageView {
  static properties = { queue: { attribute: false }, queues: { state: true }, task: { state: true }, finished: { state: true }, order: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.#loadQueues();
  }

  willUpdate(changed) {
    if (changed.has('queue')) {
      this.task = undefined;
      this.finished = false;
      if (this.queue) {
        this.#next();
      }
    }
  }

  #loadQueues() {
    return this.attempt(async () => { this.queues = (await api.labelling.queues()).data; });
  }

  #next() {
    return this.attempt(async () => {
      this.task = await api.labelling.next(this.queue);
      this.finished = this.task === null;
      this.order = this.task?.answers.map((_, index) => index);
    });
  }

  #put(label) {
    return this.attempt(async () => {
      const note = this.querySelector('[name=note]')?.value ?? '';
      await api.labelling.put(this.task.id, { note, ...label });
      this.querySelector('.work form').reset();
      await this.#next();
      await this.#loadQueues();
    });
  }

  #done = (event) => {
    event.preventDefault();
    this.#put({ state: 'done', ...(this.task.answers.length > 0 ? { ranks: ranks(this.order) } : { text: event.target.text.value }) });
  };

  updated() {
    const guidelines = this.querySelector('.guidelines .markdown');
    const queue = this.queues?.find((one) => one.id === this.queue);
    if (guidelines && queue && guidelines.dataset.queue !== queue.id) {
      guidelines.dataset.queue = queue.id;
      guidelines.replaceChildren(toFragment(queue.guidelines));
    }
  }

  render() {
    const queue = this.queues?.find((one) => one.id === this.queue);
    return html`<div class="page wide">${this.head(queue ? queue.name : t('nav.labelling'))}${this.queue ? queue ? this.#desk(queue) : nothing : this.#list()}</div>`;
  }

  #list() {
    return html`${this.queues?.length === 0 ? html`<p class="empty">${t('label.noQueues')}</p>` : nothing}
      <ul class="cards">${(this.queues ?? []).map((queue) => html`<li class="card"><h2>${this.link(`/labelling/${queue.id}`, queue.name)}</h2>
        <p class="hint">${t(`label.${queue.kind}`)} · ${t('label.progress', { done: queue.done, tasks: queue.tasks })}</p><progress max=${Math.max(1, queue.tasks)} .value=${queue.done} aria-label=${queue.name}></progress></li>`)}</ul>
      <mynah-queues></mynah-queues>`;
  }

  #desk(queue) {
    return html`<p class="hint" role="status">${t('label.progress', { done: queue.done, tasks: queue.tasks })} · ${this.link('/labelling', t('label.queues'))}</p>
      <div class="desk"><section class="work">${this.finished ? html`<p>${t('label.finished')}</p>` : this.task ? this.#task() : nothing}</section>
        <aside class="guidelines card"><h2>${t('label.guidelines')}</h2><div class="markdown" dir="auto"></div></aside></div>`;
  }

  #task() {
    return html`${this.task.messages.map((message) => html`<div class="turn"><strong>${t(`role.${message.role}`)}</strong><p dir="auto">${message.content}</p></div>`)}
      <form @submit=${this.#done}>
        ${this.task.answers.length > 0 ? html`<mynah-rank .answers=${this.task.answers} .order=${this.order} @order=${(event) => { this.order = event.detail; }}></mynah-rank>`
          : html`<label>${t('label.write')}<textarea name="text" rows="8" required maxlength="100000" dir="auto"></textarea></label>`}
        <label>${t('label.note')}<input name="note" maxlength="2000"></label>
        <div class="buttons"><button type="button" @click=${() => this.#put({ state: 'flagged' })}>${t('label.flag')}</button><button type="button" @click=${() => this.#put({ state: 'skipped' })}>${t('label.skip')}</button>
          <button class="primary">${t('label.submit')}</button></div></form>`;
  }
}

/** The place of each answer in an order. */
export const ranks = (order) => order.map((_, index) => order.indexOf(index) + 1);

customElements.define('mynah-labelling', MynahLabelling);
