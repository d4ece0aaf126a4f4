// Invitations to the service: by mail, with the role that the invited will have.
import { html } from 'lit';
import { api } from '../api.js';
import { moment, t } from '../i18n.js';
import { PageView, loading, table } from './page.js';

const ROLES = ['user', 'operator', 'administrator'];

class MynahInvitations extends PageView {
  static properties = { rows: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  #load() {
    return this.attempt(async () => { this.rows = await api.admin.invitations(); });
  }

  #invite = (event) => {
    event.preventDefault();
    const form = event.target;
    this.attempt(async () => {
      await api.admin.invite(form.email.value, form.role.value);
      form.reset();
      await this.#load();
      this.tell('success', t('organisation.inviteSent'));
    });
  };

  #takeBack(invitation) {
    return this.attempt(async () => {
      await api.admin.uninvite(invitation.id);
      await this.#load();
    });
  }

  render() {
    return html`<h2>${t('admin.invitations')}</h2><p class="hint">${t('admin.invitationsHint')}</p>
      <form class="inline" @submit=${this.#invite}><label>${t('auth.email')}<input name="email" type="email" required maxlength="320" autocomplete="off"></label>
        <select name="role" aria-label=${t('organisation.role')}>${ROLES.map((role) => html`<option value=${role}>${t(`admin.role.${role}`)}</option>`)}</select><button class="primary">${t('organisation.invite')}</button></form>
      ${!this.rows ? loading() : this.rows.length === 0 ? html`<p class="empty">${t('admin.noInvitations')}</p>` : table(t('admin.invitations'), [t('auth.email'), t('admin.role'), t('admin.invitedBy'), t('bill.expires'), ''],
        this.rows.map((one) => [one.email, [t(`admin.role.${one.user_role.toLowerCase()}`), one.organisation].filter(Boolean).join(' · '), one.inviter, moment(one.expires_at),
          html`<button class="danger" aria-label=${t('admin.takeBack', { email: one.email })} @click=${() => this.#takeBack(one)}>${t('organisation.takeBack')}</button>`]))}`;
  }
}

customElements.define('mynah-invitations', MynahInvitations);
