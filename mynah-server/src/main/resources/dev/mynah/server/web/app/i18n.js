// Words in the reader's language. Every key of en.js stands in zh.js too; a test holds them to it.
import en from './i18n/en.js';
import zh from './i18n/zh.js';

const LANGUAGES = { en, zh };
const STORED = 'mynah.language';

/** The language shown: the one chosen, else the browser's, else English. */
export function language() {
  const chosen = localStorage.getItem(STORED);
  if (chosen in LANGUAGES) {
    return chosen;
  }
  const wanted = navigator.languages.map((tag) => tag.split('-')[0]);
  return wanted.find((tag) => tag in LANGUAGES) ?? 'en';
}

/** Dates are written as in the browser's own region where it speaks the language. */
export function locale() {
  const tag = language();
  return navigator.languages.find((one) => one.split('-')[0] === tag) ?? tag;
}

/** Changes the language; the page is drawn anew. */
export function setLanguage(tag) {
  localStorage.setItem(STORED, tag);
  document.documentElement.lang = tag;
  window.dispatchEvent(new Event('mynah-language'));
}

/** The words for a key, with {names} replaced; where there are none, something else. */
export function t(key, values = {}, otherwise = key) {
  const words = LANGUAGES[language()][key] ?? otherwise;
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

/** Formats, by what they are made of: each takes longer to make than a hundred numbers to write. */
const formats = new Map();

function format(Format, tag, options) {
  const key = `${Format.name} ${tag} ${JSON.stringify(options)}`;
  return formats.get(key) ?? formats.set(key, new Format(tag, options)).get(key);
}

/** A time as people say it: the hour today, else the day. */
export function when(instant) {
  const date = new Date(instant);
  const today = new Date().toDateString() === date.toDateString();
  return format(Intl.DateTimeFormat, locale(), today ? { hour: '2-digit', minute: '2-digit' } : { month: 'short', day: 'numeric' }).format(date);
}

/** A time to the minute, with its day. */
export function moment(instant) {
  return format(Intl.DateTimeFormat, locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant));
}

/** A number with the language's separators. */
export function number(value, options = {}) {
  return format(Intl.NumberFormat, language(), options).format(value);
}
