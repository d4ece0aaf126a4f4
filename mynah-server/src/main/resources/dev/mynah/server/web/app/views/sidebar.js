// The conversations, and the way to everything else.
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { Element } from '../element.js';
import { api } from '../api.js';
import { modal } from '../dialog.js';
import { language, setLanguage, t } from '../i18n.js';
import { toggleTheme } from '../theme.js';
import { icon } from '../icons.js';
import { closeMenus, menu } from '../menu.js';
import { conversationChanged } from '../tabs.js';

const DAY_MS = 86_400_000;
/** The folders that are open, from one visit to the next. */
const OPEN_FOLDERS = 'mynah.folders';
/** From how many days before today on. */
const AGES = [['today', 0], ['yesterday', 1], ['week', 7], ['month', 30], ['older', Infinity]];

class MynahSidebar extends Element {
  static properties = {
    user: { attribute: false }, path: { attribute: false }, open: { attribute: false },
    items: { state: true }, next: { state: true }, query: { state: true }, renaming: { state: true }, archived: { state: true }, labels: { state: true }, deleting: { state: true }, loaded: { state: true },
    pinned: { state: true }, folders: { state: true }, contents: { state: true }, moving: { state: true }, folder: { state: true }, chosen: { state: true },
  };

  #search = null;

  constructor() {
    super();
    this.items = [];
    this.pinned = [];
    this.folders = [];
    /** What lies in each folder that is open. */
    this.contents = new Map(JSON.parse(localStorage.getItem(OPEN_FOLDERS) ?? '[]').map((name) => [name, []]));
    this.query = '';
    this.next = null;
    this.archived = false;
    /** While several chats are chosen: these, by their ids. Not all of them need be shown. */
    this.chosen = null;
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

  /** Whether chats stand under what is pinned, folders and days; what is searched for or archived is one list. */
  get #sorted() {
    return !this.query && !this.archived;
  }

  async #load(cursor) {
    this.#search?.abort();
    this.#search = new AbortController();
    try {
      const wanted = { q: this.query, after: cursor, archived: this.archived, ...(this.#sorted && { pinned: false, folder: '' }) };
      const [page] = await Promise.all([api.conversations(wanted, this.#search.signal), this.#sorted && !cursor && this.#loadSorted()]);
      this.items = cursor ? [...this.items, ...page.data] : page.data;
      this.next = page.next;
      this.loaded = true;
    } catch (error) {
      if (error.name !== 'AbortError') {
        this.refuse(error);
      }
    }
  }

  /** What is pinned, and what lies in folders. */
  async #loadSorted() {
    const open = [...this.contents.keys()];
    const [pinned, folders, ...contents] = await Promise.all([api.pinned(), api.folders().then((page) => page.data), ...open.map((name) => api.folder(name))]);
    this.pinned = pinned;
    this.folders = folders;
    this.contents = new Map(open.map((name, index) => [name, contents[index]]));
  }

  async #toggleFolder(name) {
    const contents = new Map(this.contents);
    if (!contents.delete(name)) {
      contents.set(name, []);
    }
    this.contents = contents;
    localStorage.setItem(OPEN_FOLDERS, JSON.stringify([...contents.keys()]));
    await this.#load();
  }

  /** Moves chats, or all of a folder: into a folder that is there or not yet, or out of any. */
  #move = async (event) => {
    event.preventDefault();
    const name = event.target.folder.value.trim();
    const { moving, folder } = this;
    this.moving = null;
    this.folder = null;
    await this.#do(() => (moving ? api.changeConversations(ids(moving), { folder: name }) : this.#renameFolder(folder, name)));
  };

  async #renameFolder(name, to) {
    if (name !== to) {
      await api.renameFolder(name, to);
    }
  }

