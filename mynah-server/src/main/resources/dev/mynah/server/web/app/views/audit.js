// What administrators, moderators and the program itself have done, and who looks for what in it.
import { html } from 'lit';
import { api } from '../api.js';
import { moment, t } from '../i18n.js';
import { PageView, loading, more, table } from './page.js';

/** How actions begin, for the filter; what follows the dot says more. */
const KINDS = ['user', 'api_key', 'plan', 'model', 'upstream', 'moderation', 'service', 'settings'];

class MynahAudit extends PageView {
  static properties = { rows: { state: true }, next: { state: true }, filter: { state: true } };

  constructor() {
    super();
    this.filter = { q: '', action: '', from: '', until: '' };
  }

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  #load(after) {
    const { filter } = this;
    return this.attempt(async () => {
      const page = await api.admin.audit({ ...filter, after });
      if (filter === this.filter) {
        this.rows = after ? [...this.rows, ...page.data] : page.data;
        this.next = page.next;
      }
    });
  }

  #set(name, value) {
    this.filter = { ...this.filter, [name]: value };
    this.#load();
  }

  render() {
    return html`<form class="filters" role="search" @submit=${(event) => event.preventDefault()}>
        <label>${t('nav.search')}<input type="search" placeholder=${t('audit.searchHint')} .value=${this.filter.q} @input=${(event) => this.#set('q', event.target.value)}></label>
        <label>${t('admin.action')}<select @change=${(event) => this.#set('action', event.target.value)}><option value="">${t('admin.all')}</option>
          ${KINDS.map((kind) => html`<option value="${kind}.">${t(`audit.${kind}`)}</option>`)}</select></label>
        <label>${t('audit.from')}<input type="date" @change=${(event) => this.#set('from', event.target.value)}></label>
        <label>${t('audit.until')}<input type="date" @change=${(event) => this.#set('until', event.target.value)}></label></form>
      ${!this.rows ? loading() : this.rows.length === 0 ? html`<p class="empty">${t('audit.none')}</p>` : table(t('admin.audit'), [t('admin.time'), t('admin.actor'), t('admin.action'), t('admin.subject'), t('admin.detail')],
        this.rows.map((event) => [moment(event.created_at), who(event.actor, event.actor_email), html`<code>${event.action}</code>`, who(event.subject, event.subject_email), event.detail && html`<span class="detail">${event.detail}</span>`]))}
      ${more(this.next, () => this.#load(this.next))}`;
  }
}

/** An address where there is one; the id stands behind it. */
function who(id, email) {
  return email ? html`<span title=${id}>${breakable(email)}</span>` : html`<code class="id" title=${id}>${breakable(id)}</code>`;
}

/** A long name that breaks where its parts end. */
const breakable = (name) => name.split(/(?<=[@._-])/).map((part) => html`${part}<wbr>`);

customElements.define('mynah-audit', MynahAudit);
