// Model output to safe HTML. Everything goes through DOMPurify; links open elsewhere and carry no opener; raw HTML in the text is shown as text.
import { Marked } from 'marked';
import DOMPurify from 'dompurify';
import { direct } from './direction.js';
import { t } from './i18n.js';

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escapeHtml = (text) => text.replace(/[&<>"']/g, (c) => ESCAPES[c]);

/** Characters that reorder text around them: a model could hide words with them. */
const BIDI_CONTROLS = /[\u202A-\u202E\u2066-\u2069\u200E\u200F]/g;
export const withoutControls = (text) => text.replace(BIDI_CONTROLS, '');

const mathInline = {
  name: 'mathInline',
  level: 'inline',
  start: (text) => text.search(/\$|\\\(/),
  tokenizer(text) {
    const match = /^\$(?!\s)([^$\n]+?)(?<!\s)\$(?!\d)/.exec(text) ?? /^\\\(([^\n]+?)\\\)/.exec(text);
    return match ? { type: 'mathInline', raw: match[0], text: match[1] } : undefined;
  },
  renderer: (token) => `<span class="math">${escapeHtml(token.text)}</span>`,
};

const mathBlock = {
  name: 'mathBlock',
  level: 'block',
  start: (text) => text.search(/\$\$|\\\[/),
  tokenizer(text) {
    const match = /^\$\$([\s\S]+?)\$\$/.exec(text) ?? /^\\\[([\s\S]+?)\\\]/.exec(text);
    return match ? { type: 'mathBlock', raw: match[0], text: match[1] } : undefined;
  },
  renderer: (token) => `<div class="math" data-display>${escapeHtml(token.text)}</div>`,
};

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }) => escapeHtml(text),
    image: ({ href, text }) => `<a href="${escapeHtml(href)}">${escapeHtml(text || href)}</a>`,
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
    code({ text, lang }) {
      const language = (lang ?? '').match(/^[\w+#.-]*/)[0];
      const label = escapeHtml(language || t('chat.code'));
      return `<figure class="code"><figcaption><span>${label}</span><button type="button" data-copy>${escapeHtml(t('chat.copy'))}</button></figcaption>`
        + `<pre tabindex="0"><code data-language="${escapeHtml(language)}">${escapeHtml(text)}</code></pre></figure>`;
    },
  },
});
marked.use({ extensions: [mathBlock, mathInline] });

const purifier = DOMPurify();
purifier.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName === 'A') {
    node.setAttribute('target', '_blank');
    node.setAttribute('rel', 'noopener noreferrer nofollow');
  }
});
// Said once: a purifier that is told with each text what it allows spends more time on that than on the text.
purifier.setConfig({
  ALLOWED_TAGS: ['a', 'b', 'blockquote', 'br', 'button', 'code', 'del', 'div', 'em', 'figcaption', 'figure', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'li',
    'ol', 'p', 'pre', 'span', 'strong', 'sub', 'sup', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul'],
  ALLOWED_ATTR: ['href', 'class', 'start', 'align', 'type', 'tabindex', 'data-copy', 'data-language', 'data-display'],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  // Every other attribute has to look like an allowed address.
  ADD_URI_SAFE_ATTR: ['start', 'align', 'type', 'tabindex'],
  RETURN_DOM_FRAGMENT: true,
});
const codePurifier = DOMPurify();
codePurifier.setConfig({ ALLOWED_TAGS: ['span'], ALLOWED_ATTR: ['class'], RETURN_DOM_FRAGMENT: true });

/** Each block runs in a direction of its own. */
function sanitized(html) {
  const fragment = purifier.sanitize(html);
  direct(fragment.children);
  return fragment;
}
const tokens = (text) => marked.lexer(withoutControls(text));

/** Markdown as a fragment that is safe to put into the page. */
export function toFragment(text) {
  return sanitized(marked.parser(tokens(text)));
}

/**
 * A text that grows in the page. Blocks that stay the same keep their elements, so that what is selected stays selected, nothing flickers, and a long answer costs no more than a
 * short one.
 */
export class Drawing {
  #element;
  #blocks = [];

  constructor(element) {
    this.#element = element;
  }

  /** @param {boolean} finished whether the text is to stay as it is: then it is set in one go, which is quicker */
  show(text, finished) {
    const all = tokens(text);
    if (finished && this.#blocks.length === 0) {
      const fragment = sanitized(marked.parser(all));
      this.#blocks.push({ raw: null, nodes: [...fragment.childNodes] });
      this.#element.append(fragment);
      return;
    }
    const changed = all.findIndex((token, i) => token.raw !== this.#blocks[i]?.raw);
    const same = changed < 0 ? all.length : changed;
    this.#blocks.splice(same).forEach(({ nodes }) => nodes.forEach((node) => node.remove()));
    for (const token of all.slice(same)) {
      const fragment = sanitized(marked.parser([token]));
      this.#blocks.push({ raw: token.raw, nodes: [...fragment.childNodes] });
      this.#element.append(fragment);
    }
  }
}

let highlighter;
function loadHighlighter() {
  highlighter ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = '/lib/highlightjs/highlight.min.js';
    script.onload = () => resolve(window.hljs);
    script.onerror = reject;
    document.head.append(script);
  });
  return highlighter;
}

let katex;
function loadKatex() {
  katex ??= import('katex').then((module) => {
    const style = document.createElement('link');
    style.rel = 'stylesheet';
    style.href = '/lib/katex/dist/katex.min.css';
    document.head.append(style);
    return module.default;
  });
  return katex;
}

/** Elements that are still plain; another call that comes while these wait for a library gets others. */
function take(element, selector, growing) {
  const taken = [...element.querySelectorAll(`${selector}:not([data-done])`)].filter((one) => !growing?.contains(one));
  taken.forEach((one) => { one.dataset.done = ''; });
  return taken;
}

/**
 * Colours code and sets mathematics in a message; what fails stays as it is.
 * @param {Element} element
 * @param {boolean} finished else its last block is left alone, since it still grows
 */
export async function decorate(element, finished = true) {
  const growing = finished ? null : element.lastElementChild;
  const codes = take(element, 'code[data-language]', growing);
  const formulas = take(element, '.math', growing);
  if (codes.some((code) => code.dataset.language)) {
    const hljs = await loadHighlighter();
    for (const code of codes) {
      if (hljs.getLanguage(code.dataset.language)) {
        code.replaceChildren(codePurifier.sanitize(hljs.highlight(code.textContent, { language: code.dataset.language }).value));
      }
    }
  }
  if (formulas.length > 0) {
    const tex = await loadKatex();
    for (const formula of formulas) {
      try {
        const set = document.createElement('span');
        tex.render(formula.textContent, set, { displayMode: 'display' in formula.dataset, trust: false, maxExpand: 100, maxSize: 20 });
        formula.replaceChildren(set);
      } catch (error) {
        if (!(error instanceof tex.ParseError)) {
          throw error;
        }
      }
    }
  }
}