  /** Does something to chats; then the choice is over, and the list is shown as it is now. */
  async #do(work) {
    try {
      await work();
      this.chosen = null;
    } catch (error) {
      this.refuse(error);
    }
    this.renaming = null;
    await this.#load();
    await this.updateComplete;
    // What had the focus may be gone with its chat.
    if (document.activeElement === document.body) {
      this.querySelector('.row.new').focus();
    }
  }

  #key(event) {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      this.#toSearch();
    } else if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === 'o') {
      event.preventDefault();
      this.tell('navigate', '/');
    }
  }

  /** To the search field, which cannot have the focus before the sidebar is open. */
  async #toSearch() {
    if (!this.open) {
      this.tell('toggle-sidebar');
      await new Promise(requestAnimationFrame);
    }
    this.querySelector('input[type=search]').focus({ preventScroll: true });
  }

  #go = (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.tell('navigate', new URL(event.currentTarget.href).pathname);
    }
  };

  #change(item, change) {
    return this.#do(() => api.changeConversation(item.id, change));
  }

  async #delete(items) {
    this.deleting = null;
    await this.#do(async () => {
      await api.deleteConversations(ids(items));
      conversationChanged(items.length === 1 ? items[0].id : undefined);
      if (items.some(({ id }) => this.path === `/c/${id}`)) {
        this.tell('navigate', '/');
      }
    });
  }

  /** Leaving the field saves it, as Enter does; Escape does not. */
  async #saveTitle(item, title) {
    if (this.renaming === item.id) {
      this.renaming = null;
      if (title && title !== item.title) {
        await this.#change(item, { title });
      }
    }
  }

  #archive(items) {
    return this.#do(() => api.changeConversations(ids(items), { archived: !this.archived }));
  }

  #find = (event) => {
    this.query = event.target.value;
    this.tell('search', this.query);
    this.#load();
  };

  #import = async (event) => {
    const [file] = event.target.files;
    event.target.value = '';
    return this.attempt(async () => {
      const { conversations, messages } = await api.importFile(file);
      this.tell('success', t('import.done', { conversations, messages }));
      await this.#load();
    });
  };

  #showArchived(archived) {
    this.archived = archived;
    this.chosen = null;
    this.#load();
  }

  render() {
    const sorted = this.#sorted;
    const empty = this.items.length === 0 && !(sorted && (this.pinned.length > 0 || this.folders.length > 0));
    return html`
      <nav class="sidebar" aria-label=${t('nav.chats')} ?inert=${!this.open} @keydown=${this.#escape}>
        <div class="sidebar-top">
          <a class="brand" href="/" @click=${this.#go}><img src="/app/mynah.svg" alt="" width="28" height="28">${t('app.name')}</a>
          <button class="quiet" aria-label=${t('nav.close')} title=${t('nav.close')} @click=${() => this.tell('toggle-sidebar')}>${icon('sidebar')}</button>
        </div>
        <a class="row new" href="/" @click=${this.#go}>${icon('newChat')}<span>${t('nav.newChat')}</span></a>
        <label class="row search">${icon('search')}
          <input type="search" placeholder=${t('nav.search')} aria-label=${t('nav.search')} .value=${this.query}
            @input=${this.#find}></label>
        <div class="chats" @scroll=${closeMenus}>
          ${this.archived ? html`<h2>${t('nav.archived')}</h2>` : nothing}
          ${sorted && this.pinned.length > 0 ? html`<h2>${t('nav.pinned')}</h2><ul>${this.#items(this.pinned)}</ul>` : nothing}
          ${sorted && this.folders.length > 0 ? html`<h2>${t('nav.folders')}</h2><ul>${repeat(this.folders, (folder) => folder.name, (folder) => this.#folder(folder))}</ul>` : nothing}
          ${this.loaded && empty ? html`<p class="hint">${t(this.query ? 'nav.noMatches' : this.archived ? 'nav.noArchived' : 'nav.noChats')}</p>` : nothing}
          ${byAge(this.items).map(([age, items]) => html`<h2>${t(`nav.${age}`)}</h2><ul>${this.#items(items)}</ul>`)}
          ${this.next ? html`<button class="quiet wide" @click=${() => this.#load(this.next)}>${t('nav.more')}</button>` : nothing}
        </div>
        ${this.chosen ? this.#choiceBar() : html`<div class="list-foot"><button class="quiet" aria-pressed=${this.archived ? 'true' : 'false'} @click=${() => this.#showArchived(!this.archived)}>${icon('archive')}${t(this.archived ? 'nav.chats' : 'nav.archived')}</button>
          <label class="quiet-file" title=${t('import.hint')}>${icon('open')}${t('import.title')}<input type="file" class="hidden" accept=".json,.zip" aria-label=${t('import.hint')} @change=${this.#import}></label>
          ${empty ? nothing : html`<button class="quiet" data-choose title=${t('choose.hint')} @click=${() => this.#beginChoice()}>${icon('check')}${t('choose.begin')}</button>`}</div>`}
        ${this.#foot()}
        ${this.deleting ? this.#confirm(this.deleting) : nothing}
        ${this.moving || this.folder ? this.#moveDialog() : nothing}
      </nav>`;
  }

  /** An open menu stays that of its chat, whatever comes above it. */
  #items(items) {
    return repeat(items, (item) => item.id, (item) => this.#item(item));
  }

  #item(item) {
    const here = this.path === `/c/${item.id}`;
    if (this.renaming === item.id) {
      return html`<li><form @submit=${(event) => { event.preventDefault(); this.#saveTitle(item, event.target.elements.title.value.trim()); }}>
        <input name="title" aria-label=${t('chat.renameAsk')} .value=${item.title} maxlength="300" @blur=${(event) => event.target.form?.requestSubmit()}
          @keydown=${(event) => { if (event.key === 'Escape') { this.renaming = null; } }}></form></li>`;
    }
    if (this.chosen) {
      return html`<li class=${here ? 'here' : ''}><label class="choice"><input type="checkbox" .checked=${this.chosen.has(item.id)} @change=${(event) => this.#choose(item, event.target.checked)}><span dir="auto">${item.title || t('chat.untitled')}</span></label></li>`;
    }
    return html`<li class=${here ? 'here' : ''}>
      <a href="/c/${item.id}" aria-current=${here ? 'page' : nothing} @click=${this.#go} title=${item.title} dir="auto">${marked(item.title || t('chat.untitled'), this.query)}${item.excerpt ? html`<small dir="auto">${marked(item.excerpt, this.query)}</small>` : nothing}</a>
      ${menu(t('chat.options', { title: item.title }), html`
        <button @click=${() => this.#change(item, { pinned: !item.pinned })}>${icon('pin')}${t(item.pinned ? 'chat.unpin' : 'chat.pin')}</button>
        <button @click=${() => this.#rename(item)}>${icon('edit')}${t('chat.rename')}</button>
        <button @click=${() => { this.moving = [item]; }}>${icon('folder')}${t('folder.move')}</button>
        <button @click=${() => this.tell('share', { conversation: item.id, leaf: null })}>${icon('share')}${t('share.links')}</button>
        <button @click=${() => this.#archive([item])}>${icon('archive')}${t(item.archived ? 'chat.unarchive' : 'chat.archive')}</button>
        <a class="item" href=${api.exportPath(item.id, 'json')} download>${icon('save')}${t('chat.export')}</a>
        <button class="danger" @click=${() => { this.deleting = [item]; }}>${icon('bin')}${t('chat.delete')}</button>`)}</li>`;
  }

  #choose(item, on) {
    const chosen = new Map(this.chosen);
    if (on) {
      chosen.set(item.id, item);
    } else {
      chosen.delete(item.id);
    }
    this.chosen = chosen;
  }

  /** Chooses all that the list is of, whether or not they are shown. */
  #chooseAll = () => this.attempt(async () => {
    const items = await api.allConversations({ q: this.query, archived: this.archived });
    this.chosen &&= new Map(items.map((item) => [item.id, item]));
  });

  /** What can be done with those that are chosen. */
  #choiceBar() {
    const items = [...this.chosen.values()];
    const none = items.length === 0;
    const button = (picture, key, act, style = '') => html`<button class="quiet ${style}" ?disabled=${none} @click=${act}>${icon(picture)}${t(key)}</button>`;
    return html`<div class="list-foot choosing" role="toolbar" aria-label=${t('choose.hint')}><div>
      <button class="quiet" @click=${this.#chooseAll}>${t('choose.all')}</button><button class="quiet" ?disabled=${none} @click=${() => { this.chosen = new Map(); }}>${t('choose.none')}</button>
      <span role="status">${t('choose.count', { count: items.length })}</span>
      <button class="quiet" aria-label=${t('choose.end')} title=${t('choose.end')} @click=${() => this.#endChoice()}>${icon('close')}</button></div><div>
      ${button('folder', 'choose.move', () => { this.moving = items; })}
      ${button('archive', this.archived ? 'chat.unarchive' : 'chat.archive', () => this.#archive(items))}
      ${button('bin', 'chat.delete', () => { this.deleting = items; }, 'danger')}</div></div>`;
  }

  async #beginChoice() {
    this.chosen = new Map();
    await this.updateComplete;
    this.querySelector('.choosing button').focus();
  }

  async #endChoice() {
    this.chosen = null;
    await this.updateComplete;
    this.querySelector('[data-choose]')?.focus();
  }

  #escape = (event) => {
    if (event.key === 'Escape' && this.chosen && !event.target.closest('dialog')) {
      this.#endChoice();
    }
  };

  #folder({ name, conversations }) {
    const contents = this.contents.get(name);
    return html`<li><button class="row folder" aria-expanded=${contents ? 'true' : 'false'} @click=${() => this.#toggleFolder(name)}>${icon('folder')}<span dir="auto">${name}</span><small>${conversations}</small></button>
        ${this.chosen ? nothing : menu(t('folder.options', { name }), html`
          <button @click=${() => this.#beginIn(name)}>${icon('newChat')}${t('folder.begin')}</button>
          <button @click=${() => { this.folder = name; }}>${icon('edit')}${t('chat.rename')}</button>
          <button @click=${() => this.#do(() => api.renameFolder(name, ''))}>${icon('close')}${t('folder.remove')}</button>`)}</li>
      ${contents ? html`<li class="inside"><ul>${this.#items(contents)}</ul></li>` : nothing}`;
  }

  async #beginIn(name) {
    if (!this.contents.has(name)) {
      await this.#toggleFolder(name);
    }
    this.tell('navigate', `/?${new URLSearchParams({ folder: name })}`);
  }

  /** Asks for the folder of chats, or for the name of one. */
  #moveDialog() {
    const { moving } = this;
    const close = () => { this.moving = null; this.folder = null; };
    const old = moving ? (new Set(moving.map(({ folder }) => folder)).size === 1 ? moving[0].folder : '') : this.folder;
    return html`<dialog ${modal()} aria-labelledby="folder-title" @close=${close}><form @submit=${this.#move}><h2 id="folder-title">${t(moving ? (moving.length > 1 ? 'choose.moveTitle' : 'folder.moveTitle') : 'folder.renameTitle', { count: moving?.length })}</h2>
      ${moving ? html`<p dir="auto">${moving.length > 1 ? t('choose.named', named(moving)) : named(moving).title}</p>` : nothing}
      <label>${t('folder.name')}<input name="folder" list="folders" maxlength="100" autocomplete="off" ?required=${!moving} .value=${old}></label>
      <datalist id="folders">${this.folders.map(({ name }) => html`<option value=${name}></option>`)}</datalist>
      ${moving ? html`<p class="hint">${t('folder.hint')}</p>` : nothing}
      <div class="buttons"><button type="button" @click=${close}>${t('chat.cancel')}</button><button class="primary">${t('chat.saveSettings')}</button></div></form></dialog>`;
  }

  #confirm(items) {
    return html`<dialog ${modal()} aria-labelledby="delete-chat" @close=${() => { this.deleting = null; }}><div class="sheet"><h2 id="delete-chat">${t(items.length > 1 ? 'choose.deleteTitle' : 'chat.deleteTitle', { count: items.length })}</h2>
      <p dir="auto">${t(items.length > 1 ? 'choose.deleteAsk' : 'chat.deleteAsk', named(items))}</p>
      <div class="buttons"><button @click=${() => { this.deleting = null; }}>${t('chat.cancel')}</button><button class="primary danger" @click=${() => this.#delete(items)}>${t('chat.delete')}</button></div></div></dialog>`;
  }

  async #rename(item) {
    this.renaming = item.id;
    await this.updateComplete;
    this.querySelector('input[name=title]').select();
  }

  #foot() {
    return html`<div class="sidebar-foot">
      <a class="row" href="/account" title=${t('account.title')} @click=${this.#go}><span class="avatar" aria-hidden="true">${[...(this.user.name || this.user.email)][0].toUpperCase()}</span><span>${this.user.name || this.user.email}</span></a>
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

const ids = (items) => items.map(({ id }) => id);

/** The first chat's title, and how many more there are. */
const named = ([first, ...others]) => ({ title: first.title || t('chat.untitled'), count: others.length });

/** Chats by how long nothing was written in them: groups in the order of the list. */
function byAge(items) {
  const today = new Date().setHours(0, 0, 0, 0);
  const age = ({ updated_at: at }) => AGES.find(([, days]) => new Date(at) >= today - days * DAY_MS)[0];
  return [...Map.groupBy(items, age)];
}

/** A text with what is searched for marked. */
function marked(text, query) {
  const at = query.trim() ? text.toLowerCase().indexOf(query.trim().toLowerCase()) : -1;
  const end = at + query.trim().length;
  return at < 0 ? text : html`${text.slice(0, at)}<mark>${text.slice(at, end)}</mark>${text.slice(end)}`;
}

customElements.define('mynah-sidebar', MynahSidebar);
