// Signing in and up, the second step, and what links in mails lead to.
import { html, nothing } from 'lit';
import { Element } from '../element.js';
import { api } from '../api.js';
import { language, setLanguage, t } from '../i18n.js';
import { isDeclined, passkeysSupported, usePasskey } from '../passkeys.js';
import { passwordField } from './fields.js';

/** A form on a card: shows what went wrong, and is idle while it waits. */
class CardForm extends Element {
  static properties = { error: { state: true }, busy: { state: true } };

  /** A listener that does something with the form's values. */
  submit(work) {
    return async (event) => {
      event.preventDefault();
      this.busy = true;
      this.error = null;
      try {
        await work(Object.fromEntries(new FormData(event.target)));
      } catch (error) {
        this.error = error.message || t('error.unknown');
      } finally {
        this.busy = false;
      }
    };
  }

  go(path) {
    return (event) => {
      event.preventDefault();
      this.error = null;
      this.tell('navigate', path);
    };
  }

  link(path, words) {
    return html`<a href=${path} @click=${this.go(path)}>${words}</a>`;
  }

  problem() {
    return this.error ? html`<p class="error" role="alert">${this.error}</p>` : nothing;
  }

  card(title, content) {
    return html`<section class="auth"><img src="/app/mynah.svg" alt="" width="56" height="56"><h1>${title}</h1>${content}
      <button class="quiet" lang=${language() === 'en' ? 'zh' : 'en'} @click=${() => setLanguage(language() === 'en' ? 'zh' : 'en')}>${t('nav.language')}</button></section>`;
  }
}

const freshPassword = (field) => html`${passwordField({ ...field, fresh: true })}<p id="rules" class="hint">${t('auth.rules')}</p>`;

const emailField = (email = '') => html`<label>${t('auth.email')}<input name="email" type="email" autocomplete="username" required maxlength="320" .value=${email}></label>`;

class MynahAuth extends CardForm {
  /** email: whose session has ended. */
  static properties = { signUp: { type: Boolean }, expired: { type: Boolean }, email: { attribute: false }, ways: { state: true }, step: { state: true } };

  constructor() {
    super();
    this.signUp = false;
    this.expired = false;
    const query = new URLSearchParams(location.search);
    this.step = query.get('step') === 'code' ? 'code' : 'password';
    this.error = query.has('problem') ? t(`auth.problem.${query.get('problem')}`) : null;
    history.replaceState(null, '', location.pathname);
  }

  connectedCallback() {
    super.connectedCallback();
    api.ways().then((ways) => { this.ways = ways; }, () => {});
  }

