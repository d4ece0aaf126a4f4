// The page as a whole: who is signed in, which view the address names, and the shared parts around it.
import { html, nothing } from 'lit';
import { Element } from './element.js';
import { api } from './api.js';
import { modal } from './dialog.js';
import { ApiError } from './http.js';
import { language, t } from './i18n.js';
import { applyTheme } from './theme.js';
import { explainFields } from './validity.js';
import { icon } from './icons.js';
import './views/sidebar.js';
import './views/chat.js';
import './views/auth.js';
import './views/help.js';
import './views/share.js';

applyTheme();
explainFields();
document.documentElement.lang = language();

/** Views that few open are fetched when they are. */
const LATER = {
  account: [() => import('./views/account.js'), (app) => html`<mynah-account .user=${app.user}></mynah-account>`],
  pay: [() => import('./views/pay.js'), (app, id) => html`<mynah-pay .payment=${id}></mynah-pay>`],
  statements: [() => import('./views/statement.js'), (app, id) => html`<mynah-statement .statement=${id} .user=${app.user}></mynah-statement>`],
  organisation: [() => import('./views/organisation.js'), (app) => html`<mynah-organisation .user=${app.user}></mynah-organisation>`],
  admin: [() => import('./views/admin.js'), (app, id) => html`<mynah-admin .section=${id ?? ''} .user=${app.user}></mynah-admin>`],
  studio: [() => import('./views/studio.js'), (app, id) => html`<mynah-studio .section=${id ?? ''} .user=${app.user}></mynah-studio>`],
  labelling: [() => import('./views/labelling.js'), (app, id) => html`<mynah-labelling .queue=${id ?? null}></mynah-labelling>`],
};

/** How long good news is shown. */
const SUCCESS_MS = 4000;
/** Pages that need nobody to be signed in. */
const CARDS = {
  '/forgot-password': () => html`<mynah-forgot></mynah-forgot>`,
  '/reset-password': () => html`<mynah-reset></mynah-reset>`,
  '/verify-email': () => html`<mynah-verify></mynah-verify>`,
  '/change-email': () => html`<mynah-change-email></mynah-change-email>`,
  '/invitation': (app) => html`<mynah-invitation .user=${app.user}></mynah-invitation>`,
};

class MynahApp extends Element {
  static properties = {
    user: { state: true }, ready: { state: true }, path: { state: true }, folder: { state: true }, lost: { state: true }, sidebar: { state: true }, notice: { state: true }, success: { state: true }, query: { state: true }, expired: { state: true }, dialog: { state: true }, problem: { state: true },
  };

  constructor() {
    super();
    this.ready = false;
    this.user = null;
    this.query = '';
    this.#look();
    this.sidebar = matchMedia('(min-width: 768px)').matches;
    this.addEventListener('navigate', (event) => this.#go(event.detail));
    this.addEventListener('signed-in', (event) => this.#signedIn(event.detail));
    this.addEventListener('sign-out', () => this.#signOut());
    this.addEventListener('toggle-sidebar', () => { this.sidebar = !this.sidebar; });
    this.addEventListener('ask-consent', () => this.#askConsent());
    this.addEventListener('done', () => { this.dialog = null; });
    this.addEventListener('share', (event) => { this.dialog = html`<mynah-share .conversation=${event.detail.conversation} .leaf=${event.detail.leaf}></mynah-share>`; });
    this.addEventListener('help', () => { this.dialog = html`<mynah-help></mynah-help>`; });
    this.addEventListener('renamed', (event) => { this.user = event.detail; });
    this.addEventListener('account-changed', () => this.#refresh());
    window.addEventListener('keydown', (event) => this.#key(event));
    // That nobody is signed in any more is said by the form for it.
    this.addEventListener('notice', (event) => { this.notice = this.expired ? null : event.detail; this.success = this.notice ? null : this.success; });
    this.addEventListener('success', (event) => this.#succeeded(event.detail));
    this.addEventListener('search', (event) => { this.query = event.detail; });
    window.addEventListener('popstate', () => this.#look());
    window.addEventListener('mynah-signed-out', () => { this.expired = this.user !== null; });
    // That the server cannot be reached is no news any more.
    window.addEventListener('mynah-reached', () => { if (this.notice === t('error.unreachable')) { this.notice = null; } });
    window.addEventListener('unhandledrejection', (event) => this.#refused(event));
  }

  async connectedCallback() {
    super.connectedCallback();
    await this.#refresh();
    this.ready = true;
  }

  async #refresh() {
    try {
      this.user = await api.account();
      this.expired = false;
    } catch (error) {
      // Who is signed in stays so while the server cannot say otherwise.
      this.problem = error.status === 401 || this.user ? null : error;
      return;
    }
    this.problem = null;
  }

  /** Says what was refused wherever nobody else did. */
  #refused(event) {
    if (event.reason instanceof ApiError) {
      event.preventDefault();
      this.notice = this.expired ? null : event.reason.message;
    }
  }

  /** Reads the address: a view, and the folder that a new chat is to lie in. */
  #look() {
    this.path = location.pathname;
    this.folder = new URLSearchParams(location.search).get('folder');
  }

  #go(path) {
    if (path !== location.pathname + location.search) {
      history.pushState(null, '', path);
    }
    this.#look();
    this.notice = null;
    if (!matchMedia('(min-width: 768px)').matches) {
      this.sidebar = false;
    }
  }

  #succeeded(words) {
    this.notice = null;
    this.success = words;
    clearTimeout(this.fading);
    this.fading = setTimeout(() => { this.success = null; }, SUCCESS_MS);
  }

  #key(event) {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === '/') {
      event.preventDefault();
      this.dialog = html`<mynah-help></mynah-help>`;
    } else if (command && event.shiftKey && event.key.toLowerCase() === 's') {
      event.preventDefault();
      this.sidebar = !this.sidebar;
    }
  }

  /** Asks once: who has answered is not asked again. */
  async #askConsent() {
    if (this.user.asked) {
      return;
    }
    this.user = { ...this.user, asked: true };
    if ((await api.consent()).consent === null) {
      this.dialog = html`<mynah-consent></mynah-consent>`;
    }
  }

  #signedIn(user) {
    if (this.expired && user.id !== this.user.id) {
      // What the page shows is somebody else's.
      location.assign('/');
      return;
    }
    const again = this.expired;
    this.user = user;
    this.expired = false;
    if (again) {
      window.dispatchEvent(new Event('conversations-changed'));
      window.dispatchEvent(new CustomEvent('changed-elsewhere'));
    }
    if (['/sign-in', '/sign-up', '/invitation'].includes(this.path)) {
      this.#go('/');
    }
  }

