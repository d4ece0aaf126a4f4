// For administrators: queues of labelling tasks, who works on them, how far they agree, and verdicts where they do not.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { number, t } from '../i18n.js';
import { PageView, table } from './page.js';
import { letter } from './rank.js';

class MynahQueues extends PageView {
  static properties = { queues: { state: true }, disputes: { state: true }, open: { state: true }, orders: { state: true } };

  async connectedCallback() {
    super.connectedCallback();
    this.disputes = {};
    this.orders = {};
    if ((await api.account()).role === 'administrator') {
      this.#load();
    }
  }

  #load() {
    return this.attempt(async () => {
      this.queues = (await api.admin.queues()).data;
      if (this.open) {
        this.disputes = { ...this.disputes, [this.open]: (await api.admin.disputes(this.open)).data };
      }
    });
  }

  #act(event, work) {
    event.preventDefault();
    return this.attempt(async () => {
      await work(event.target);
      await this.#load();
    });
  }

  #create = (event) => this.#act(event, async (form) => {
    const { labels, ...queue } = Object.fromEntries(new FormData(form));
    await api.admin.createQueue({ ...queue, labels_per_task: Number(labels) });
    form.reset();
  });

  async #addFile(queue, input) {
    const [file] = input.files;
    const lines = (await file.text()).split('\n');
    input.value = '';
    await this.attempt(async () => {
      await api.admin.addTasks(queue.id, lines.flatMap((line, index) => (line.trim() ? [task(line, index + 1)] : [])));
      await this.#load();
      this.tell('success', t('account.saved'));
    });
  }

  #toggle(queue) {
    this.open = this.open === queue.id ? null : queue.id;
    this.#load();
  }

  render() {
    if (!this.queues) {
      return nothing;
    }
    return html`<h2>${t('label.admin')}</h2>${this.queues.map((queue) => this.#queue(queue))}
      <form class="card" @submit=${this.#create}><h3>${t('label.newQueue')}</h3><div class="grid-form">
        <label>${t('auth.name')}<input name="name" required maxlength="200"></label>
        <label>${t('label.kind')}<select name="kind"><option value="ranking">${t('label.ranking')}</option><option value="demonstration">${t('label.demonstration')}</option></select></label>
        <label>${t('label.perTask')}<input name="labels" type="number" min="1" max="10" value="2" required></label></div>
        <label>${t('label.guidelines')}<textarea name="guidelines" rows="4" maxlength="50000"></textarea></label><div class="buttons"><button class="primary">${t('label.newQueue')}</button></div></form>`;
  }

  #queue(queue) {
    const { figures } = queue;
    return html`<section class="card"><h3>${queue.name}</h3>
      <p class="hint">${t(`label.${queue.kind}`)} · ${t('label.progress', { done: figures.done, tasks: figures.tasks })} · ${t('label.flags', { flagged: figures.flagged, skipped: figures.skipped })}</p>
      ${queue.kind === 'ranking' ? html`<dl class="agreement"><dt>${t('label.fleiss')}</dt><dd>${coefficient(figures.fleiss_kappa)}</dd><dt>${t('label.alpha')}</dt><dd>${coefficient(figures.alpha)}</dd>
        <dt>${t('label.rankAlpha')}</dt><dd>${coefficient(figures.rank_alpha)}</dd></dl>
        ${figures.pairs.length > 0 ? table(t('label.cohen'), [t('label.people'), t('label.comparisons'), t('label.cohen')], figures.pairs.map((pair) => [`${pair.first} – ${pair.second}`, number(pair.comparisons), coefficient(pair.kappa)])) : nothing}` : nothing}
      <form class="inline" @submit=${(event) => this.#act(event, (form) => api.admin.setMembers(queue.id, form.emails.value.split(/[\s,]+/).filter(Boolean)))}>
        <label>${t('label.members')}<input name="emails" .value=${queue.members.join(', ')}></label><button>${t('chat.saveSettings')}</button></form>
      <div class="buttons start"><label class="button">${t('label.addTasks')}<input type="file" class="hidden" accept=".jsonl,.json" @change=${(event) => this.#addFile(queue, event.target)}></label>
        <a class="button" href=${api.admin.labelExport(queue.id)} download>${t('chat.export')}</a>
        <button aria-expanded=${this.open === queue.id ? 'true' : 'false'} @click=${() => this.#toggle(queue)}>${t('label.disputes', { count: figures.disputed })}</button></div>
      ${this.open === queue.id ? (this.disputes[queue.id] ?? []).map((dispute) => this.#dispute(dispute)) : nothing}</section>`;
  }

  #dispute({ task: one, labels }) {
    const order = this.orders[one.id] ?? one.answers.map((_, index) => index);
    const decide = (form) => api.admin.decide(one.id, one.answers.length > 0 ? { ranks: one.answers.map((_, index) => order.indexOf(index) + 1) } : { text: form.text.value });
    return html`<form class="dispute" @submit=${(event) => this.#act(event, decide)}><p dir="auto"><strong>${one.messages.at(-1).content}</strong></p>
      <ul>${labels.map((label) => html`<li>${label.name}: ${label.label?.ranks ? inOrder(label.label.ranks) : label.label?.text ?? t(`label.${label.state}`)} ${label.note ? html`<em>“${label.note}”</em>` : nothing}</li>`)}</ul>
      ${one.answers.length > 0 ? html`<mynah-rank .answers=${one.answers} .order=${order} @order=${(event) => { this.orders = { ...this.orders, [one.id]: event.detail }; }}></mynah-rank>`
        : html`<label>${t('label.write')}<textarea name="text" rows="5" required dir="auto"></textarea></label>`}
      <div class="buttons"><button class="primary">${t('label.decide')}</button></div></form>`;
  }
}

/** A line of a file of tasks: a record as the alignment recipe knows them. */
function task(line, at) {
  let value;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error(t('label.badLine', { line: number(at) }));
  }
  const { messages, prompt, answers = [] } = value;
  return { messages: messages ?? (typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt), ...(answers.length > 0 && { answers }) };
}

function inOrder(ranks) {
  return ranks.map((rank, index) => [rank, letter(index)]).sort(([a], [b]) => a - b).map(([, name]) => name).join(' > ');
}

function coefficient(value) {
  return value === null ? '–' : number(value, { minimumFractionDigits: 2, maximumFractionDigits: 3 });
}

customElements.define('mynah-queues', MynahQueues);
