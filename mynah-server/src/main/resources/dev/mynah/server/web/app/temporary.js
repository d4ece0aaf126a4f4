// A chat that is kept nowhere: this page alone has its messages, and each question takes all of them along. It answers to the same calls as the service does for chats that are kept.
import { api } from './api.js';
import { requestKey } from './http.js';
import { completion } from './streams.js';

export class TemporaryChat {
  #model;
  #messages = new Map();
  #streams = new Map();
  /** What all chats are told first; undefined until it is needed. */
  #instructions;
  #left = new AbortController();

  /** @param {() => string} model the model that answers */
  constructor(model) {
    this.#model = model;
  }

  async ask(_, { content, parent_id: parent = null, ...settings }) {
    const question = this.#message('user', parent, { content, state: 'complete' });
    const answer = await this.#begin(question, settings);
    this.#messages.set(question.id, question);
    return { question, answer };
  }

  async regenerate(_, id, settings) {
    return { answer: await this.#begin(this.#messages.get(this.#messages.get(id).parent_id), settings) };
  }

  async stop(_, id) {
    this.#streams.get(id)?.stop();
  }

  async message(_, id) {
    return this.#messages.get(id);
  }

  async follow(_, id, from, { onText, signal }) {
    const stream = this.#streams.get(id);
    signal.addEventListener('abort', stream.stop);
    let content = '';
    const end = await stream.read((text) => {
      content += text;
      onText(text);
    });
    signal.throwIfAborted();
    this.#streams.delete(id);
    this.#messages.set(id, { ...this.#messages.get(id), ...end, content });
    return end;
  }

  /** Ends what is being written: nobody is there to read it. */
  leave() {
    this.#left.abort();
  }

  #message(role, parent, more) {
    return { id: requestKey(), parent_id: parent, role, created_at: new Date().toISOString(), ...more };
  }

  /** The turns of a branch up to a message. */
  #turns(message) {
    const turns = [];
    for (let one = message; one; one = this.#messages.get(one.parent_id)) {
      turns.unshift({ role: one.role, content: one.content });
    }
    return turns;
  }

  /** Asks for an answer; where the chat is longer than the model's context, its oldest turns are left out. */
  async #begin(question, { system, ...settings }) {
    this.#instructions ??= (await api.instructions()).instructions;
    const told = [this.#instructions, system].filter(Boolean).join('\n\n');
    const turns = this.#turns(question);
    const model = this.#model();
    for (let from = 0; ; from += 1 + Math.floor((turns.length - from) / 8)) {
      const messages = [...(told ? [{ role: 'system', content: told }] : []), ...turns.slice(from)];
      try {
        const stream = await completion({ model, messages, ...settings }, this.#left.signal);
        const answer = this.#message('assistant', question.id, { content: '', state: 'running', model });
        this.#messages.set(answer.id, answer);
        this.#streams.set(answer.id, stream);
        return answer;
      } catch (error) {
        if (error.code !== 'context_length_exceeded' || from + 1 >= turns.length) {
          throw error;
        }
      }
    }
  }
}