  async #signOut() {
    await api.signOut();
    this.user = null;
    this.#go('/');
  }

  render() {
    if (this.path.startsWith('/share/')) {
      return html`<mynah-shared .link=${this.path.split('/')[2]}></mynah-shared>`;
    }
    if (!this.ready) {
      return nothing;
    }
    if (this.path in CARDS) {
      return CARDS[this.path](this);
    }
    if (this.problem) {
      return html`<main>${this.#notLoaded(this.problem.message, () => this.#refresh())}</main>`;
    }
    if (!this.user) {
      return html`<mynah-auth .signUp=${this.path === '/sign-up'}></mynah-auth>`;
    }
    if (this.user.must_change_password) {
      return html`<mynah-new-password></mynah-new-password>`;
    }
    return html`
      <a class="skip" href="#main" @click=${this.#skip}>${t('app.skip')}</a>
      <div class="shell ${this.sidebar ? '' : 'folded'}">
        <mynah-sidebar .user=${this.user} .path=${this.path} .open=${this.sidebar}></mynah-sidebar>
        <div class="scrim" @click=${() => { this.sidebar = false; }}></div>
        <main id="main" tabindex="-1">${this.#wanted()}${this.#view()}</main>
      </div>
      ${this.dialog ?? nothing}
      ${this.notice ? this.#noticeBar() : nothing}
      <div class=${this.success ? 'notice' : 'hidden'} role="status">${this.success}</div>
      ${this.expired ? html`<dialog class="expired" ${modal()} aria-label=${t('auth.signIn')} @cancel=${(event) => event.preventDefault()}><mynah-auth class="dialog" .expired=${true} .email=${this.user.email}></mynah-auth></dialog>` : nothing}`;
  }

  /** What the user must do before all works. */
  #wanted() {
    const words = this.user.second_factor_wanted ? 'security.factorWanted' : this.user.email_wanted ? 'security.emailWanted' : null;
    return words && this.path !== '/account' ? html`<p class="wanted" role="status">${t(words)} <a href="/account" @click=${(event) => { event.preventDefault(); this.#go('/account'); }}>${t('account.title')}</a></p>` : nothing;
  }

  #view() {
    const [, first, id] = this.path.split('/');
    if (first in LATER) {
      const [load, view] = LATER[first];
      load().catch(() => { this.lost = first; });
      return this.lost === first ? this.#notLoaded(t('error.unreachable'), () => location.reload()) : view(this, id);
    }
    if (['', 'c', 'temporary'].includes(first)) {
      return html`<mynah-chat .conversation=${id ?? null} .temporary=${first === 'temporary'} .folder=${this.folder} .sidebarOpen=${this.sidebar} .query=${this.query}></mynah-chat>`;
    }
    return html`<div class="hello"><h1>${t('error.notFound')}</h1><a class="button" href="/">${t('account.back')}</a></div>`;
  }

  #notLoaded(why, again) {
    return html`<div class="hello" role="alert"><h1>${t('app.notLoaded')}</h1><p class="soft">${why}</p><button class="primary" @click=${again}>${t('error.again')}</button></div>`;
  }

  #noticeBar() {
    return html`<div class="notice" role="alert"><span>${this.notice}</span>
      <button class="quiet" aria-label=${t('error.dismiss')} @click=${() => { this.notice = null; }}>${icon('close')}</button></div>`;
  }

  #skip = (event) => {
    event.preventDefault();
    this.querySelector('#main').focus();
  };
}

customElements.define('mynah-app', MynahApp);
