// One conversation. The server owns the answer that runs: this view follows it, and joins it again after a reload or a lost connection.
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { Element } from '../element.js';
import { api, follow } from '../api.js';
import { MessageTree } from '../tree.js';
import { t } from '../i18n.js';
import { icon } from '../icons.js';
import { adoptDraft } from './composer.js';
import './compare.js';
import './hello.js';
import './message.js';
import './settings.js';

const MODEL = 'mynah.model';
/** Where the settings of a chat are kept until it begins; then the server has them. */
const NEW_SETTINGS = 'mynah.settings.new';
/** What of the settings goes with a question. */
const asked = ({ assistant, ...settings }) => settings;
/** Nearer to the end than this, the view stays at the end while an answer comes. */
const NEAR_END_PX = 80;

class MynahChat extends Element {
  static properties = {
    conversation: { attribute: false }, sidebarOpen: { attribute: false }, tree: { state: true }, models: { state: true }, model: { state: true },
    running: { state: true }, offline: { state: true }, away: { state: true }, settings: { state: true }, showSettings: { state: true }, announced: { state: true }, comparing: { state: true },
  };

  #following = null;

  constructor() {
    super();
    this.tree = new MessageTree();
    this.models = [];
    this.settings = {};
    this.addEventListener('send', (event) => this.#send(event.detail, this.tree.last()?.id ?? null));
    this.addEventListener('stop', () => this.#stop());
    this.addEventListener('resume', (event) => this.#resume(event.detail));
    this.addEventListener('compare-four', (event) => this.#compareFour(event.detail));
    this.addEventListener('compared', (event) => this.#compared(event.detail));
    this.addEventListener('settings', (event) => this.#setSettings(event.detail));
    this.addEventListener('model', (event) => this.#setModel(event.detail));
    this.addEventListener('begin', (event) => this.#begin(event.detail));
    this.onKey = (event) => this.#key(event);
    this.addEventListener('regenerate', (event) => this.#regenerate(event.detail));
    this.addEventListener('edit-message', (event) => this.#send(event.detail.content, event.detail.message.parent_id ?? null));
    this.addEventListener('grown', () => this.#staySeen());
    this.addEventListener('step', (event) => { this.tree.step(event.detail.message, event.detail.places); this.requestUpdate(); });
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('keydown', this.onKey);
    this.modelsLoaded = this.#loadModels();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.onKey);
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
    this.comparing = null;
    this.settings = {};
    if (this.conversation === null) {
      this.settings = JSON.parse(localStorage.getItem(NEW_SETTINGS) ?? '{}');
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
      this.settings = conversation.settings ?? {};
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
        const created = await api.createConversation(this.model, this.settings);
        this.loaded = created.id;
        this.conversation = created.id;
        adoptDraft(created.id);
        localStorage.removeItem(NEW_SETTINGS);
        this.tell('navigate', `/c/${created.id}`);
      }
      const { question, answer, compare } = await api.ask(this.conversation, { ...asked(this.settings), content, ...(parent && { parent_id: parent }) });
      this.tree.put(question);
      this.querySelector('mynah-composer').sent();
      if (compare) {
        this.#compare(question, [answer, (await this.#again(answer))]);
      } else {
        this.#follow(answer);
      }
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

  async #setSettings(settings) {
    this.settings = settings;
    if (this.conversation === null) {
      localStorage.setItem(NEW_SETTINGS, JSON.stringify(settings));
    } else {
      await this.#change({ settings });
    }
  }

  async #setModel(model) {
    this.model = model;
    localStorage.setItem(MODEL, model);
    if (this.conversation !== null) {
      await this.#change({ model });
    }
  }

  async #change(change) {
    try {
      await api.changeConversation(this.conversation, change);
    } catch (error) {
      this.tell('notice', error.message || t('error.unknown'));
    }
  }

  async #stop() {
    try {
      await api.stop(this.conversation, this.running.id);
    } catch (error) {
      this.tell('notice', error.message || t('error.unknown'));
    }
  }

  #begin(text) {
    const composer = this.querySelector('mynah-composer');
    composer.text = text || composer.text;
    composer.querySelector('textarea').focus();
  }

  #key(event) {
    if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === 'c') {
      const answer = this.tree.path().findLast(({ message }) => message.role === 'assistant');
      if (answer) {
        event.preventDefault();
        navigator.clipboard.writeText(answer.message.content);
        this.announced = t('chat.copied');
      }
    } else if (event.shiftKey && event.key === 'Escape') {
      this.querySelector('mynah-composer textarea').focus();
    }
  }

  #again(answer) {
    return api.regenerate(this.conversation, answer.id, asked(this.settings)).then((exchange) => exchange.answer);
  }

  /** Shows several answers to a question beside each other, until their user has chosen. */
  #compare(question, answers) {
    this.tree.put(question);
    this.comparing = { question, answers };
  }

  /** Four answers to the question of this one, in all. */
  async #compareFour(answer) {
    this.tell('ask-consent');
    const others = this.tree.answersTo(answer.parent_id).filter((one) => one.id !== answer.id && one.content).slice(-3);
    const answers = [answer, ...others];
    try {
      while (answers.length < 4) {
        answers.push(await this.#again(answer));
      }
    } catch (error) {
      this.tell('notice', error.message || t('error.unknown'));
    }
    if (answers.length > 1) {
      this.#compare(this.tree.get(answer.parent_id), answers);
    }
  }

  async #compared(best) {
    this.comparing = null;
    this.tree = new MessageTree(await api.messages(this.conversation));
    this.tree.choose(best.id);
    const running = this.tree.last();
    if (running.state === 'running') {
      this.#follow(running);
    }
  }

  async #resume(message) {
    try {
      this.#follow(await api.resume(this.conversation, message.id));
    } catch (error) {
      this.tell('notice', error.message || t('error.unknown'));
    }
  }

  async #regenerate(message) {
    try {
      this.#follow(await this.#again(message));
    } catch (error) {
      this.tell('notice', error.message || t('error.unknown'));
    }
  }