  #signIn = this.submit(async ({ email, password }) => {
    try {
      this.tell('signed-in', await api.signIn(email, password));
    } catch (error) {
      if (error.code !== 'code_required') {
        throw error;
      }
      this.step = 'code';
    }
  });

  #signUp = this.submit(async ({ name, email, password }) => {
    this.tell('signed-in', await api.signUp(name, email, password));
  });

  #passkey = this.submit(async () => {
    try {
      this.tell('signed-in', await api.signInPasskey(await usePasskey(await api.passkeyOptions())));
    } catch (error) {
      throw isDeclined(error) ? new Error(t('auth.passkeyDeclined')) : error;
    }
  });

  #code = this.submit(async ({ code }) => {
    this.tell('signed-in', await api.signInCode(code));
  });

  render() {
    if (this.step === 'code') {
      return this.card(t('auth.codeTitle'), html`<p>${t('auth.codeHint')}</p><form @submit=${this.#code}>
        <label>${t('auth.code')}<input name="code" required maxlength="30" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" autofocus></label>${this.problem()}
        <button class="primary" ?disabled=${this.busy}>${t('auth.signIn')}</button></form>
        <button class="quiet" @click=${() => { this.step = 'password'; this.error = null; }}>${t('auth.back')}</button>`);
    }
    if (this.signUp && this.ways?.open_sign_up === false) {
      return this.card(t('auth.create'), html`<p>${t('auth.byInvitation')}</p>${this.link('/sign-in', t('auth.signIn'))}`);
    }
    return this.signUp ? this.card(t('auth.create'), html`<form @submit=${this.#signUp}>
        <label>${t('auth.name')}<input name="name" autocomplete="name" required maxlength="100"></label>${emailField()}${freshPassword()}${this.problem()}
        <button class="primary" ?disabled=${this.busy}>${t('auth.signUp')}</button></form>
        <p>${t('auth.haveAccount')} ${this.link('/sign-in', t('auth.signIn'))}</p>`)
      : this.card(t('auth.welcome'), html`${this.expired ? html`<p>${t('auth.expired')}</p>` : nothing}
        <form @submit=${this.#signIn}>${emailField(this.email)}
        ${passwordField()}${this.problem()}
        <button class="primary" ?disabled=${this.busy}>${t('auth.signIn')}</button></form>
        ${passkeysSupported() ? html`<form @submit=${this.#passkey}><button ?disabled=${this.busy}>${t('auth.passkey')}</button></form>` : nothing}
        ${(this.ways?.providers ?? []).map(({ id, name }) => html`<a class="button" href="/oauth2/authorization/${id}">${t('auth.provider', { name })}</a>`)}
        ${this.expired ? nothing : html`${this.link('/forgot-password', t('auth.forgot'))}${this.ways?.open_sign_up === false ? nothing : html`<p>${t('auth.newHere')} ${this.link('/sign-up', t('auth.signUp'))}</p>`}`}`);
  }
}

/** What the first administrator sees first: the password that was printed is good for one sign-in. */
class MynahNewPassword extends CardForm {
  #change = this.submit(async ({ old, fresh }) => {
    this.tell('signed-in', await api.changePassword(old, fresh));
  });

  render() {
    return this.card(t('auth.newPassword'), html`<p>${t('auth.mustChange')}</p><form @submit=${this.#change}>
      ${passwordField({ name: 'old', label: t('auth.oldPassword') })}${freshPassword({ name: 'fresh', label: t('auth.newPassword') })}${this.problem()}
      <button class="primary" ?disabled=${this.busy}>${t('chat.saveSettings')}</button></form>`);
  }
}

class MynahForgot extends CardForm {
  static properties = { sent: { state: true } };

  #ask = this.submit(async ({ email }) => {
    await api.requestReset(email);
    this.sent = true;
  });

  render() {
    return this.card(t('auth.forgotTitle'), this.sent ? html`<p role="status">${t('auth.forgotSent')}</p>${this.link('/sign-in', t('auth.signIn'))}`
      : html`<p>${t('auth.forgotHint')}</p><form @submit=${this.#ask}>${emailField()}${this.problem()}
        <button class="primary" ?disabled=${this.busy}>${t('auth.sendLink')}</button></form>${this.link('/sign-in', t('auth.back'))}`);
  }
}

/** A page that a mail leads to: what it may do stands behind the hash, and leaves the address as soon as it is read. */
class LinkPage extends CardForm {
  static properties = { done: { state: true } };

  constructor() {
    super();
    this.token = location.hash.slice(1);
    history.replaceState(null, '', location.pathname);
  }
}

class MynahReset extends LinkPage {
  #set = this.submit(async ({ fresh }) => {
    await api.resetPassword(this.token, fresh);
    this.done = true;
  });

  render() {
    return this.card(t('auth.newPassword'), this.done ? html`<p role="status">${t('auth.resetDone')}</p>${this.link('/sign-in', t('auth.signIn'))}`
      : html`<form @submit=${this.#set}>${freshPassword({ name: 'fresh', label: t('auth.newPassword') })}${this.problem()}
        <button class="primary" ?disabled=${this.busy}>${t('chat.saveSettings')}</button></form>`);
  }
}

/** Confirms on a press: programs that look at links in mails confirm nothing. */
class MynahVerify extends LinkPage {
  #confirm = this.submit(async () => {
    await api.verifyEmail(this.token);
    this.done = true;
    this.tell('account-changed');
  });

  render() {
    return this.card(t('auth.verifyTitle'), this.done ? html`<p role="status">${t('auth.verifyDone')}</p>${this.link('/', t('auth.goOn'))}`
      : html`<form @submit=${this.#confirm}>${this.problem()}<button class="primary" ?disabled=${this.busy}>${t('auth.confirm')}</button></form>`);
  }
}

class MynahChangeEmail extends LinkPage {
  #agree = this.submit(async () => {
    this.done = await api.agreeToEmail(this.token);
    this.tell('account-changed');
  });

  render() {
    return this.card(t('auth.changeTitle'), this.done ? html`<p role="status">${t(this.done.done ? 'auth.changeDone' : 'auth.changeNext')}</p>${this.link('/', t('auth.goOn'))}`
      : html`<form @submit=${this.#agree}>${this.problem()}<button class="primary" ?disabled=${this.busy}>${t('auth.confirm')}</button></form>`);
  }
}

/** Who has an account accepts in it, who has none makes one. */
class MynahInvitation extends LinkPage {
  static properties = { user: { attribute: false }, invitation: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    api.lookAtInvitation(this.token).then((invitation) => { this.invitation = invitation; }, (error) => { this.error = error.message; });
  }

  #signUp = this.submit(async ({ name, password }) => {
    this.tell('signed-in', await api.signUp(name, this.invitation.email, password, this.token));
  });

  #accept = this.submit(async () => {
    await api.acceptInvitation(this.token);
    this.tell('account-changed');
    this.tell('navigate', '/');
  });

  render() {
    const invitation = this.invitation;
    if (!invitation) {
      return this.card(t('auth.invitation'), html`${this.problem()}${this.link('/', t('auth.goOn'))}`);
    }
    return this.card(t('auth.invitation'), html`<p>${t('auth.invitedBy', { inviter: invitation.inviter, organisation: invitation.organisation ?? 'Mynah' })}</p>${this.#way(invitation)}`);
  }

  #way(invitation) {
    if (!invitation.has_account) {
      return html`<form @submit=${this.#signUp}><label>${t('auth.email')}<input type="email" readonly autocomplete="username" .value=${invitation.email}></label>
        <label>${t('auth.name')}<input name="name" autocomplete="name" required maxlength="100"></label>${freshPassword()}${this.problem()}<button class="primary" ?disabled=${this.busy}>${t('auth.signUp')}</button></form>`;
    }
    if (this.user?.email === invitation.email) {
      return html`<form @submit=${this.#accept}>${this.problem()}<button class="primary" ?disabled=${this.busy}>${t('auth.accept')}</button></form>`;
    }
    return html`<p>${t('auth.signInFirst', { email: invitation.email })}</p>${this.problem()}`;
  }
}

customElements.define('mynah-auth', MynahAuth);
customElements.define('mynah-invitation', MynahInvitation);
customElements.define('mynah-new-password', MynahNewPassword);
customElements.define('mynah-forgot', MynahForgot);
customElements.define('mynah-reset', MynahReset);
customElements.define('mynah-verify', MynahVerify);
customElements.define('mynah-change-email', MynahChangeEmail);
