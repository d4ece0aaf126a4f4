// For those who run the service: the emergency stop, users, models, the audit log.
import { html } from 'lit';
import { Element } from '../element.js';
import { api } from '../api.js';
import { t, when } from '../i18n.js';
import { icon } from '../icons.js';

class MynahAdmin extends Element {
  static properties = { status: { state: true }, users: { state: true }, models: { state: true }, audit: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  async #load() {
    try {
      [this.status, this.users, this.models, this.audit] = await Promise.all([
        api.admin.status(), api.admin.users({}), api.admin.models(), api.admin.audit({}),
      ]);
    } catch (error) {
      this.tell('notice', error.message || t('error.network'));
    }
  }

  #stop = async () => {
    const stopped = !this.status.stopped;
    if (!stopped || confirm(t('admin.stopAsk'))) {
      await api.admin.stop(stopped);
      await this.#load();
    }
  };

  render() {
    const stopped = this.status?.stopped ?? false;
    return html`<div class="page wide">
      <a class="back" href="/" @click=${(event) => { event.preventDefault(); this.tell('navigate', '/'); }}>${icon('left')}${t('account.back')}</a>
      <h1>${t('admin.title')}</h1>
      <section class="stop"><p role="status">${t(stopped ? 'admin.stopped' : 'admin.running')}</p>
        <button class=${stopped ? 'primary' : 'primary danger'} @click=${this.#stop}>${t(stopped ? 'admin.resume' : 'admin.stop')}</button></section>
      ${table(t('admin.users'), [t('auth.name'), t('auth.email'), t('admin.role'), t('admin.state')], this.users?.data, (user) => [user.name, user.email, user.role, user.state])}
      ${table(t('admin.models'), [t('chat.model'), t('admin.enabled')], this.models?.data, (model) => [model.id, model.enabled ? '✓' : '–'])}
      ${table(t('admin.audit'), [t('admin.time'), t('admin.actor'), t('admin.action'), t('admin.subject')], this.audit?.data,
        (event) => [when(event.created_at), event.actor, event.action, event.subject])}</div>`;
  }
}

function table(title, heads, rows = [], cells) {
  return html`<section><h2>${title}</h2><div class="table"><table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${cells(row).map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div></section>`;
}

customElements.define('mynah-admin', MynahAdmin);
