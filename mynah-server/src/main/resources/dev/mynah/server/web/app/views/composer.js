// Where one writes. What is typed is kept, by conversation, until it is sent.
import { html, nothing } from 'lit';
import { Element } from '../element.js';
import { readText, withAttachments } from '../attachments.js';
import { t } from '../i18n.js';
import { icon } from '../icons.js';

const MOST_CHARACTERS = 200_000;

const draftKey = (conversation) => `mynah.draft.${conversation ?? 'new'}`;

/** Keeps what was typed into a new chat under the conversation that it has become. */
export function adoptDraft(conversation) {
  localStorage.setItem(draftKey(conversation), localStorage.getItem(draftKey(null)) ?? '');
  localStorage.removeItem(draftKey(null));
}

class MynahComposer extends Element {
  static properties = { conversation: { attribute: false }, temporary: { attribute: false }, running: { type: Boolean }, files: { state: true }, over: { state: true } };

  #held = null;

  constructor() {
    super();
    this.files = [];
  }

  updated(changed) {
    // A new chat that becomes a conversation while its question is on the way keeps its field.
    if (changed.has('temporary') || (changed.has('conversation') && !(this.#held && changed.get('conversation') === null))) {
      this.#held = null;
      this.text = this.temporary ? '' : localStorage.getItem(draftKey(this.conversation)) ?? '';
      this.focusInput();
    }
  }

  get #input() {
    return this.querySelector('textarea');
  }

  get text() {
    return this.#input.value;
  }

  set text(value) {
    this.#input.value = value;
    this.#changed();
  }

  focusInput() {
    if (matchMedia('(hover: hover)').matches) {
      this.#input.focus({ preventScroll: true });
    }
  }

  #changed = () => {
    if (!this.temporary) {
      this.#keepDraft();
    }
    this.#grow();
  };

  #keepDraft() {
    const key = draftKey(this.conversation);
    if (this.text) {
      localStorage.setItem(key, this.text);
    } else {
      localStorage.removeItem(key);
    }
  }

  #grow() {
    this.#input.style.height = 'auto';
    this.#input.style.height = `${this.#input.scrollHeight}px`;
    this.requestUpdate();
  }

  #key = (event) => {
    // While an input method composes a Chinese word, Enter chooses it.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      this.#send();
    } else if (event.key === 'Escape' && this.running) {
      this.#stop();
    }
  };

  #send = () => {
    const text = withAttachments(this.text.trim(), this.files);
    if (text.length > MOST_CHARACTERS) {
      this.tell('notice', t('attach.together'));
    } else if (text && !this.running) {
      this.tell('send', text);
    }
  };

  #stop = () => {
    this.tell('stop');
    this.focusInput();
  };

  /** Empties the field while a question is on its way; its draft stays until the server has it. */
  hold() {
    this.#held = { text: this.text, files: this.files };
    this.#input.value = '';
    this.files = [];
    this.#grow();
  }

  /** The server has the question: its draft goes, and what was written meanwhile is the draft now. */
  sent() {
    this.#held = null;
    this.#changed();
  }

  /** The server does not have the question: it stands in the field again, before what was written meanwhile. */
  restore() {
    if (this.#held) {
      this.files = [...this.#held.files, ...this.files];
      this.text = [this.#held.text, this.text].filter(Boolean).join('\n');
      this.#held = null;
    }
  }

  async #attach(files) {
    for (const file of files) {
      try {
        this.files = [...this.files, await readText(file)];
      } catch (error) {
        this.tell('notice', t(error.message, error.values));
      }
    }
    this.focusInput();
  }

  #choose = () => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.onchange = () => this.#attach(input.files);
    input.click();
  };

  #paste = (event) => {
    if (event.clipboardData?.files.length > 0) {
      event.preventDefault();
      this.#attach(event.clipboardData.files);
    }
  };

  #drop = (event) => {
    event.preventDefault();
    this.over = false;
    this.#attach(event.dataTransfer.files);
  };

  #dragOver = (event) => {
    if (event.dataTransfer.types.includes('Files')) {
      event.preventDefault();
      this.over = true;
    }
  };

  render() {
    const empty = !this.#inputValue().trim() && this.files.length === 0;
    return html`<form class="composer ${this.over ? 'over' : ''}" @submit=${(event) => { event.preventDefault(); this.#send(); }}
      @dragover=${this.#dragOver} @dragleave=${() => { this.over = false; }} @drop=${this.#drop}>
      ${this.files.length === 0 ? nothing : html`<ul class="files" aria-label=${t('attach.files')}>${this.files.map((file) => html`<li><span>${file.name}</span>
        <button type="button" class="quiet" aria-label=${t('attach.remove', { name: file.name })} @click=${() => { this.files = this.files.filter((one) => one !== file); this.focusInput(); }}>${icon('close')}</button></li>`)}</ul>`}
      <div class="line"><button type="button" class="quiet attach" aria-label=${t('attach.title')} title=${t('attach.title')} @click=${this.#choose}>${icon('attach')}</button>
      <textarea rows="1" maxlength=${MOST_CHARACTERS} dir="auto" aria-label=${t('chat.message')} placeholder=${t('chat.placeholder')} enterkeyhint="send"
        @input=${this.#changed} @keydown=${this.#key} @paste=${this.#paste}></textarea>
      ${this.running
        ? html`<button type="button" class="round" aria-label=${t('chat.stop')} title=${t('chat.stop')} @click=${this.#stop}>${icon('stop')}</button>`
        : html`<button class="round" aria-label=${t('chat.send')} title=${t('chat.send')} ?disabled=${empty}>${icon('send')}</button>`}</div>
    </form>`;
  }

  #inputValue() {
    return this.#input?.value ?? '';
  }
}

customElements.define('mynah-composer', MynahComposer);
