// What the views beside the chat share: their head, tables, and telling what went wrong.
import { html, nothing } from 'lit';
import { Element } from '../element.js';
import { t } from '../i18n.js';
import { icon } from '../icons.js';

export class PageView extends Element {
  link(path, words, current = false) {
    return html`<a href=${path} aria-current=${current ? 'page' : 'false'} @click=${(event) => { event.preventDefault(); this.tell('navigate', path); }}>${words}</a>`;
  }

  /** Shows the tab of where one is, in a row that is wider than the window. */
  showTab() {
    this.querySelector('.tabs [aria-current=page]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }

  head(title) {
    return html`<a class="back" href="/" @click=${(event) => { event.preventDefault(); this.tell('navigate', '/'); }}>${icon('left')}${t('account.back')}</a><h1>${title}</h1>`;
  }
}

const MOST_COLUMNS_ON_A_PHONE = 3;
/** Amounts, counts, and the dash where there is none. */
const FIGURE = /^[-–−]?\p{Lu}{0,3}\p{Sc}?[\d.,\s]*$/u;

/**
 * A table with a caption that only screen readers read; columns of figures stand at their end. On a phone each row of a wide one is a card, for which the roles are said once more: elements that are not
 * laid out as a table lose theirs.
 */
export function table(title, heads, rows) {
  const figures = heads.map((_, column) => (rows.length > 0 && rows.every((row) => FIGURE.test(row[column] === nothing ? '' : row[column])) ? 'figures' : nothing));
  return html`<div class="table ${heads.length > MOST_COLUMNS_ON_A_PHONE ? 'wide' : ''}" tabindex="0" role="region" aria-label=${title}><table role="table"><caption class="hidden">${title}</caption>
    <thead role="rowgroup"><tr role="row">${heads.map((head, column) => html`<th scope="col" role="columnheader" class=${figures[column]}>${head}</th>`)}</tr></thead>
    <tbody role="rowgroup">${rows.map((row) => html`<tr role="row">${row.map((cell, column) => html`<td role="cell" class=${figures[column]} data-head=${heads[column]}>${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}

/** The way to the next page of a list, where there is one. */
export function more(next, load) {
  return next ? html`<button class="wide" @click=${load}>${t('nav.more')}</button>` : nothing;
}

/** Stands where something is on its way. */
export function loading() {
  return html`<div role="status" aria-label=${t('page.loading')}><div class="bones"></div><div class="bones short"></div></div>`;
}
