// What the views beside the chat share: their head, tables, and telling what went wrong.
import { html, nothing } from 'lit';
import { Element } from '../element.js';
import { t } from '../i18n.js';
import { icon } from '../icons.js';

export class PageView extends Element {
  /** Does something that may fail, and says so if it does. */
  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      this.tell('notice', error.message || t('error.network'));
      return undefined;
    }
  }

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

/** A table with a caption that only screen readers read. */
export function table(title, heads, rows) {
  return html`<div class="table" tabindex="0" role="region" aria-label=${title}><table><caption class="hidden">${title}</caption><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}

/** The way to the next page of a list, where there is one. */
export function more(next, load) {
  return next ? html`<button class="wide" @click=${load}>${t('nav.more')}</button>` : nothing;
}

/** Stands where something is on its way. */
export function loading() {
  return html`<div role="status" aria-label=${t('page.loading')}><div class="bones"></div><div class="bones short"></div></div>`;
}
