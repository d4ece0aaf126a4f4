// The conversations, and the way to everything else.
import { html, nothing } from 'lit';
import { Element } from '../element.js';
import { api } from '../api.js';
import { language, setLanguage, t } from '../i18n.js';
import { toggleTheme } from '../theme.js';
import { icon } from '../icons.js';

class MynahSidebar extends Element {
  static properties = {
    user: { attribute: false }, path: { attribute: false }, open: { attribute: false },
    items: { state: true }, next: { state: true }, query: { state: true }, renaming: { state: true }, archived: { state: true }, labels: { state: true },
  };

  #search = null;

  constructor() {
    super();
    this.items = [];
    this.query = '';
    this.next = null;
    this.archived = false;
    this.labels = false;
    this.onChange = () => this.#load();
    this.onKey = (event) => this.#key(event);
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('conversations-changed', this.onChange);
    window.addEventListener('keydown', this.onKey);
    this.#load();
    this.#loadQueues();
  }

  async #loadQueues() {
    this.labels = this.user.role === 'administrator' || (await api.labelling.queues()).data.length > 0;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('conversations-changed', this.onChange);
    window.removeEventListener('keydown', this.onKey);
  }

  async #load(cursor) {
    this.#search?.abort();
    this.#search = new AbortController();
    try {
      const page = await api.conversations({ q: this.query, after: cursor, archived: this.archived }, this.#search.signal);
      this.items = cursor ? [...this.items, ...page.data] : page.data;
      this.next = page.next;
    } catch (error) {
      if (error.name !== 'AbortError') {
        this.tell('notice', error.message || t('error.network'));
      }
    }
  }

  #key(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === 'k') {
      event.preventDefault();
      this.querySelector('input[type=search]').focus();
    } else if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === 'o') {
      event.preventDefault();
      this.tell('navigate', '/');
    }
  }

  #go = (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.tell('navigate', new URL(event.currentTarget.href).pathname);
    }
  };

  async #change(item, change) {
    try {
      await api.changeConversation(item.id, change);
    } catch (error) {
      this.tell('notice', error.message || t('error.unknown'));
    }
    this.renaming = null;
    await this.#load();
  }

  async #delete(item) {
    if (confirm(t('chat.deleteAsk', { title: item.title }))) {
      await api.deleteConversation(item.id);
      if (this.path === `/c/${item.id}`) {
        this.tell('navigate', '/');
      }
      await this.#load();
    }
  }

  #import = async (event) => {
    const [file] = event.target.files;
    event.target.value = '';
    try {
      const { conversations, messages } = await api.importFile(file);
      this.tell('notice', t('import.done', { conversations, messages }));
      await this.#load();
    } catch (error) {
      this.tell('notice', error.message || t('error.unknown'));
    }
  };

  #showArchived(archived) {
    this.archived = archived;
    this.#load();
  }

  render() {
    const pinned = this.items.filter((item) => item.pinned);
    const others = this.items.filter((item) => !item.pinned);
    return html`
      <nav class="sidebar" aria-label=${t('nav.chats')} ?inert=${!this.open}>
        <div class="sidebar-top">
          <a class="brand" href="/" @click=${this.#go}><img src="/app/mynah.svg" alt="" width="28" height="28">${t('app.name')}</a>
          <button class="quiet" aria-label=${t('nav.close')} title=${t('nav.close')} @click=${() => this.tell('toggle-sidebar')}>${icon('sidebar')}</button>
        </div>
        <a class="row new" href="/" @click=${this.#go}>${icon('newChat')}<span>${t('nav.newChat')}</span></a>
        <label class="row search">${icon('search')}
          <input type="search" placeholder=${t('nav.search')} aria-label=${t('nav.search')} .value=${this.query}
            @input=${(event) => { this.query = event.target.value; this.#load(); }}></label>
        <div class="chats">
          ${pinned.length > 0 ? html`<h2>${t('nav.pinned')}</h2><ul>${pinned.map((item) => this.#item(item))}</ul>` : nothing}
          <h2>${t(this.archived ? 'nav.archived' : 'nav.chats')}</h2>
          ${this.items.length === 0 ? html`<p class="hint">${t(this.query ? 'nav.noMatches' : this.archived ? 'nav.noArchived' : 'nav.noChats')}</p>` : html`<ul>${others.map((item) => this.#item(item))}</ul>`}
          ${this.next ? html`<button class="quiet wide" @click=${() => this.#load(this.next)}>${t('nav.more')}</button>` : nothing}
        </div>
        <div class="list-foot"><button class="quiet" aria-pressed=${this.archived ? 'true' : 'false'} @click=${() => this.#showArchived(!this.archived)}>${icon('archive')}${t(this.archived ? 'nav.chats' : 'nav.archived')}</button>
          <label class="quiet-file" title=${t('import.hint')}>${icon('open')}${t('import.title')}<input type="file" class="hidden" accept=".json,.zip" aria-label=${t('import.hint')} @change=${this.#import}></label></div>
        ${this.#foot()}
      </nav>`;
  }

  #item(item) {
    const here = this.path === `/c/${item.id}`;
    if (this.renaming === item.id) {
      return html`<li><form @submit=${(event) => { event.preventDefault(); this.#change(item, { title: event.target.title.value }); }}>
        <input name="title" aria-label=${t('chat.renameAsk')} .value=${item.title} maxlength="300"
          @keydown=${(event) => { if (event.key === 'Escape') { this.renaming = null; } }}></form></li>`;
    }
    return html`<li class=${here ? 'here' : ''}>
      <a href="/c/${item.id}" aria-current=${here ? 'page' : nothing} @click=${this.#go} dir="auto">${item.title || t('chat.untitled')}</a>
      <details class="menu" @focusout=${closeWhenLeft}>
        <summary aria-label=${t('chat.options', { title: item.title })}>${icon('more')}</summary>
        <div>
          <button @click=${() => this.#change(item, { pinned: !item.pinned })}>${icon('pin')}${t(item.pinned ? 'chat.unpin' : 'chat.pin')}</button>
          <button @click=${() => this.#rename(item)}>${icon('edit')}${t('chat.rename')}</button>
          <button @click=${() => this.tell('share', { conversation: item.id, leaf: null })}>${icon('share')}${t('share.links')}</button>
          <button @click=${() => this.#change(item, { archived: !item.archived })}>${icon('archive')}${t(item.archived ? 'chat.unarchive' : 'chat.archive')}</button>
          <a class="item" href=${api.exportPath(item.id, 'json')} download>${icon('save')}${t('chat.export')}</a>
          <button class="danger" @click=${() => this.#delete(item)}>${icon('close')}${t('chat.delete')}</button>
        </div>
      </details></li>`;
  }

  async #rename(item) {
    this.renaming = item.id;
    await this.updateComplete;
    this.querySelector('input[name=title]').select();
  }

  #foot() {
    return html`<div class="sidebar-foot">
      <a class="row" href="/account" @click=${this.#go}>${icon('account')}<span>${this.user.name || this.user.email}</span></a>
      ${this.labels ? html`<a class="row" href="/labelling" @click=${this.#go}>${icon('label')}<span>${t('nav.labelling')}</span></a>` : nothing}
      <a class="row" href="/studio" @click=${this.#go}>${icon('studio')}<span>${t('nav.studio')}</span></a>
      ${this.user.role === 'user' ? nothing : html`<a class="row" href="/admin" @click=${this.#go}>${icon('admin')}<span>${t('nav.admin')}</span></a>`}
      <div class="foot-buttons">
        <button class="quiet" lang=${language() === 'en' ? 'zh' : 'en'} @click=${() => setLanguage(language() === 'en' ? 'zh' : 'en')}>${icon('language')}${t('nav.language')}</button>
        <button class="quiet" aria-label=${t('keys.title')} title=${t('keys.title')} @click=${() => this.tell('help')}>${icon('keys')}</button>
        <button class="quiet" aria-label=${t('nav.theme')} title=${t('nav.theme')} @click=${toggleTheme}>${icon('theme')}</button>
        <button class="quiet" aria-label=${t('nav.signOut')} title=${t('nav.signOut')} @click=${() => this.tell('sign-out')}>${icon('signOut')}</button>
      </div></div>`;
  }
}

function closeWhenLeft(event) {
  if (!event.currentTarget.contains(event.relatedTarget)) {
    event.currentTarget.open = false;
  }
}

customElements.define('mynah-sidebar', MynahSidebar);
