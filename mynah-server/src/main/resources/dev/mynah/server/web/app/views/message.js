// One message: what it says, which version of it is shown, and what can be done with it.
import { html, nothing } from 'lit';
import { Element } from '../element.js';
import { apart } from '../attachments.js';
import { copyText } from '../clipboard.js';
import { Drawing, decorate } from '../markdown.js';
import { api } from '../api.js';
import { number, t, when } from '../i18n.js';
import { icon } from '../icons.js';
import { hush, speak } from '../speech.js';

/** While an answer comes, its Markdown is set this often, so that a long one stays smooth. */
const REDRAW_MS = 60;
const COPIED_MS = 2000;
const REASONS = ['wrong', 'unhelpful', 'harmful', 'style'];
/** Questions longer than this are folded. */
const LONG_CHARACTERS = 1500;
const LONG_LINES = 18;

const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(() => work({ timeRemaining: () => 0 }), 1));
/** About what one message takes to be drawn. */
const DRAWING_MS = 4;

/** Messages out of sight that are still to be drawn, the newest last. */
const waiting = [];

function drawLater(message) {
  if (waiting.push(message) === 1) {
    whenIdle(drawSome);
  }
}

/** Draws as many as there is time for before something else wants to be done, those first that are reached first from the end. */
function drawSome(deadline) {
  do {
    waiting.pop().draw();
  } while (waiting.length > 0 && deadline.timeRemaining() > DRAWING_MS);
  if (waiting.length > 0) {
    whenIdle(drawSome);
  }
}

/** About how high a text will be, for the scroll bar: what is out of sight is not laid out. */
export function estimatedHeight(text) {
  const perLine = Math.min(768, innerWidth - 40) / 8;
  return 70 + text.split('\n').reduce((sum, line) => sum + (line === '' ? 8 : Math.ceil(line.length / perLine) * 26), 0);
}

class MynahMessage extends Element {
  static properties = {
    message: { attribute: false }, conversation: { attribute: false }, models: { attribute: false }, at: { type: Number }, of: { type: Number }, last: { type: Boolean },
    near: { type: Boolean }, busy: { type: Boolean }, readOnly: { type: Boolean }, temporary: { type: Boolean }, audible: { type: Boolean },
    editing: { state: true }, rating: { state: true }, copied: { state: true }, asked: { state: true }, unfolded: { state: true }, reading: { state: true },
  };

  #drawing = null;
  #drawn = null;
  #timer = null;

  constructor() {
    super();
    this.models = [];
    this.addEventListener('contentvisibilityautostatechange', ({ skipped }) => { if (!skipped) { this.approach(); } });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    if (this.reading) {
      hush();
    }
  }

  willUpdate(changed) {
    if (changed.has('message')) {
      this.rating ??= this.message.rating ?? undefined;
    }
  }

  firstUpdated() {
    this.style.containIntrinsicBlockSize = `auto ${estimatedHeight(this.message.content)}px`;
  }

  updated(changed) {
    if (this.message.role !== 'assistant' || !changed.has('message')) {
      return;
    }
    if (this.message.state === 'running') {
      this.#timer ??= setTimeout(() => { this.#timer = null; this.draw(); }, this.#drawn === null ? 0 : REDRAW_MS);
    } else if (this.near || this.#drawn !== null) {
      this.draw();
    } else {
      drawLater(this);
    }
  }

  /** Comes near the window: what was left for later is drawn now. */
  approach() {
    if (this.#drawn === null) {
      this.draw();
    }
  }

  /** Sets what the message says. */
  draw() {
    const body = this.querySelector('.markdown');
    if (!body || !this.isConnected) {
      return;
    }
    if (this.#drawn !== this.message.content) {
      this.#drawn = this.message.content;
      this.#drawing ??= new Drawing(body);
      this.#drawing.show(this.message.content, this.message.state !== 'running');
      this.tell('grown');
    }
    decorate(body, this.message.state !== 'running').then(() => this.tell('grown'));
  }

  /** What its reader sees, as plain text. */
  get plainText() {
    return this.querySelector('.markdown')?.innerText ?? this.message.content;
  }

