// One conversation. The server owns the answer that runs: this view follows it, and joins it again after a reload or a lost connection.
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { Element } from '../element.js';
import { api, follow } from '../api.js';
import { MessageTree } from '../tree.js';
import { t } from '../i18n.js';
import { icon } from '../icons.js';
import { adoptDraft } from './composer.js';
import './message.js';

const MODEL = 'mynah.model';
/** Where a chat's settings are kept: they go with every question. */
const settingsKey = (conversation) => `mynah.settings.${conversation ?? 'new'}`;
const ASSISTANTS = ['poetry', 'writing', 'summary', 'translation', 'code', 'service', 'quiz', 'interview'];
/** Nearer to the end than this, the view stays at the end while an answer comes. */
const NEAR_END_PX = 80;

class MynahChat extends Element {
  static properties = {
    conversation: { attribute: false }, sidebarOpen: { attribute: false }, tree: { state: true }, models: { state: true }, model: { state: true },
    running: { state: true }, offline: { state: true }, away: { state: true }, settings: { state: true }, showSettings: { state: true }, announced: { state: true },
  };

  #following = null;

  constructor() {
    super();
    this.tree = new MessageTree();
    this.models = [];
    this.settings = {};
    this.addEventListener('send', (event) => this.#send(event.detail, this.tree.last()?.id ?? null));
    this.addEventListener('stop', () => api.stop(this.conversation, this.running.id));
    this.addEventListener('regenerate', (event) => this.#regenerate(event.detail));
    this.addEventListener('edit-message', (event) => this.#send(event.detail.content, event.detail.message.parent_id ?? null));
    this.addEventListener('grown', () => this.#staySeen());
    this.addEventListener('step', (event) => { this.tree.step(event.detail.message, event.detail.places); this.requestUpdate(); });
  }

  connectedCallback() {
    super.connectedCallback();
    this.modelsLoaded = this.#loadModels();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#following?.abort();
  }

  willUpdate(changed) {
    if (changed.has('conversation') && this.conversation !== this.loaded) {
      this.#load();
    }
  }

  async #loadModels() {
    try {
      this.models = (await api.models()).data;
      const wanted = localStorage.getItem(MODEL);
      this.model ??= this.models.find((model) => model.id === wanted)?.id ?? this.models[0]?.id;
    } catch (error) {
      this.tell('notice', error.message || t('error.network'));
    }
  }

  async #load() {
    this.#following?.abort();
    this.running = null;
    this.loaded = this.conversation;
    this.tree = new MessageTree();
    this.settings = JSON.parse(localStorage.getItem(settingsKey(this.conversation)) ?? '{}');
    if (this.conversation === null) {
      document.title = t('app.name');
      return;
    }
    try {
      const [conversation, messages] = await Promise.all([api.conversation(this.conversation), api.messages(this.conversation)]);
      if (conversation.id !== this.conversation) {
        return;
      }
      this.#nameTab(conversation);
      this.model = conversation.model;
      this.tree = new MessageTree(messages);
      const running = messages.findLast((message) => message.state === 'running');
      if (running) {
        this.#follow(running);
      }
      await this.updateComplete;
      this.#toEnd();
    } catch (error) {
      this.tell('notice', error.message || t('error.network'));
    }
  }

  async #send(content, parent) {
    // A second Enter before the server has answered the first is not a second question.
    if (this.sending) {
      return;
    }
    this.sending = true;
    try {
      if (this.conversation === null) {
        await this.modelsLoaded;
        const created = await api.createConversation(this.model);
        this.loaded = created.id;
        this.conversation = created.id;
        adoptDraft(created.id);
        localStorage.removeItem(settingsKey(null));
        this.#keepSettings();
        this.tell('navigate', `/c/${created.id}`);
      }
      const { question, answer } = await api.ask(this.conversation, { ...this.settings, content, ...(parent && { parent_id: parent }) });
      this.tree.put(question);
      this.querySelector('mynah-composer').sent();
      this.#follow(answer);
      window.dispatchEvent(new Event('conversations-changed'));
      await this.updateComplete;
      this.#toEnd();
      if (parent === null) {
        this.#nameTab(await api.conversation(this.conversation));
      }
    } catch (error) {
      this.tell('notice', error.message || t('error.unknown'));
    } finally {
      this.sending = false;
    }
  }

  #nameTab(conversation) {
    if (conversation.id === this.conversation) {
      document.title = `${conversation.title || t('chat.untitled')} · ${t('app.name')}`;
    }
  }

