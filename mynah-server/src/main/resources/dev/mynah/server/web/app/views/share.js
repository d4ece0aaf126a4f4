// Sharing one conversation: makes a link, and takes it back.
import { html, nothing } from 'lit';
import { Element } from '../element.js';
import { api } from '../api.js';
import { copyText } from '../clipboard.js';
import { modal } from '../dialog.js';
import { t, when } from '../i18n.js';

/** The address of a shared conversation. */
export const shareLink = (id) => `${location.origin}/share/${id}`;

class MynahShare extends Element {
  static properties = { conversation: { attribute: false }, leaf: { attribute: false }, links: { state: true }, copied: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  async #load() {
    this.links = (await api.shares()).data.filter((link) => link.conversation_id === this.conversation);
  }

  #make = async () => {
    return this.attempt(async () => {
      await api.share(this.conversation, this.leaf);
      await this.#load();
    });
  };

  async #copy(link) {
    await copyText(shareLink(link.id));
    this.copied = link.id;
  }

  async #revoke(link) {
    await api.unshare(link.id);
    await this.#load();
  }

  render() {
    return html`<dialog ${modal()} aria-labelledby="share-title" @close=${() => this.tell('done')}><div class="sheet"><h2 id="share-title">${t('chat.share')}</h2>
      <p>${t('share.explain')}</p>
      ${(this.links ?? []).map((link) => html`<div class="link"><input readonly aria-label=${t('share.link')} .value=${shareLink(link.id)}><span class="hint">${when(link.created_at)}</span>
        <button @click=${() => this.#copy(link)}>${t(this.copied === link.id ? 'chat.copied' : 'chat.copy')}</button>
        <button class="danger" @click=${() => this.#revoke(link)}>${t('account.revoke')}</button></div>`)}
      <div class="buttons"><button @click=${() => this.tell('done')}>${t('dialog.close')}</button>
        ${this.leaf ? html`<button class="primary" @click=${this.#make}>${t('share.make')}</button>` : nothing}</div></div></dialog>`;
  }
}

/** What somebody sees who has a link: no account is needed. */
class MynahShared extends Element {
  static properties = { link: { attribute: false }, shared: { state: true }, failed: { state: true } };

  async connectedCallback() {
    super.connectedCallback();
    try {
      this.shared = await api.shared(this.link);
      document.title = `${this.shared.title || t('chat.untitled')} · ${t('app.name')}`;
    } catch {
      this.failed = true;
    }
  }

  render() {
    if (this.failed) {
      return html`<main class="page"><h1>${t('share.gone')}</h1><p><a href="/">${t('app.name')}</a></p></main>`;
    }
    if (!this.shared) {
      return nothing;
    }
    return html`<main class="page shared"><header><a class="brand" href="/"><img src="/app/mynah.svg" alt="" width="28" height="28">${t('app.name')}</a>
        <span class="hint">${t('share.shared', { when: when(this.shared.created_at) })}</span></header>
      <h1 dir="auto">${this.shared.title || t('chat.untitled')}</h1>
      ${this.shared.messages.map((message) => html`<mynah-message .message=${{ ...message, state: 'complete' }} .at=${0} .of=${1} .readOnly=${true}></mynah-message>`)}
      <p class="hint">${t('chat.mark')}</p></main>`;
  }
}

customElements.define('mynah-share', MynahShare);
customElements.define('mynah-shared', MynahShared);