  async #follow(answer) {
    this.#following?.abort();
    const following = new AbortController();
    this.#following = following;
    this.announced = t('chat.writing');
    let message = answer;
    const show = (change) => {
      message = { ...message, ...change };
      this.tree.put(message);
      this.running = message.state === 'running' ? message : null;
      this.#staySeen();
    };
    show({});
    try {
      const end = await follow(this.conversation, answer.id, answer.content.length, {
        signal: following.signal,
        onConnection: (connected) => { this.offline = !connected; },
        onText: (text) => show({ content: message.content + text }),
      });
      show(end);
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
          <select aria-label=${t('chat.model')} @change=${(event) => this.#setModel(event.target.value)}>
            ${this.models.map((model) => html`<option value=${model.id} ?selected=${model.id === this.model}>${model.id}</option>`)}
          </select></label>
        ${path.length === 0 ? nothing : this.#barButtons(path)}
        <button class="quiet" aria-label=${t('chat.settings')} title=${t('chat.settings')} aria-expanded=${this.showSettings ? 'true' : 'false'}
          @click=${() => { this.showSettings = !this.showSettings; }}>${icon('settings')}</button>
      </header>
      ${this.showSettings ? html`<mynah-settings .settings=${this.settings}></mynah-settings>` : nothing}
      <div class="scroller" @scroll=${this.#scrolled}>
        ${path.length === 0 ? html`<mynah-hello .settings=${this.settings} .models=${this.models}></mynah-hello>` : html`<section class="thread" aria-label=${t('chat.conversation')}>
          ${repeat(this.#shown(path), (place) => place.message.id, ({ message, at, of }, index) => html`<mynah-message .message=${message} .conversation=${this.conversation} .at=${at} .of=${of}
            .last=${index === path.length - 1} .busy=${Boolean(this.running)}></mynah-message>`)}
          ${this.comparing ? html`<mynah-compare .conversation=${this.conversation} .question=${this.comparing.question.content} .answers=${this.comparing.answers}></mynah-compare>` : nothing}</section>`}
      </div>
      <div class="hidden" role="status" aria-live="polite">${this.announced}</div>
      <footer class="foot">
        ${this.offline ? html`<p class="hint" role="status">${t('error.network')}</p>` : nothing}
        ${this.away && path.length > 0 ? html`<button class="round to-end" aria-label=${t('chat.toEnd')} title=${t('chat.toEnd')} @click=${this.#toEnd}>${icon('down')}</button>` : nothing}
        <mynah-composer .conversation=${this.conversation} .running=${Boolean(this.running)}></mynah-composer>
        <p class="hint">${t('chat.mark')}</p>
      </footer>`;
  }

  /** While answers are compared, none of them stands in the conversation. */
  #shown(path) {
    const end = this.comparing ? path.findIndex(({ message }) => message.id === this.comparing.question.id) + 1 : path.length;
    return path.slice(0, end);
  }

  #barButtons(path) {
    const leaf = path.at(-1).message.id;
    return html`<a class="icon-link" aria-label=${t('chat.exportMarkdown')} title=${t('chat.exportMarkdown')} href=${api.exportPath(this.conversation, 'markdown', leaf)} download>${icon('save')}</a>
      <button class="quiet" aria-label=${t('chat.share')} title=${t('chat.share')} @click=${() => this.tell('share', { conversation: this.conversation, leaf })}>${icon('share')}</button>`;
  }
}

customElements.define('mynah-chat', MynahChat);
