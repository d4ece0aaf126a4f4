// One conversation. The server owns the answer that runs: this view follows it, and joins it again after a reload or a lost connection.
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { Element } from '../element.js';
import { api } from '../api.js';
import { requestKey } from '../http.js';
import { reader } from '../announce.js';
import { copyText } from '../clipboard.js';
import { End } from '../end.js';
import { mark } from '../find.js';
import { TemporaryChat } from '../temporary.js';
import { MessageTree } from '../tree.js';
import { language, t } from '../i18n.js';
import { icon } from '../icons.js';
import { canSpeak, whenVoicesChange } from '../speech.js';
import { conversationChanged } from '../tabs.js';
import { adoptDraft } from './composer.js';
import './compare.js';
import './hello.js';
import { leaves } from './leaf.js';
import './message.js';
import './model-choice.js';
import './settings.js';

const MODEL = 'mynah.model';
/** Where the settings of a chat are kept until it begins; then the server has them. */
const NEW_SETTINGS = 'mynah.settings.new';
/** What of the settings goes with a question. */
const asked = ({ assistant, ...settings }) => settings;
/** So many messages at the end are drawn at once; those before them when there is time. */
const NEAR_MESSAGES = 12;
/** While messages are still being drawn, what is searched for is marked this often. */
const MARK_MS = 250;

class MynahChat extends Element {
  static properties = {
    conversation: { attribute: false }, temporary: { attribute: false }, folder: { attribute: false }, sidebarOpen: { attribute: false }, query: { attribute: false }, tree: { state: true }, models: { state: true }, model: { state: true },
    running: { state: true }, offline: { state: true }, settings: { state: true }, showSettings: { state: true }, announced: { state: true }, comparing: { state: true },
    loading: { state: true }, problem: { state: true }, pending: { state: true },
  };

  /** Who answers: the service, which keeps the chat, or a temporary one. */
  #chats = api;
  #following = null;
  #end = new End(this);
  /** A question that the server may have heard of, or not: what it says, and by which names it was sent. */
  #unsent = null;
  #onConnection = (connected) => { this.offline = !connected; };

