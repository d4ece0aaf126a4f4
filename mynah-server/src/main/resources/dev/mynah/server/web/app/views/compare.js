// Several answers to one question, which come at the same time, for their user to choose from.
import { html, nothing } from 'lit';
import { Element } from '../element.js';
import { api } from '../api.js';
import { decorate, toFragment } from '../markdown.js';
import { t } from '../i18n.js';
import { letter } from './rank.js';

class MynahCompare extends Element {
  static properties = { conversation: { attribute: false }, question: { attribute: false }, answers: { attribute: false }, texts: { state: true }, ended: { state: true }, order: { state: true } };

  #stop = new AbortController();

  connectedCallback() {
    super.connectedCallback();
    this.texts = this.answers.map((answer) => answer.content);
    this.ended = this.answers.map((answer) => answer.state !== 'running');
    this.order = this.answers.map((_, index) => index);
    this.answers.forEach((answer, index) => this.#follow(answer, index));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop.abort();
  }

  async #follow(answer, index) {
    if (this.ended[index]) {
      return;
    }
    try {
      await api.follow(this.conversation, answer.id, answer.content.length, {
        signal: this.#stop.signal, onConnection: () => {}, onText: (text) => { this.texts = this.texts.with(index, this.texts[index] + text); },
      });
    } catch (error) {
      if (!this.#stop.signal.aborted) {
        this.refuse(error);
      }
    }
    this.ended = this.ended.with(index, true);
  }

  #send(order) {
    return this.attempt(async () => {
      await api.rank(this.conversation, order.map((index) => this.answers[index].id));
      this.tell('compared', this.answers[order[0]]);
    });
  }

  updated() {
    this.querySelectorAll('.column .markdown').forEach((body, index) => {
      if (body.dataset.length !== String(this.texts[index].length)) {
        body.dataset.length = String(this.texts[index].length);
        body.replaceChildren(toFragment(this.texts[index]));
      }
      if (this.ended[index]) {
        decorate(body);
      }
    });
  }

  render() {
    const ready = this.ended.every(Boolean);
    const two = this.answers.length === 2;
    return html`<section class="compare" aria-label=${t('compare.title')}><h2>${t(two ? 'compare.title' : 'compare.rank')}</h2>
      ${two || !ready ? html`<div class="columns">${this.answers.map((_, index) => html`<div class="column" aria-busy=${!this.ended[index]}>
        <strong>${t('rank.name', { answer: letter(index) })}</strong><div class="markdown" dir="auto"></div>
        ${two && ready ? html`<button class="primary" @click=${() => this.#send([index, 1 - index])}>${t('compare.prefer', { answer: letter(index) })}</button>` : nothing}</div>`)}</div>`
        : html`<mynah-rank .answers=${this.texts} .order=${this.order} @order=${(event) => { this.order = event.detail; }}></mynah-rank>`}
      <details class="sent"><summary>${t('compare.what')}</summary><p class="hint">${t('compare.sent')}</p><pre dir="auto">${this.question}</pre></details>
      <div class="buttons"><button @click=${() => this.tell('compared', this.answers[0])}>${t('compare.skip')}</button>
        ${two || !ready ? nothing : html`<button class="primary" @click=${() => this.#send(this.order)}>${t('compare.send')}</button>`}</div></section>`;
  }
}

customElements.define('mynah-compare', MynahCompare);
