// How one's own account is guarded: password, address, the second step, the browsers that are signed in.
import { html, nothing, svg } from 'lit';
import { api } from '../api.js';
import { copyText } from '../clipboard.js';
import { modal } from '../dialog.js';
import { t, when } from '../i18n.js';
import { icon } from '../icons.js';
import { createPasskey, isDeclined, passkeysSupported } from '../passkeys.js';
import { passwordField } from './fields.js';
import { PageView, loading } from './page.js';

class MynahSecurity extends PageView {
  static properties = { user: { attribute: false }, state: { state: true }, dialog: { state: true }, error: { state: true }, enrolment: { state: true }, codes: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  #load() {
    return this.attempt(async () => { this.state = await api.security.get(); });
  }

  #open(name) {
    return () => {
      this.dialog = name;
      this.error = null;
    };
  }

  #close = () => {
    this.dialog = null;
    this.enrolment = null;
    this.codes = null;
  };

  /** A listener of a form in a dialog, which stays open where something is wrong. */
  #submit(work) {
    return async (event) => {
      event.preventDefault();
      this.error = null;
      try {
        await work(Object.fromEntries(new FormData(event.target)));
        await this.#load();
      } catch (error) {
        this.error = error.message || t('error.unknown');
      }
    };
  }

  #then(work, notice) {
    return () => this.attempt(async () => {
      await work();
      await this.#load();
      if (notice) {
        this.tell('success', notice);
      }
    });
  }

  #password = this.#submit(async ({ old, fresh }) => {
    this.tell('signed-in', await api.changePassword(old, fresh));
    this.#close();
    this.tell('success', t('account.saved'));
  });

  #email = this.#submit(async ({ email, password }) => {
    await api.changeEmail(email, password);
    this.#close();
    this.tell('success', t('security.emailSent'));
  });

  #enrol = this.#submit(async ({ password }) => {
    this.enrolment = await api.security.enrol(password);
  });

  #confirm = this.#submit(async ({ code }) => {
    this.codes = (await api.security.confirm(code)).recovery_codes;
    this.tell('account-changed');
  });

  #remove = this.#submit(async ({ code, password }) => {
    await api.security.remove(code, password);
    this.#close();
    this.tell('account-changed');
  });

  #addPasskey = this.#submit(async ({ name, password }) => {
    const options = await api.security.passkeyOptions(password);
    try {
      await api.security.addPasskey(name, await createPasskey(options));
    } catch (error) {
      throw isDeclined(error) || error.name === 'InvalidStateError' ? new Error(t('auth.passkeyDeclined')) : error;
    }
    this.#close();
    this.tell('account-changed');
  });

  #removePasskey = this.#submit(async ({ password }) => {
    await api.security.removePasskey(this.passkey.id, password);
    this.#close();
    this.tell('account-changed');
  });

  render() {
    if (!this.state) {
      return loading();
    }
    const { password, totp, recovery_codes: left, passkeys, providers, sessions } = this.state;
    return html`<h2>${t('security.title')}</h2>
      <ul class="keys facts">
        <li><span>${t('auth.email')}<small class="hint">${this.user.email}${this.user.email_verified ? nothing : html` · ${t('security.unverified')}`}</small></span>
          ${this.user.email_verified ? nothing : html`<button @click=${this.#then(() => api.sendVerification(), t('security.verificationSent'))}>${t('security.sendAgain')}</button>`}
          <button @click=${this.#open('email')}>${t('security.change')}</button></li>
        <li><span>${t('auth.password')}${password ? nothing : html`<small class="hint">${t('security.noPassword')}</small>`}</span>
          ${password ? html`<button @click=${this.#open('password')}>${t('security.change')}</button>` : nothing}</li>
        <li><span>${t('security.totp')}<small class="hint">${totp ? t('security.totpOn', { count: left }) : t('security.totpOff')}</small></span>
          <button @click=${this.#open(totp ? 'remove' : 'totp')}>${t(totp ? 'security.remove' : 'security.setUp')}</button></li>
        <li><span>${t('security.passkeys')}<small class="hint">${t('security.passkeysHint')}</small></span>
          ${passkeysSupported() ? html`<button @click=${this.#open('passkey')}>${t('security.addPasskey')}</button>` : nothing}</li>
        ${passkeys.map((passkey) => html`<li class="inner"><span dir="auto">${passkey.name}<small class="hint">${passkey.last_used_at ? t('security.lastUsed', { when: when(passkey.last_used_at) }) : t('security.neverUsed')}</small></span>
          <button class="quiet danger" aria-label=${t('security.removeNamed', { name: passkey.name })} @click=${() => { this.passkey = passkey; this.#open('removePasskey')(); }}>${t('security.remove')}</button></li>`)}
        ${providers.map((issuer) => html`<li><span>${t('security.provider')}<small class="hint">${issuer}</small></span></li>`)}
      </ul>
      <h3>${t('security.sessions')}</h3>
      <ul class="keys facts">${sessions.map((session) => html`<li><span>${browserName(session.agent)}<small class="hint">${session.address} · ${session.current ? t('security.current') : t('security.lastSeen', { when: when(session.last_seen_at) })}</small></span>
        ${session.current ? nothing : html`<button class="quiet danger" @click=${this.#then(() => api.security.endSession(session.id))}>${t('security.end')}</button>`}</li>`)}</ul>
      ${sessions.length > 1 ? html`<div class="buttons start"><button @click=${this.#then(() => api.security.endOthers())}>${t('security.endOthers')}</button></div>` : nothing}
      ${this.dialog ? this.#dialog() : nothing}`;
  }

  #dialog() {
    const content = { email: () => this.#emailForm(), password: () => this.#passwordForm(), totp: () => this.#totpForm(), remove: () => this.#removeForm(), passkey: () => this.#passkeyForm(), removePasskey: () => this.#removePasskeyForm() }[this.dialog]();
    return html`<dialog ${modal()} aria-labelledby="security-dialog" @close=${this.#close}>${content}</dialog>`;
  }

  #form(title, listener, fields, action) {
    return html`<form @submit=${listener}><h2 id="security-dialog">${title}</h2>${fields}${this.error ? html`<p class="error" role="alert">${this.error}</p>` : nothing}
      <div class="buttons"><button type="button" @click=${this.#close}>${t('chat.cancel')}</button><button class="primary">${action}</button></div></form>`;
  }

  /** Who the user is, asked again; an account without a password has just signed in. */
  #proof() {
    return this.state.password ? passwordField() : nothing;
  }

  #emailForm() {
    return this.#form(t('security.emailTitle'), this.#email, html`<p>${t(this.user.email_verified ? 'security.emailBoth' : 'security.emailNew')}</p>
      <label>${t('security.newEmail')}<input name="email" type="email" required maxlength="320" autocomplete="email"></label>${this.#proof()}`, t('auth.sendLink'));
  }

  #passwordForm() {
    return this.#form(t('auth.newPassword'), this.#password, html`${passwordField({ name: 'old', label: t('auth.oldPassword') })}${passwordField({ name: 'fresh', label: t('auth.newPassword'), fresh: true })}
      <p id="rules" class="hint">${t('auth.rules')} ${t('security.passwordEnds')}</p>`, t('chat.saveSettings'));
  }

  #totpForm() {
    if (this.codes) {
      return html`<div class="sheet"><h2 id="security-dialog">${t('security.codesTitle')}</h2><p>${t('security.codesHint')}</p><pre class="block codes">${this.codes.join('\n')}</pre>
        <div class="buttons"><button @click=${() => copyText(this.codes.join('\n'))}>${icon('copy')} ${t('chat.copy')}</button><button class="primary" @click=${this.#close}>${t('security.codesKept')}</button></div></div>`;
    }
    if (!this.enrolment) {
      return this.#form(t('security.totp'), this.#enrol, html`<p>${t('security.totpHint')}</p>${this.#proof()}`, t('auth.goOn'));
    }
    return this.#form(t('security.totp'), this.#confirm, html`<p>${t('security.scan')}</p>${qrCode(this.enrolment.qr_code)}
      <p class="hint">${t('security.typeInstead')} <code>${this.enrolment.secret.match(/.{1,4}/g).join(' ')}</code></p>
      <label>${t('auth.code')}<input name="code" required maxlength="10" inputmode="numeric" autocomplete="one-time-code" autofocus></label>`, t('security.turnOn'));
  }

  #passkeyForm() {
    return this.#form(t('security.addPasskey'), this.#addPasskey, html`<p>${t('security.passkeyAsk')}</p>
      <label>${t('security.passkeyName')}<input name="name" required maxlength="100" .value=${browserName(navigator.userAgent)}></label>${this.#proof()}`, t('auth.goOn'));
  }

  #removePasskeyForm() {
    return this.#form(t('security.removeNamed', { name: this.passkey.name }), this.#removePasskey, html`<p>${t('security.removePasskeyHint')}</p>${this.#proof()}`, t('security.remove'));
  }

  #removeForm() {
    return this.#form(t('security.removeTitle'), this.#remove, html`<p>${t('security.removeHint')}</p>${this.#proof()}
      <label>${t('auth.code')}<input name="code" required maxlength="30" autocomplete="one-time-code" autocapitalize="none" spellcheck="false"></label>`, t('security.remove'));
  }
}

/** A QR code with the quiet zone that its standard asks for; dark on light in both themes, as cameras want it. */
function qrCode(lines) {
  const size = lines.length + 8;
  const path = lines.flatMap((line, y) => line.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ''))).join('');
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label=${t('security.qrCode')}>${svg`<rect width=${size} height=${size} fill="#fff"/><path d=${path} fill="#000"/>`}</svg>`;
}

/** What a browser calls itself, as people know it. */
function browserName(agent) {
  const browser = [['Edg/', 'Edge'], ['OPR/', 'Opera'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']].find(([mark]) => agent.includes(mark))?.[1];
  const system = [['Android', 'Android'], ['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Windows', 'Windows'], ['Mac OS', 'macOS'], ['Linux', 'Linux']].find(([mark]) => agent.includes(mark))?.[1];
  return [browser, system].filter(Boolean).join(' · ') || agent.slice(0, 60) || t('security.unknownBrowser');
}

customElements.define('mynah-security', MynahSecurity);
