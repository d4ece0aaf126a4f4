// Keeps the end of a growing text in sight, as long as its reader stays there.

/** Whoever goes down nearer to the end than this stays at the end. */
const NEAR_END_PX = 80;
const AT_END_PX = 2;
const MOST_FRAMES = 20;

export class End {
  /** Whether the reader is somewhere else. */
  away = false;
  #lastTop = 0;
  #host;

  /** @param {import('./element.js').Element} host has the element `.scroller`, and shows anew whether its reader is away */
  constructor(host) {
    this.#host = host;
  }

  get #scroller() {
    return this.#host.querySelector('.scroller');
  }

  /** Begins with another text. */
  reset() {
    this.away = false;
    this.#lastTop = 0;
  }

  show = () => {
    this.#scroller?.scrollTo({ top: this.#scroller.scrollHeight });
  };

  /** The text has grown. */
  grown() {
    if (!this.away) {
      // By then its reader may have gone up.
      requestAnimationFrame(() => this.away || this.show());
    }
  }

  /** Goes to the end, and again while what comes into sight there turns out higher or lower than was thought. */
  async settle() {
    for (let frame = 0, height = -1; frame < MOST_FRAMES; frame += 1) {
      await new Promise(requestAnimationFrame);
      if (!this.#scroller || this.#scroller.scrollHeight === height) {
        return;
      }
      height = this.#scroller.scrollHeight;
      this.show();
    }
  }

  scrolled = ({ target: { scrollTop, scrollHeight, clientHeight } }) => {
    const left = scrollHeight - scrollTop - clientHeight;
    // Only a reader goes up, and is not pulled back then, however little it was.
    const away = scrollTop < this.#lastTop ? left > AT_END_PX : left > NEAR_END_PX;
    this.#lastTop = scrollTop;
    if (away !== this.away) {
      this.away = away;
      this.#host.requestUpdate();
    }
  };
}
