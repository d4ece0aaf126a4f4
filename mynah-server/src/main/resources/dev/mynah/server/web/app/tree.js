// A conversation as a tree: an edited question or a regenerated answer is another branch beside the old one.

export class MessageTree {
  #messages = new Map();
  #children = new Map();
  #chosen = new Map();

  constructor(messages = []) {
    messages.forEach((message) => this.put(message));
  }

  /** Adds a message, which its parent then goes on with, or replaces the one of the same id. */
  put(message) {
    const parent = message.parent_id ?? null;
    if (!this.#messages.has(message.id)) {
      const siblings = this.#children.get(parent) ?? [];
      this.#children.set(parent, [...siblings, message.id]);
      this.#chosen.set(parent, message.id);
    }
    this.#messages.set(message.id, message);
  }

  get(id) {
    return this.#messages.get(id);
  }

  /** The messages shown, from the first question to the last answer, each with its place among its siblings. */
  path() {
    const path = [];
    for (let id = this.#chosen.get(null); id !== undefined; id = this.#chosen.get(id)) {
      const message = this.#messages.get(id);
      const siblings = this.#children.get(message.parent_id ?? null);
      path.push({ message, at: siblings.indexOf(id), of: siblings.length });
    }
    return path;
  }

  /** The messages that follow one. */
  answersTo(id) {
    return (this.#children.get(id ?? null) ?? []).map((child) => this.#messages.get(child));
  }

  /** Shows the branch that a message lies on. */
  choose(id) {
    for (let message = this.#messages.get(id); message; message = this.#messages.get(message.parent_id)) {
      this.#chosen.set(message.parent_id ?? null, message.id);
    }
  }

  last() {
    return this.path().at(-1)?.message;
  }

  /** Shows the sibling that lies so many places after a message. */
  step(message, places) {
    const parent = message.parent_id ?? null;
    const siblings = this.#children.get(parent);
    const to = siblings[siblings.indexOf(message.id) + places];
    if (to !== undefined) {
      this.#chosen.set(parent, to);
    }
  }
}
