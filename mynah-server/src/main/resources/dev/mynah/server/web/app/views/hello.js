// A chat that has not begun: the assistants, and what one may begin with.
import { html, nothing } from 'lit';
import { Element } from '../element.js';
import { api } from '../api.js';
import { shipped } from '../assistants.js';
import { modal } from '../dialog.js';
import { language, t } from '../i18n.js';
import { icon } from '../icons.js';

/** A starter that is a whole sentence is sent at once; one that wants more is put into the field. */
const WHOLE = /[.?!。？！]$/;

class MynahHello extends Element {
  /** introduction: what the model says of itself; then the assistants for general models are left out. What one may begin with is shown once the models are known. */
  static properties = { folder: { attribute: false }, settings: { attribute: false }, models: { attribute: false }, introduction: { attribute: false }, own: { state: true }, editing: { state: true } };

  constructor() {
    super();
    this.own = [];
  }

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  #load() {
    return this.attempt(async () => {
      this.own = (await api.assistants()).data;
    });
  }

  get #chosen() {
    return [...shipped(language()), ...this.own].find((one) => one.id === this.settings.assistant);
  }

  #choose(assistant) {
    const { assistant: id, system, ...others } = this.settings;
    this.tell('settings', assistant.id === id ? others : { ...others, assistant: assistant.id, system: assistant.instructions });
    if (assistant.model && assistant.id !== id) {
      this.tell('model', assistant.model);
    }
    this.tell('begin', '');
  }

  #save = async (event) => {
    event.preventDefault();
    const { starters, ...others } = Object.fromEntries(new FormData(event.target));
    return this.attempt(async () => {
      await api.saveAssistant({ ...others, id: this.editing.id, starters: starters.split('\n') });
      this.editing = null;
      await this.#load();
    });
  };

  #delete = async () => {
    await api.deleteAssistant(this.editing.id);
    this.editing = null;
    await this.#load();
  };

  render() {
    const chosen = this.#chosen;
    const description = chosen ? chosen.description : this.introduction?.description;
    return html`<div class="hello"><img src="/app/mynah.svg" alt="" width="56" height="56"><h1>${chosen ? chosen.name : t('chat.hello')}</h1>
      ${this.folder ? html`<p class="soft in-folder">${icon('folder')}<span>${t('folder.begins')}</span><strong dir="auto">${this.folder}</strong></p>` : nothing}
      ${description ? html`<p class="soft">${description}</p>` : nothing}
      ${this.models.length === 0 ? nothing : this.introduction ? [this.#starterButtons(chosen), this.#assistants(chosen)] : [this.#assistants(chosen), this.#starterButtons(chosen)]}
      ${this.editing ? this.#form() : nothing}</div>`;
  }

  #assistants(chosen) {
    return html`<div class="assistants" role="group" aria-label=${t('assistant.title')}>
        ${this.#general.map((one) => this.#chip(one, chosen))}
        ${this.own.map((one) => html`<span class="own">${this.#chip(one, chosen)}<button class="quiet" aria-label=${t('assistant.edit', { name: one.name })}
          @click=${() => { this.editing = one; }}>${icon('edit')}</button></span>`)}
        <button class="chip dashed" @click=${() => { this.editing = {}; }}>+ ${t('assistant.new')}</button></div>`;
  }

  #starterButtons(chosen) {
    return html`<div class="starters">${this.#starters(chosen).map((text) => html`<button @click=${() => this.tell(WHOLE.test(text) ? 'start' : 'begin', text)} dir="auto">${text}</button>`)}</div>`;
  }

  /** The assistants for models that can be told anything. */
  get #general() {
    return this.introduction ? [] : shipped(language());
  }

  /** The chosen assistant's; else the model's own; else one each of the first four. */
  #starters(chosen) {
    return chosen?.starters ?? this.introduction?.starters ?? this.#general.slice(0, 4).map((one) => one.starters[0]);
  }

  #chip(one, chosen) {
    return html`<button class="chip" aria-pressed=${one.id === chosen?.id ? 'true' : 'false'} title=${one.description} @click=${() => this.#choose(one)}>${one.name}</button>`;
  }

  #form() {
    const one = this.editing;
    return html`<dialog ${modal()} aria-labelledby="assistant-title" @close=${() => { this.editing = null; }}>
      <form @submit=${this.#save}><h2 id="assistant-title">${one.id ? one.name : t('assistant.new')}</h2>
        <label>${t('auth.name')}<input name="name" required maxlength="100" .value=${one.name ?? ''}></label>
        <label>${t('assistant.description')}<input name="description" maxlength="300" .value=${one.description ?? ''}></label>
        <label>${t('chat.system')}<textarea name="instructions" rows="5" required maxlength="20000" placeholder=${t('chat.systemHint')} .value=${one.instructions ?? ''}></textarea></label>
        <label>${t('assistant.starters')}<textarea name="starters" rows="3" maxlength="6000" .value=${(one.starters ?? []).join('\n')}></textarea></label>
        <label>${t('chat.model')}<select name="model"><option value="">${t('assistant.anyModel')}</option>
          ${this.models.map((model) => html`<option value=${model.id} ?selected=${model.id === one.model}>${model.id}</option>`)}</select></label>
        <div class="buttons">${one.id ? html`<button type="button" class="danger" @click=${this.#delete}>${t('chat.delete')}</button>` : nothing}
          <button type="button" @click=${() => { this.editing = null; }}>${t('chat.cancel')}</button><button class="primary">${t('chat.saveSettings')}</button></div></form></dialog>`;
  }
}

customElements.define('mynah-hello', MynahHello);
