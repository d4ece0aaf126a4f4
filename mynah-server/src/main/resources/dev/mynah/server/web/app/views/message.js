// One message: what it says, which version of it is shown, and what can be done with it.
import { html, nothing } from 'lit';
import { Element } from '../element.js';
import { decorate, toFragment } from '../markdown.js';
import { api } from '../api.js';
import { t } from '../i18n.js';
import { icon } from '../icons.js';

/** While an answer comes, its Markdown is set this often, so that a long one stays smooth. */
const REDRAW_MS = 60;
const REASONS = ['wrong', 'unhelpful', 'harmful', 'style'];

class MynahMessage extends Element {
  static properties = {
    message: { attribute: false }, conversation: { attribute: false }, at: { type: Number }, of: { type: Number }, last: { type: Boolean }, busy: { type: Boolean }, readOnly: { type: Boolean },
    editing: { state: true }, rating: { state: true }, copied: { state: true }, asked: { state: true },
  };

  #drawn = null;
  #timer = null;

  updated(changed) {
    if (this.message.role === 'assistant' && (changed.has('message') || changed.has('editing'))) {
      if (this.message.state === 'running') {
        this.#timer ??= setTimeout(() => { this.#timer = null; this.#draw(); }, this.#drawn === null ? 0 : REDRAW_MS);
      } else {
        this.#draw();
      }
    }
  }

  #draw() {
    const body = this.querySelector('.markdown');
    if (body && this.#drawn !== this.message.content) {
      this.#drawn = this.message.content;
      body.replaceChildren(toFragment(this.message.content));
    }
    if (body && this.message.state !== 'running') {
      decorate(body).then(() => this.tell('grown'));
    }
  }

  #click = async (event) => {
    const button = event.target.closest('[data-copy]');
    if (button) {
      await navigator.clipboard.writeText(button.closest('figure').querySelector('code').textContent);
      button.textContent = t('chat.copied');
      setTimeout(() => { button.textContent = t('chat.copy'); }, 2000);
    }
  };

  #copy = async () => {
    await navigator.clipboard.writeText(this.message.content);
    this.copied = true;
    setTimeout(() => { this.copied = false; }, 2000);
  };

  async #rate(rating) {
    this.rating = rating;
    this.asked = true;
    this.tell('ask-consent');
    await this.#feedback({ rating });
  }

  #explain = async (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    if (await this.#feedback({ rating: this.rating, reasons: data.getAll('reason'), comment: data.get('comment'), corrected: data.get('corrected') ?? '' })) {
      this.asked = false;
      this.tell('notice', t('feedback.thanks'));
    }
  };

  async #feedback(said) {
    try {
      await api.feedback(this.conversation, this.message.id, said);
      return true;
    } catch (error) {
      this.tell('notice', error.message || t('error.unknown'));
      return false;
    }
  }

  #edit = async () => {
    this.editing = true;
    await this.updateComplete;
    const area = this.querySelector('textarea');
    area.value = this.message.content;
    area.focus();
  };

  #saveEdit = (event) => {
    event.preventDefault();
    this.editing = false;
    this.tell('edit-message', { message: this.message, content: event.target.content.value.trim() });
  };

  render() {
    return this.message.role === 'user' ? this.#question() : this.#answer();
  }

  #question() {
    if (this.editing) {
      return html`<article class="message user"><form class="edit" @submit=${this.#saveEdit}>
        <textarea name="content" aria-label=${t('chat.message')} required maxlength="200000" dir="auto"></textarea>
        <div><button type="button" class="quiet" @click=${() => { this.editing = false; }}>${t('chat.cancel')}</button><button class="primary">${t('chat.save')}</button></div>
      </form></article>`;
    }
    return html`<article class="message user" aria-label=${t('chat.you')}>
      <div class="bubble" dir="auto">${this.message.content}</div>
      <div class="actions">${this.#versions()}${this.#button('copy', this.copied ? 'chat.copied' : 'chat.copy', this.#copy, this.copied ? 'check' : 'copy')}
        ${this.busy || this.readOnly ? nothing : this.#button('edit', 'chat.edit', this.#edit)}</div></article>`;
  }

  #answer() {
    const { state, content } = this.message;
    const running = state === 'running';
    return html`<article class="message assistant" aria-label=${t('app.name')} aria-busy=${running}>
      <div class="markdown ${running ? 'running' : ''}" dir="auto" @click=${this.#click}></div>
      ${running && !content ? html`<span class="dots" role="img" aria-label=${t('chat.writing')}><i></i><i></i><i></i></span>` : nothing}
      ${state === 'complete' || running ? nothing : html`<p class="hint" role="status">${t(`chat.${state}`)}</p>`}
      ${this.#canGoOn() ? html`<button class="resume" @click=${() => this.tell('resume', this.message)}>${icon('resume')}${t('chat.continue')}</button>` : nothing}
      ${running ? nothing : html`<div class="actions">${this.#versions()}
        ${this.#button('copy', this.copied ? 'chat.copied' : 'chat.copy', this.#copy, this.copied ? 'check' : 'copy')}
        ${this.readOnly ? nothing : this.#judge()}</div>`}
      ${this.asked ? this.#reasons() : nothing}</article>`;
  }

  /** Whether there is more to come: the answer was cut short, or ended early. */
  #canGoOn() {
    const { state, cut } = this.message;
    return this.last && !this.busy && !this.readOnly && (cut || ['stopped', 'interrupted', 'failed'].includes(state));
  }

  #judge() {
    return html`${this.#button('good', 'chat.good', () => this.#rate('good'))}${this.#button('bad', 'chat.bad', () => this.#rate('bad'))}
      ${this.busy ? nothing : html`${this.#button('regenerate', 'chat.regenerate', () => this.tell('regenerate', this.message))}
        ${this.last ? this.#button('rank', 'compare.four', () => this.tell('compare-four', this.message)) : nothing}`}`;
  }

  #button(name, key, action, picture = name) {
    const pressed = this.rating === name ? 'true' : nothing;
    return html`<button class="quiet" aria-label=${t(key)} title=${t(key)} aria-pressed=${pressed} @click=${action}>${icon(picture)}</button>`;
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
