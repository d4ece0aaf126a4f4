// A chat that is kept nowhere: this page alone has its messages, and each question takes all of them along. It answers to the same calls as the service does for chats that are kept.
import { api } from './api.js';
import { requestKey } from './http.js';
import { completion } from './streams.js';

export class TemporaryChat {
  #model;
  #messages = new Map();
  #streams = new Map();
  /** How each answer was asked for. */
  #settings = new Map();
  /** What all chats are told first; undefined until it is needed. */
  #instructions;
  #left = new AbortController();

  /** @param {() => string} model the model that answers */
  constructor(model) {
    this.#model = model;
  }

  async ask(_, { content, parent_id: parent = null, ...settings }, key, onConnection) {
    const question = this.#message('user', parent, { content, state: 'complete' });
    const answer = await this.#answer(question, settings, onConnection);
    this.#messages.set(question.id, question);
    return { question, answer };
  }

  async regenerate(_, id, settings, onConnection) {
    return { answer: await this.#answer(this.#messages.get(this.#messages.get(id).parent_id), settings, onConnection) };
  }

  /** Goes on with an answer that ended early, as the same message. */
  resume(_, id, onConnection) {
    const answer = this.#messages.get(id);
    // A model that has written nothing yet simply begins.
    const turns = this.#turns(answer.content ? answer : this.#messages.get(answer.parent_id));
    return this.#begin(answer, turns, { ...this.#settings.get(id), ...(answer.content && { continue_final_message: true }) }, onConnection);
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
    let { content } = this.#messages.get(id);
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

  #answer(question, settings, onConnection) {
    const answer = this.#message('assistant', question.id, { content: '', model: this.#model() });
    this.#settings.set(answer.id, settings);
    return this.#begin(answer, this.#turns(question), settings, onConnection);
  }

  /** Asks for what comes after the turns; where they are longer than the model's context, the oldest are left out. */
  async #begin(answer, turns, { system, ...settings }, onConnection) {
    this.#instructions ??= (await api.instructions()).instructions;
    const told = [this.#instructions, system].filter(Boolean).join('\n\n');
    const { model } = answer;
    for (let from = 0; ; from += 1 + Math.floor((turns.length - from) / 8)) {
      const messages = [...(told ? [{ role: 'system', content: told }] : []), ...turns.slice(from)];
      try {
        const stream = await completion({ model, messages, ...settings }, this.#left.signal, onConnection);
        const running = { ...answer, state: 'running' };
        this.#messages.set(answer.id, running);
        this.#streams.set(answer.id, stream);
        return running;
      } catch (error) {
        if (error.code !== 'context_length_exceeded' || from + 1 >= turns.length) {
          throw error;
        }
      }
    }
  }
}
