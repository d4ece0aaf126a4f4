// Amounts of money: micro-units of a currency, as the server counts them.
import { number, t } from './i18n.js';

const MICROS = 1e6;

/** An amount in micro-units, as people write it. */
export function money(micros, currency) {
  return number(micros / MICROS, { style: 'currency', currency, minimumFractionDigits: 2, maximumFractionDigits: 4 });
}

/** As {@link money}, to the last micro-unit. */
export function exact(micros, currency) {
  return number(micros / MICROS, { style: 'currency', currency, minimumFractionDigits: 2, maximumFractionDigits: 6 });
}

/** A plan's name: the shipped ones in the reader's language. */
export function planName({ id, name }) {
  return t(`plan.${id}`, {}, name);
}

/** What somebody typed, in micro-units. */
export function micros(text) {
  return Math.round(Number(text) * MICROS);
}

/** Micro-units as a field shows them. */
export function amount(value) {
  return value === null || value === undefined ? '' : String(value / MICROS);
}
