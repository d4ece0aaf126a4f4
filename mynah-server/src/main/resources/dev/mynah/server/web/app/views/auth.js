// Sign in and sign up.
import { html, nothing } from 'lit';
import { Element } from '../element.js';
import { api } from '../api.js';
import { language, setLanguage, t } from '../i18n.js';

class MynahAuth extends Element {
  static properties = { signUp: { type: Boolean }, expired: { type: Boolean }, error: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.signUp = false;
    this.expired = false;
  }

  #submit = async (event) => {
    event.preventDefault();
    const { name, email, password } = Object.fromEntries(new FormData(event.target));
    this.busy = true;
    this.error = null;
    try {
      this.tell('signed-in', await (this.signUp ? api.signUp(name, email, password) : api.signIn(email, password)));
    } catch (error) {
      this.error = error.message || t('error.unknown');
    } finally {
      this.busy = false;
    }
  };

  #other = (event) => {
    event.preventDefault();
    this.error = null;
    this.tell('navigate', this.signUp ? '/sign-in' : '/sign-up');
  };

  render() {
    const action = t(this.signUp ? 'auth.signUp' : 'auth.signIn');
    return html`
      <section class="auth">
        <img src="/app/mynah.svg" alt="" width="56" height="56">
        <h1>${t(this.signUp ? 'auth.create' : 'auth.welcome')}</h1>
        ${this.expired ? html`<p>${t('auth.expired')}</p>` : nothing}
        <form @submit=${this.#submit}>
          ${this.signUp ? html`<label>${t('auth.name')}<input name="name" autocomplete="name" required maxlength="200"></label>` : nothing}
          <label>${t('auth.email')}<input name="email" type="email" autocomplete="username" required maxlength="320"></label>
          <label>${t('auth.password')}
            <input name="password" type="password" required minlength=${this.signUp ? 12 : 1} maxlength="200"
              autocomplete=${this.signUp ? 'new-password' : 'current-password'} aria-describedby=${this.signUp ? 'password-rules' : nothing}>
          </label>
          ${this.signUp ? html`<p id="password-rules" class="hint">${t('auth.rules')}</p>` : nothing}
          ${this.error ? html`<p class="error" role="alert">${this.error}</p>` : nothing}
          <button class="primary" ?disabled=${this.busy}>${action}</button>
        </form>
        ${this.expired ? nothing : html`<p>${t(this.signUp ? 'auth.haveAccount' : 'auth.newHere')}
          <a href=${this.signUp ? '/sign-in' : '/sign-up'} @click=${this.#other}>${t(this.signUp ? 'auth.signIn' : 'auth.signUp')}</a></p>`}
        <button class="quiet" lang=${language() === 'en' ? 'zh' : 'en'} @click=${() => setLanguage(language() === 'en' ? 'zh' : 'en')}>${t('nav.language')}</button>
      </section>`;
  }
}

/** What the first administrator sees first: the password that was printed is good for one sign-in. */
class MynahNewPassword extends Element {
  static properties = { error: { state: true } };

  #submit = async (event) => {
    event.preventDefault();
    const { old, fresh } = Object.fromEntries(new FormData(event.target));
    try {
      this.tell('signed-in', await api.changePassword(old, fresh));
    } catch (error) {
      this.error = error.message || t('error.unknown');
    }
  };

  render() {
    return html`<section class="auth">
      <img src="/app/mynah.svg" alt="" width="56" height="56"><h1>${t('auth.newPassword')}</h1><p>${t('auth.mustChange')}</p>
      <form @submit=${this.#submit}>
        <label>${t('auth.oldPassword')}<input name="old" type="password" autocomplete="current-password" required maxlength="200"></label>
        <label>${t('auth.newPassword')}<input name="fresh" type="password" autocomplete="new-password" required minlength="12" maxlength="200" aria-describedby="new-rules"></label>
        <p id="new-rules" class="hint">${t('auth.rules')}</p>
        ${this.error ? html`<p class="error" role="alert">${this.error}</p>` : nothing}
        <button class="primary">${t('chat.saveSettings')}</button>
      </form></section>`;
  }
}

customElements.define('mynah-auth', MynahAuth);
customElements.define('mynah-new-password', MynahNewPassword);
