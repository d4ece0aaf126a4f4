// Answers in an order that one gives them: by dragging, by buttons, or with the arrow keys.
import { html } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { Element } from '../element.js';
import { decorate, toFragment } from '../markdown.js';
import { t } from '../i18n.js';
import { icon } from '../icons.js';

/** The letter that an answer keeps, wherever it stands. */
export const letter = (index) => String.fromCodePoint('A'.codePointAt(0) + index);

class MynahRank extends Element {
  /** answers: texts; order: their indices, the best first. */
  static properties = { answers: { attribute: false }, order: { attribute: false }, dragged: { state: true }, announced: { state: true } };

  #drawn = new Map();

  #move(index, to) {
    if (to < 0 || to >= this.order.length) {
      return;
    }
    const order = this.order.filter((other) => other !== index);
    order.splice(to, 0, index);
    this.order = order;
    this.announced = t('rank.place', { answer: letter(index), at: to + 1, of: order.length });
    this.tell('order', order);
  }

  #key(event, index, at) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step && event.target === event.currentTarget) {
      event.preventDefault();
      this.#move(index, at + step);
      this.updateComplete.then(() => this.querySelector(`[data-answer="${index}"]`).focus());
    }
  }

  updated() {
    for (const item of this.querySelectorAll('li')) {
      const text = this.answers[Number(item.dataset.answer)];
      if (this.#drawn.get(item) !== text) {
        this.#drawn.set(item, text);
        const body = item.querySelector('.markdown');
        body.replaceChildren(toFragment(text));
        decorate(body);
      }
    }
  }

  render() {
    return html`<p class="hint" id="rank-help">${t('rank.help')}</p>
      <ol class="rank">${repeat(this.order, (index) => index, (index, at) => html`
        <li data-answer=${index} tabindex="0" draggable="true" class=${this.dragged === index ? 'dragged' : ''} aria-label=${t('rank.answer', { answer: letter(index), at: at + 1 })}
          aria-describedby="rank-help" @keydown=${(event) => this.#key(event, index, at)}
          @dragstart=${(event) => { this.dragged = index; event.dataTransfer.effectAllowed = 'move'; event.dataTransfer.setData('text/plain', letter(index)); }}
          @dragover=${(event) => { event.preventDefault(); if (this.dragged !== undefined && this.dragged !== index) { this.#move(this.dragged, at); } }}
          @drop=${(event) => event.preventDefault()} @dragend=${() => { this.dragged = undefined; }}>
          <div class="rank-head"><span class="grip" aria-hidden="true">${icon('grip')}</span><strong>${at + 1}.</strong><span>${t('rank.name', { answer: letter(index) })}</span>
            <button type="button" class="quiet" aria-label=${t('rank.up', { answer: letter(index) })} ?disabled=${at === 0} @click=${() => this.#move(index, at - 1)}>${icon('up')}</button>
            <button type="button" class="quiet" aria-label=${t('rank.down', { answer: letter(index) })} ?disabled=${at === this.order.length - 1} @click=${() => this.#move(index, at + 1)}>${icon('down')}</button></div>
          <div class="markdown" dir="auto"></div></li>`)}</ol>
      <div class="hidden" role="status" aria-live="polite">${this.announced}</div>`;
  }
}

customElements.define('mynah-rank', MynahRank);