  #keepSettings() {
    localStorage.setItem(settingsKey(this.conversation), JSON.stringify(this.settings));
  }

  async #regenerate(message) {
    try {
      const { answer } = await api.regenerate(this.conversation, message.id, this.settings);
      this.#follow(answer);
    } catch (error) {
      this.tell('notice', error.message || t('error.unknown'));
    }
  }

  async #follow(answer) {
    this.#following?.abort();
    const following = new AbortController();
    this.#following = following;
    this.announced = t('chat.writing');
    let message = { ...answer, content: '' };
    const show = (change) => {
      message = { ...message, ...change };
      this.tree.put(message);
      this.running = message.state === 'running' ? message : null;
      this.#staySeen();
    };
    show({});
    try {
      const end = await follow(this.conversation, answer.id, {
        signal: following.signal,
        onConnection: (connected) => { this.offline = !connected; },
        onText: (text) => show({ content: message.content + text }),
      });
      show({ state: end.state });
      this.announced = `${t('chat.done')}. ${message.content}`;
      window.dispatchEvent(new Event('conversations-changed'));
    } catch (error) {
      if (!following.signal.aborted) {
        show({ state: 'failed' });
        this.tell('notice', error.message || t('error.unknown'));
      }
    }
  }

  #scroller() {
    return this.querySelector('.scroller');
  }

  #staySeen() {
    const scroller = this.#scroller();
    if (scroller && !this.away) {
      requestAnimationFrame(() => this.#toEnd());
    }
  }

  #toEnd = () => {
    const scroller = this.#scroller();
    scroller?.scrollTo({ top: scroller.scrollHeight });
  };

  #scrolled = (event) => {
    const { scrollTop, scrollHeight, clientHeight } = event.target;
    this.away = scrollHeight - scrollTop - clientHeight > NEAR_END_PX;
  };

  render() {
    const path = this.tree.path();
    return html`
      <header class="bar">
        ${this.sidebarOpen ? nothing : html`<button class="quiet" aria-label=${t('nav.open')} title=${t('nav.open')} @click=${() => this.tell('toggle-sidebar')}>${icon('sidebar')}</button>`}
        <label class="model"><span class="hidden">${t('chat.model')}</span>
          <select aria-label=${t('chat.model')} @change=${(event) => { this.model = event.target.value; localStorage.setItem(MODEL, this.model); }}>
            ${this.models.map((model) => html`<option value=${model.id} ?selected=${model.id === this.model}>${model.id}</option>`)}
          </select></label>
        <button class="quiet" aria-label=${t('chat.settings')} title=${t('chat.settings')} aria-expanded=${this.showSettings ? 'true' : 'false'}
          @click=${() => { this.showSettings = !this.showSettings; }}>${icon('settings')}</button>
      </header>
      ${this.showSettings ? this.#settingsForm() : nothing}
      <div class="scroller" @scroll=${this.#scrolled}>
        ${path.length === 0 ? this.#hello() : html`<section class="thread" aria-label=${t('chat.conversation')}>
          ${repeat(path, (place) => place.message.id, ({ message, at, of }, index) => html`<mynah-message .message=${message} .conversation=${this.conversation} .at=${at} .of=${of}
            .last=${index === path.length - 1} .busy=${Boolean(this.running)}></mynah-message>`)}</section>`}
      </div>
      <div class="hidden" role="status" aria-live="polite">${this.announced}</div>
      <footer class="foot">
        ${this.offline ? html`<p class="hint" role="status">${t('error.network')}</p>` : nothing}
        ${this.away && path.length > 0 ? html`<button class="round to-end" aria-label=${t('chat.toEnd')} title=${t('chat.toEnd')} @click=${this.#toEnd}>${icon('down')}</button>` : nothing}
        <mynah-composer .conversation=${this.conversation} .running=${Boolean(this.running)}></mynah-composer>
        <p class="hint">${t('chat.mark')}</p>
      </footer>`;
  }

  #hello() {
    return html`<div class="hello"><img src="/app/mynah.svg" alt="" width="64" height="64"><h1>${t('chat.hello')}</h1>
      <div class="starters" role="group" aria-label=${t('assistant.title')}>${ASSISTANTS.map((name) => html`<button @click=${() => this.#start(name)}>
        <strong>${t(`assistant.${name}`)}</strong><span>${t(`assistant.${name}.prompt`)}</span></button>`)}</div></div>`;
  }

  #start(name) {
    const composer = this.querySelector('mynah-composer');
    composer.text = t(`assistant.${name}.prompt`);
    composer.querySelector('textarea').focus();
  }

  #settingsForm() {
    const set = (name, value) => {
      const { [name]: old, ...others } = this.settings;
      this.settings = value === '' ? others : { ...others, [name]: value };
      this.#keepSettings();
    };
    return html`<form class="settings" @submit=${(event) => event.preventDefault()}>
      <label>${t('chat.system')}<textarea rows="3" maxlength="20000" placeholder=${t('chat.systemHint')} .value=${this.settings.system ?? ''}
        @change=${(event) => set('system', event.target.value)}></textarea></label>
      <label>${t('chat.temperature')}<input type="number" min="0" max="2" step="0.1" .value=${this.settings.temperature ?? ''}
        @change=${(event) => set('temperature', event.target.value === '' ? '' : Number(event.target.value))}></label>
      <label>${t('chat.maxTokens')}<input type="number" min="1" .value=${this.settings.max_tokens ?? ''}
        @change=${(event) => set('max_tokens', event.target.value === '' ? '' : Number(event.target.value))}></label></form>`;
  }
}

customElements.define('mynah-chat', MynahChat);