  #click = async (event) => {
    const button = event.target.closest('[data-copy]');
    if (button) {
      await copyText(button.closest('figure').querySelector('code').textContent);
      button.textContent = t('chat.copied');
      setTimeout(() => { button.textContent = t('chat.copy'); }, COPIED_MS);
    }
  };

  #copy = async () => {
    await copyText(this.message.content);
    this.copied = true;
    setTimeout(() => { this.copied = false; }, COPIED_MS);
  };

  #readAloud = () => {
    if (this.reading) {
      hush();
    } else {
      this.reading = true;
      speak(this.querySelector('.markdown'), () => { this.reading = false; });
    }
  };

  async #rate(rating) {
    this.rating = rating;
    this.asked = true;
    this.updateComplete.then(() => this.querySelector('.reasons')?.scrollIntoView({ block: 'nearest' }));
    this.tell('ask-consent');
    await this.#feedback({ rating });
  }

  #explain = async (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    if (await this.#feedback({ rating: this.rating, reasons: data.getAll('reason'), comment: data.get('comment'), corrected: data.get('corrected') ?? '' })) {
      this.asked = false;
      this.tell('success', t('feedback.thanks'));
    }
  };

  async #feedback(said) {
    try {
      await api.feedback(this.conversation, this.message.id, said);
      return true;
    } catch (error) {
      this.refuse(error);
      return false;
    }
  }

  /** Opens the field for another wording of the question, with this one in it. */
  async edit(content) {
    this.editing = true;
    await this.updateComplete;
    const area = this.querySelector('textarea');
    area.value = content;
    area.focus();
  }

  #saveEdit = (event) => {
    event.preventDefault();
    this.editing = false;
    this.tell('edit-message', { message: this.message, content: event.target.content.value.trim() });
  };

  async #leaveEdit() {
    this.editing = false;
    await this.updateComplete;
    this.querySelector('[data-edit]')?.focus();
  }

  #editKey = (event) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.#leaveEdit();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  };

  render() {
    return this.message.role === 'user' ? this.#question() : this.#answer();
  }

  #question() {
    if (this.editing) {
      return html`<article class="message user"><form class="edit" @submit=${this.#saveEdit}>
        <textarea name="content" aria-label=${t('chat.message')} required maxlength="200000" dir="auto" @keydown=${this.#editKey}></textarea>
        <div><button type="button" class="quiet" @click=${this.#leaveEdit}>${t('chat.cancel')}</button><button class="primary">${t('chat.save')}</button></div>
      </form></article>`;
    }
    const { text, files } = apart(this.message.content);
    const long = text.length > LONG_CHARACTERS || text.split('\n', LONG_LINES + 1).length > LONG_LINES;
    return html`<article class="message user" aria-label=${t('chat.you')}>
      ${text ? html`<div class="bubble ${long && !this.unfolded ? 'folded-text' : ''}" dir="auto">${text}</div>` : nothing}
      ${long ? html`<button class="quiet fold" aria-expanded=${this.unfolded ? 'true' : 'false'} @click=${() => { this.unfolded = !this.unfolded; }}>${t(this.unfolded ? 'chat.fold' : 'chat.unfold')}</button>` : nothing}
      ${files.map((file) => html`<details class="attached"><summary dir="auto">${file.name}</summary><pre dir="auto">${file.text}</pre></details>`)}
      <div class="actions">${this.#versions()}${this.#copyButton()}
        ${this.busy || this.readOnly ? nothing : html`<button class="quiet" data-edit aria-label=${t('chat.edit')} title=${t('chat.edit')} @click=${() => this.edit(this.message.content)}>${icon('edit')}</button>`}</div></article>`;
  }

  #answer() {
    const { state, content } = this.message;
    const running = state === 'running';
    return html`<article class="message assistant ${this.last ? 'last' : ''}" aria-label=${t('app.name')} aria-busy=${running}>
      <div class="markdown ${running ? 'running' : ''}" @click=${this.#click}></div>
      ${running && !content ? html`<span class="dots" role="img" aria-label=${t('chat.writing')}><i></i><i></i><i></i></span>` : nothing}
      ${state === 'complete' || running ? nothing : html`<p class="hint ended" role="status">${t(`chat.${state}`)}</p>`}
      ${this.#canGoOn() ? html`<button class="resume" @click=${() => this.tell('resume', this.message)}>${icon(content ? 'resume' : 'regenerate')}${t(content ? 'chat.continue' : 'error.again')}</button>` : nothing}
      <div class="actions">${running ? nothing : html`${this.#versions()}${this.#copyButton()}${this.audible ? this.#button(this.reading ? 'hush' : 'speak', this.reading ? 'chat.hush' : 'chat.speak', this.#readAloud) : nothing}
        ${this.readOnly ? nothing : this.#judge()}${this.#origin()}`}</div>
      ${this.asked ? this.#reasons() : nothing}</article>`;
  }

  /** Which model wrote it, how much, and when. */
  #origin() {
    const { model, prompt_tokens: read, completion_tokens: written, created_at: at } = this.message;
    const parts = [model, written > 0 && t('chat.tokens', { count: number(written) }), at && when(at)].filter(Boolean);
    return html`<span class="origin" title=${written > 0 ? t('chat.tokensRead', { read: number(read), written: number(written) }) : nothing}>${parts.join(' · ')}</span>`;
  }

  /** Whether there is more to come: the answer was cut short, or ended early. */
  #canGoOn() {
    const { state, cut } = this.message;
    return this.last && !this.busy && !this.readOnly && (cut || ['stopped', 'interrupted', 'failed'].includes(state));
  }

  #judge() {
    return html`${this.temporary ? nothing : html`${this.#rateButton('good')}${this.#rateButton('bad')}`}
      ${this.busy ? nothing : html`${this.#button('regenerate', 'chat.regenerate', () => this.tell('regenerate', { message: this.message }))}${this.#otherModels()}
        ${this.last && !this.temporary ? this.#button('rank', 'compare.four', () => this.tell('compare-four', this.message)) : nothing}`}`;
  }

  /** Lets another model answer; nothing where there is none. */
  #otherModels() {
    return this.models.length < 2 ? nothing : html`<span class="other-model">${icon('down')}<select aria-label=${t('chat.regenerateWith')} title=${t('chat.regenerateWith')}
      @change=${(event) => { const { value } = event.target; event.target.selectedIndex = 0; this.tell('regenerate', { message: this.message, model: value }); }}>
      <option value="" disabled selected hidden></option>${this.models.map((model) => html`<option value=${model.id}>${model.id}</option>`)}</select></span>`;
  }

  #rateButton(rating) {
    return html`<button class="quiet" aria-label=${t(`chat.${rating}`)} title=${t(`chat.${rating}`)} aria-pressed=${this.rating === rating ? 'true' : 'false'} @click=${() => this.#rate(rating)}>${icon(rating)}</button>`;
  }

  #copyButton() {
    return this.#button(this.copied ? 'check' : 'copy', this.copied ? 'chat.copied' : 'chat.copy', this.#copy);
  }

  #button(picture, key, action) {
    return html`<button class="quiet" aria-label=${t(key)} title=${t(key)} @click=${action}>${icon(picture)}</button>`;
  }

  #versions() {
    return this.of < 2 ? nothing : html`<span class="versions" role="group" aria-label=${t('chat.version', { at: this.at + 1, of: this.of })}>
      <button class="quiet" aria-label=${t('chat.previous')} ?disabled=${this.at === 0} @click=${() => this.tell('step', { message: this.message, places: -1 })}>${icon('left')}</button>
      <span>${this.at + 1}/${this.of}</span>
      <button class="quiet" aria-label=${t('chat.next')} ?disabled=${this.at === this.of - 1} @click=${() => this.tell('step', { message: this.message, places: 1 })}>${icon('right')}</button></span>`;
  }

  #reasons() {
    return html`<form class="reasons" @submit=${this.#explain}>
      <strong>${t(this.rating === 'good' ? 'feedback.good' : 'feedback.title')}</strong>
      ${this.rating === 'bad' ? html`<div class="chips">${REASONS.map((reason) => html`<label><input type="checkbox" name="reason" value=${reason}>${t(`feedback.${reason}`)}</label>`)}</div>` : nothing}
      <input name="comment" maxlength="2000" placeholder=${t('feedback.comment')} aria-label=${t('feedback.comment')}>
      ${this.rating === 'bad' ? html`<textarea name="corrected" rows="2" maxlength="100000" placeholder=${t('feedback.corrected')} aria-label=${t('feedback.corrected')} dir="auto"></textarea>` : nothing}
      <p class="hint">${t('feedback.sent')}</p>
      <div><button type="button" class="quiet" @click=${() => { this.asked = false; }}>${t('error.dismiss')}</button><button class="primary">${t('feedback.send')}</button></div></form>`;
  }
}

customElements.define('mynah-message', MynahMessage);