  constructor() {
    super();
    this.tree = new MessageTree();
    this.models = [];
    this.settings = {};
    this.query = '';
    this.addEventListener('send', (event) => this.#ask(event.detail));
    this.addEventListener('start', (event) => this.#start(event.detail));
    this.addEventListener('stop', () => this.#stop());
    this.addEventListener('resume', (event) => this.#resume(event.detail));
    this.addEventListener('compare-four', (event) => this.#compareFour(event.detail));
    this.addEventListener('compared', (event) => this.#compared(event.detail));
    this.addEventListener('settings', (event) => this.#setSettings(event.detail));
    this.addEventListener('model', (event) => this.#setModel(event.detail));
    this.addEventListener('begin', (event) => this.#begin(event.detail));
    this.onKey = (event) => this.#key(event);
    this.onElsewhere = (event) => { if (!document.hidden && (event.detail ?? this.conversation) === this.conversation) { this.#catchUp(); } };
    this.addEventListener('regenerate', (event) => this.#regenerate(event.detail));
    this.addEventListener('edit-message', (event) => this.#sendEdited(event.detail));
    this.addEventListener('grown', () => {
      this.#end.grown();
      if (this.query) {
        this.marking ??= setTimeout(() => { this.marking = null; this.#mark(); }, MARK_MS);
      }
    });
    this.addEventListener('step', (event) => { this.tree.step(event.detail.message, event.detail.places); this.requestUpdate(); });
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('keydown', this.onKey);
    window.addEventListener('changed-elsewhere', this.onElsewhere);
    document.addEventListener('visibilitychange', this.onElsewhere);
    this.modelsLoaded = this.#loadModels();
    this.endVoices = whenVoicesChange(() => this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.onKey);
    window.removeEventListener('changed-elsewhere', this.onElsewhere);
    document.removeEventListener('visibilitychange', this.onElsewhere);
    this.endVoices();
    this.#leave();
  }

  willUpdate(changed) {
    if (changed.has('temporary') || (changed.has('conversation') && this.conversation !== this.loaded)) {
      this.#load();
    }
  }

  updated(changed) {
    if (changed.has('query') || (changed.has('loading') && this.query)) {
      this.#showFound();
    }
  }

  /** Marks what is searched for, and shows the first place. */
  #showFound() {
    this.#mark()?.startContainer.parentElement.scrollIntoView({ block: 'center' });
  }

  #mark() {
    return mark([...this.querySelectorAll('.bubble, .message .markdown')], this.query);
  }

  #loadModels() {
    return this.attempt(async () => {
      this.models = (await api.models()).data;
      const wanted = localStorage.getItem(MODEL);
      this.model ??= this.models.find((model) => model.id === wanted)?.id ?? this.models[0]?.id;
    });
  }

  #leave() {
    this.#following?.abort();
    this.#chats.leave?.();
  }

  async #load() {
    this.#leave();
    this.#chats = this.temporary ? new TemporaryChat(() => this.model) : api;
    this.running = null;
    this.loaded = this.conversation;
    this.tree = new MessageTree();
    this.comparing = null;
    this.pending = null;
    this.settings = {};
    this.problem = null;
    this.loading = this.conversation !== null;
    this.#end.reset();
    if (this.conversation === null) {
      this.settings = this.temporary ? {} : JSON.parse(localStorage.getItem(NEW_SETTINGS) ?? '{}');
      document.title = t(this.temporary ? 'temporary.title' : 'app.name');
      return;
    }
    const wanted = this.conversation;
    try {
      const [conversation, messages] = await Promise.all([api.conversation(wanted), api.messages(wanted)]);
      if (wanted !== this.conversation) {
        return;
      }
      this.#nameTab(conversation);
      this.changedAt = conversation.updated_at;
      this.model = conversation.model;
      this.settings = conversation.settings ?? {};
      this.tree = new MessageTree(messages);
      const running = messages.findLast((message) => message.state === 'running');
      this.loading = false;
      if (running) {
        this.#follow(running);
      }
      await this.updateComplete;
      if (!this.query) {
        await this.#end.settle();
      }
    } catch (error) {
      if (wanted === this.conversation) {
        this.loading = false;
        this.problem = error;
      }
    }
  }

  /** Shows what has been said meanwhile in another tab or on another device. */
  async #catchUp() {
    const { conversation } = this;
    const busy = () => conversation !== this.conversation || this.loading || this.problem || this.running || this.pending || this.comparing;
    if (conversation === null || busy()) {
      return;
    }
    try {
      const { updated_at: changedAt } = await api.conversation(conversation);
      const messages = changedAt === this.changedAt ? [] : await api.messages(conversation);
      if (!busy()) {
        this.changedAt = changedAt;
        messages.forEach((message) => this.tree.put(message));
        const running = messages.findLast((message) => message.state === 'running');
        if (running) {
          this.#follow(running);
        }
        this.requestUpdate();
        this.#end.grown();
      }
    } catch {
      // What is here stays; the next visit shows the rest.
    }
  }

  /** Sends what stands in the field. */
  async #ask(content) {
    const composer = this.querySelector('mynah-composer');
    if (this.pending) {
      return;
    }
    composer.hold();
    if (await this.#send(content, this.tree.last()?.id ?? null)) {
      composer.sent();
    } else {
      composer.restore();
    }
  }

  async #start(starter) {
    if (!await this.#send(starter, null)) {
      this.#begin(starter);
    }
  }

  /** Sends an edited question; what was written stands in its field again if that fails. */
  async #sendEdited({ message, content }) {
    if (!await this.#send(content, message.parent_id ?? null)) {
      await this.updateComplete;
      [...this.querySelectorAll('mynah-message')].find((one) => one.message.id === message.id)?.edit(content);
    }
  }

  /** Sends a question, which is shown at once; tells whether the server has it. */
  async #send(content, parent) {
    if (this.pending) {
      return false;
    }
    this.#wait({ content, parent });
    this.updateComplete.then(this.#end.show);
    const chats = this.#chats;
    let exchange;
    let conversation;
    try {
      const question = { ...asked(this.settings), content, ...(parent && { parent_id: parent }) };
      const keys = this.#keys(question);
      conversation = await this.#begun(keys.conversation);
      exchange = await chats.ask(conversation, question, keys.question, this.#onConnection);
    } catch (error) {
      if (chats !== this.#chats) {
        return false;
      }
      this.pending = null;
      this.refuse(error.code === 'unreachable' ? new Error(t('chat.notSent')) : error);
      return false;
    }
    this.#unsent = null;
    this.tell('notice', null);
    if (conversation !== null) {
      conversationChanged(conversation);
    }
    if (chats === this.#chats && conversation === this.conversation) {
      this.#sent(exchange);
    }
    return true;
  }

  /** Shows what is on its way. What was pressed for it goes meanwhile, so the focus is in the field. */
  #wait(pending) {
    this.pending = pending;
    this.querySelector('mynah-composer').focusInput();
  }

  /** The names of the requests that send a question: those of before, where it is sent once more, so that it is asked once whatever has become of it. */
  #keys(question) {
    const said = JSON.stringify(question);
    if (this.#unsent?.said !== said) {
      this.#unsent = { said, conversation: requestKey(), question: requestKey() };
    }
    return this.#unsent;
  }

  /** Shows what the server has made of a question. */
  async #sent({ question, answer, compare }) {
    this.pending = null;
    this.tree.put(question);
    const other = compare ? await this.#again(answer).catch(() => null) : null;
    if (other) {
      this.#compare(question, [answer, other]);
    } else {
      this.#follow(answer);
    }
    await this.updateComplete;
    this.#end.show();
    if (!question.parent_id && !this.temporary) {
      api.conversation(this.conversation).then((conversation) => this.#nameTab(conversation), () => {});
    }
  }

  /** The conversation, which begins with its first question; null for a temporary one. */
  async #begun(key) {
    if (this.conversation !== null) {
      return this.conversation;
    }
    await this.modelsLoaded;
    if (this.temporary) {
      return null;
    }
    const created = await api.createConversation({ model: this.model, settings: this.settings, folder: this.folder ?? '' }, key, this.#onConnection);
    if (this.conversation === null) {
      this.loaded = created.id;
      this.conversation = created.id;
      adoptDraft(created.id);
      localStorage.removeItem(NEW_SETTINGS);
      this.tell('navigate', `/c/${created.id}`);
    }
    return created.id;
  }

  #nameTab(conversation) {
    if (conversation.id === this.conversation) {
      document.title = `${conversation.title || t('chat.untitled')} · ${t('app.name')}`;
    }
  }

  async #setSettings(settings) {
    this.settings = settings;
    if (this.temporary) {
      return;
    }
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

  #change(change) {
    return this.attempt(() => api.changeConversation(this.conversation, change));
  }

  #stop() {
    return this.attempt(() => this.#chats.stop(this.conversation, this.running.id, this.#onConnection));
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
        copyText(answer.message.content);
        this.tell('success', t('chat.copied'));
      }
    } else if (event.shiftKey && event.key === 'Escape') {
      this.querySelector('mynah-composer textarea').focus();
    }
  }

  #again(answer) {
    return this.#chats.regenerate(this.conversation, answer.id, asked(this.settings), this.#onConnection).then((exchange) => exchange.answer);
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
      this.refuse(error);
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
      this.#follow(await this.#chats.resume(this.conversation, message.id, this.#onConnection));
    } catch (error) {
      if (error.code === 'running') {
        // The server has heard it before, or from another tab.
        this.#follow({ ...message, state: 'running' });
      } else {
        this.refuse(error);
      }
    }
  }

  async #regenerate({ message, model }) {
    if (this.pending) {
      return;
    }
    this.#wait({ parent: message.parent_id });
    try {
      if (model) {
        await this.#setModel(model);
      }
      const answer = await this.#again(message);
      this.pending = null;
      this.#follow(answer);
    } catch (error) {
      this.pending = null;
      this.refuse(error);
    }
  }

  async #follow(answer) {
    this.#following?.abort();
    const following = new AbortController();
    this.#following = following;
    const { conversation } = this;
    const chats = this.#chats;
    const read = reader(answer.content.length, (words) => { this.announced = words; });
    let message = answer;
    const show = (change) => {
      message = { ...message, ...change };
      this.tree.put(message);
      this.running = message.state === 'running' ? message : null;
      read(message);
      this.#end.grown();
    };
    show({});
    try {
      const end = await chats.follow(conversation, answer.id, answer.content.length, {
        signal: following.signal,
        onConnection: this.#onConnection,
        onText: (text) => show({ content: message.content + text }),
      });
      show(end);
      if (conversation !== null) {
        conversationChanged(conversation);
      }
      this.#complete(chats, conversation, answer.id);
    } catch (error) {
      if (error.status === 401) {
        // It goes on without its reader, who joins it again once signed in.
        this.running = null;
        this.changedAt = null;
      } else if (!following.signal.aborted) {
        show({ state: 'failed' });
        this.refuse(error);
      }
    }
  }

  /** Learns what is known of an answer once it has ended: its model and its tokens. */
  async #complete(chats, conversation, id) {
    try {
      const message = await chats.message(conversation, id);
      if (chats === this.#chats && conversation === this.conversation && message.state !== 'running') {
        this.tree.put(message);
        this.requestUpdate();
        await this.#entitle(message);
      }
    } catch {
      // The answer itself is there; the rest comes with the next visit.
    }
  }

  /** Has the title written where a model is there for it and this was the first answer. */
  async #entitle(answer) {
    const { conversation } = this;
    const question = this.tree.get(answer.parent_id);
    const writer = this.models.find((model) => model.writes_titles);
    if (writer && conversation !== null && answer.state === 'complete' && !question.parent_id && this.tree.answersTo(null).length === 1 && this.tree.answersTo(question.id).length === 1) {
      const { writeTitle } = await import('../titles.js');
      const titled = await writeTitle(writer.id, conversation, question.content, answer.content);
      if (titled) {
        conversationChanged(conversation);
        this.#nameTab(titled);
      }
    }
  }

  render() {
    const path = this.tree.path();
    const model = this.models.find((one) => one.id === this.model);
    const introduction = model?.introduction?.[language()];
    return html`
      <header class="bar">
        ${this.sidebarOpen ? nothing : html`<button class="quiet" aria-label=${t('nav.open')} title=${t('nav.open')} @click=${() => this.tell('toggle-sidebar')}>${icon('sidebar')}</button>`}
        <mynah-model-choice .models=${this.models} .model=${this.model}></mynah-model-choice>
        ${this.sidebarOpen || (path.length === 0 && this.conversation === null) ? nothing : html`<button class="quiet" aria-label=${t('nav.newChat')} title=${t('nav.newChat')} @click=${() => this.tell('navigate', '/')}>${icon('newChat')}</button>`}
        ${this.conversation !== null && path.length > 0 ? this.#barButtons(path) : nothing}
        ${this.conversation === null && path.length === 0 ? this.#temporaryButton() : nothing}
        <button class="quiet" aria-label=${t('chat.settings')} title=${t('chat.settings')} aria-expanded=${this.showSettings ? 'true' : 'false'}
          @click=${() => { this.showSettings = !this.showSettings; }}>${icon('settings')}</button>
      </header>
      ${this.showSettings ? html`<mynah-settings .settings=${this.settings}></mynah-settings>` : nothing}
      ${this.temporary ? html`<p class="temporary" role="note">${icon('temporary')}<span><strong>${t('temporary.title')}</strong> ${t('temporary.explained')}</span></p>` : nothing}
      <div class="scroller" @scroll=${this.#end.scrolled}>
        ${path.length === 0 && !this.pending ? this.#empty(introduction) : html`<section class="thread" aria-label=${t('chat.conversation')}>
          ${leaves(this.#shown(path).map((place, index) => ({ ...place, index }))).map((places) => html`<mynah-leaf .texts=${places.map(({ message }) => message.content)}>${repeat(places, ({ message }) => message.id, ({ message, at, of, index }) => html`<mynah-message .message=${message}
            .conversation=${this.conversation} .models=${this.models} .at=${at} .of=${of} .last=${index === path.length - 1} .near=${index >= path.length - NEAR_MESSAGES} .busy=${Boolean(this.running ?? this.pending)}
            .temporary=${this.temporary} .audible=${canSpeak()}></mynah-message>`)}</mynah-leaf>`)}
          ${this.comparing ? html`<mynah-compare .conversation=${this.conversation} .question=${this.comparing.question.content} .answers=${this.comparing.answers}></mynah-compare>` : nothing}</section>`}
      </div>
      <div class="hidden" role="status" aria-live="polite">${this.announced}</div>
      <footer class="foot">
        ${this.offline ? html`<p class="hint" role="status">${t('error.network')}</p>` : nothing}
        ${this.#end.away && path.length > 0 ? html`<button class="round to-end" aria-label=${t('chat.toEnd')} title=${t('chat.toEnd')} @click=${this.#end.show}>${icon('down')}</button>` : nothing}
        ${this.problem?.status === 404 ? nothing : html`<mynah-composer .conversation=${this.conversation} .temporary=${this.temporary} .running=${Boolean(this.running)}></mynah-composer>`}
        <p class="hint">${t('chat.mark')}</p>
      </footer>`;
  }

  /** What stands where no message does. */
  #empty(introduction) {
    if (this.loading) {
      return html`<div class="thread" role="status" aria-label=${t('chat.loading')}><div class="bones user"></div><div class="bones"></div><div class="bones short"></div></div>`;
    }
    if (this.problem) {
      const gone = this.problem.status === 404;
      return html`<div class="hello" role="alert"><h1>${t(gone ? 'chat.gone' : 'chat.notLoaded')}</h1><p class="soft">${t(gone ? 'chat.goneHint' : 'error.unreachable')}</p>
        <button class="primary" @click=${gone ? () => this.tell('navigate', '/') : () => this.#load()}>${t(gone ? 'nav.newChat' : 'error.again')}</button></div>`;
    }
    return html`<mynah-hello .folder=${this.folder} .settings=${this.settings} .models=${this.models} .introduction=${introduction}></mynah-hello>`;
  }

  /** While answers are compared, none of them stands in the conversation; a question that is on its way already does, and an answer that is. */
  #shown(path) {
    if (this.pending) {
      const { content, parent } = this.pending;
      const before = path.slice(0, path.findIndex(({ message }) => message.id === parent) + 1);
      const question = content ? [{ message: { id: 'pending-question', role: 'user', content, state: 'complete' }, at: 0, of: 1 }] : [];
      return [...before, ...question, { message: { id: 'pending-answer', role: 'assistant', content: '', state: 'running' }, at: 0, of: 1 }];
    }
    const end = this.comparing ? path.findIndex(({ message }) => message.id === this.comparing.question.id) + 1 : path.length;
    return path.slice(0, end);
  }

  #temporaryButton() {
    const name = t(this.temporary ? 'temporary.leave' : 'temporary.begin');
    return html`<button class="quiet" aria-label=${name} title=${name} aria-pressed=${this.temporary ? 'true' : 'false'} @click=${() => this.tell('navigate', this.temporary ? '/' : '/temporary')}>${icon('temporary')}</button>`;
  }

  #barButtons(path) {
    const leaf = path.at(-1).message.id;
    return html`<a class="icon-link" aria-label=${t('chat.exportMarkdown')} title=${t('chat.exportMarkdown')} href=${api.exportPath(this.conversation, 'markdown', leaf)} download>${icon('save')}</a>
      <button class="quiet" aria-label=${t('chat.share')} title=${t('chat.share')} @click=${() => this.tell('share', { conversation: this.conversation, leaf })}>${icon('share')}</button>`;
  }
}

customElements.define('mynah-chat', MynahChat);
