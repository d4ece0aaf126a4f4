// Organisations: which one to work in, members, invitations, projects with their keys and usage.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { modal } from '../dialog.js';
import { number, t, when } from '../i18n.js';
import { money } from '../money.js';
import { PageView, loading, table } from './page.js';

class MynahOrganisation extends PageView {
  static properties = { user: { attribute: false }, all: { state: true }, members: { state: true }, invitations: { state: true }, usage: { state: true }, doomed: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  /** The organisation that is worked in. */
  get #current() {
    return this.all.find((organisation) => organisation.current);
  }

  #load() {
    return this.attempt(async () => {
      this.all = await api.organisations.list();
      const { id, role } = this.#current;
      [this.members, this.invitations, this.usage] = await Promise.all([api.organisations.members(id),
        ...(role === 'owner' ? [api.organisations.invitations(id), api.organisations.usage(id)] : [[], []])]);
    });
  }

  #do(work, notice) {
    return this.attempt(async () => {
      await work();
      await this.#load();
      this.tell('account-changed');
      if (notice) {
        this.tell('success', notice);
      }
    });
  }

  #form(work, notice) {
    return (event) => {
      event.preventDefault();
      const form = event.target;
      this.#do(async () => {
        await work(Object.fromEntries(new FormData(form)));
        form.reset();
      }, notice);
    };
  }

  render() {
    if (!this.members) {
      return html`<div class="page">${this.head(t('organisation.title'))}${loading()}</div>`;
    }
    const organisation = this.#current;
    const owner = organisation.role === 'owner';
    return html`<div class="page">${this.head(t('organisation.title'))}
      ${this.all.length > 1 ? html`<label class="filter">${t('organisation.workIn')}<select @change=${(event) => { const id = event.target.value; this.#do(() => api.organisations.choose(id)); }}>
        ${this.all.map((one) => html`<option value=${one.projects[0]?.id} ?selected=${one.current}>${one.name}</option>`)}</select></label>` : nothing}
      ${owner ? html`<form class="inline" @submit=${this.#form(({ name }) => api.organisations.rename(organisation.id, name), t('account.saved'))}>
        <label>${t('auth.name')}<input name="name" required maxlength="100" .value=${organisation.name}></label><button>${t('chat.saveSettings')}</button></form>` : html`<p><strong dir="auto">${organisation.name}</strong></p>`}
      <section><h2>${t('organisation.members')}</h2>${this.#members(organisation, owner)}</section>
      <section><h2>${t('organisation.projects')}</h2>${this.#projects(organisation, owner)}</section>
      ${this.doomed ? this.#confirm(organisation.id, this.doomed) : nothing}</div>`;
  }

  #members({ id, own }, owner) {
    return html`<ul class="keys facts">${this.members.map((member) => html`<li><span dir="auto">${member.name}<small class="hint">${member.email} · ${t(`organisation.${member.role}`)}</small></span>
        ${owner && !(own && member.user_id === this.user.id) ? html`<button @click=${() => this.#do(() => api.organisations.setRole(id, member.user_id, member.role === 'owner' ? 'member' : 'owner'))}>${t(member.role === 'owner' ? 'organisation.makeMember' : 'organisation.makeOwner')}</button>` : nothing}
        ${this.#mayGo(member, own, owner) ? html`<button class="quiet danger" aria-label=${t('security.removeNamed', { name: member.name })} @click=${() => this.#do(() => api.organisations.remove(id, member.user_id))}>${t(member.user_id === this.user.id ? 'organisation.leave' : 'security.remove')}</button>` : nothing}</li>`)}
      ${this.invitations.map((invitation) => html`<li><span>${invitation.email}<small class="hint">${t('organisation.invited', { when: when(invitation.created_at) })} · ${t(`organisation.${invitation.member_role}`)}</small></span>
        <button class="quiet danger" aria-label=${t('security.removeNamed', { name: invitation.email })} @click=${() => this.#do(() => api.organisations.uninvite(id, invitation.id))}>${t('organisation.takeBack')}</button></li>`)}</ul>
      ${owner ? html`<form class="inline" @submit=${this.#form(({ email, role }) => api.organisations.invite(id, email, role), t('organisation.inviteSent'))}>
        <label>${t('auth.email')}<input name="email" type="email" required maxlength="320" autocomplete="off"></label>
        <select name="role" aria-label=${t('organisation.role')}><option value="member">${t('organisation.member')}</option><option value="owner">${t('organisation.owner')}</option></select>
        <button class="primary">${t('organisation.invite')}</button></form>` : nothing}`;
  }

  /** Owners remove others; who was invited leaves; whose organisation it is stays. */
  #mayGo(member, own, owner) {
    return member.user_id === this.user.id ? !own : owner;
  }

  #confirm(id, project) {
    const remove = () => {
      this.doomed = null;
      this.#do(() => api.organisations.deleteProject(id, project.id));
    };
    return html`<dialog ${modal()} aria-labelledby="delete-project" @close=${() => { this.doomed = null; }}><div class="sheet"><h2 id="delete-project">${t('organisation.deleteTitle')}</h2>
      <p dir="auto">${t('organisation.deleteProject', { name: project.name })}</p>
      <div class="buttons"><button @click=${() => { this.doomed = null; }}>${t('chat.cancel')}</button><button class="primary danger" @click=${remove}>${t('chat.delete')}</button></div></div></dialog>`;
  }

  #projects({ id, projects }, owner) {
    return html`<ul class="keys facts">${projects.map((project) => html`<li><span dir="auto">${project.name}${project.current ? html`<small class="hint">${t('organisation.current')}</small>` : nothing}</span>
        ${project.current ? nothing : html`<button @click=${() => this.#do(() => api.organisations.choose(project.id))}>${t('organisation.use')}</button>`}
        ${owner && projects.length > 1 ? html`<button class="quiet danger" aria-label=${t('security.removeNamed', { name: project.name })} @click=${() => { this.doomed = project; }}>${t('chat.delete')}</button>` : nothing}</li>`)}</ul>
      ${owner ? html`<form class="inline" @submit=${this.#form(({ name }) => api.organisations.addProject(id, name))}><label>${t('organisation.projectName')}<input name="name" required maxlength="100"></label><button class="primary">${t('organisation.addProject')}</button></form>
        ${this.usage.length > 0 ? html`<h3>${t('organisation.usage')}</h3>${table(t('organisation.usage'), [t('organisation.project'), t('account.requests'), t('account.tokensIn'), t('account.tokensOut'), t('account.cost')],
          this.usage.map((row) => [projects.find((project) => project.id === row.project_id)?.name ?? t('organisation.deleted'), number(row.requests), number(row.prompt_tokens), number(row.completion_tokens), money(row.cost, row.currency)]))}` : nothing}` : nothing}`;
  }
}

customElements.define('mynah-organisation', MynahOrganisation);
