// What is wrong with a field, in the page's language: the browser's own words are in the browser's.
import { t } from './i18n.js';

function fault({ validity, minLength, min, max }) {
  if (validity.valueMissing) {
    return t('invalid.missing');
  }
  if (validity.typeMismatch) {
    return t('invalid.type');
  }
  if (validity.badInput) {
    return t('invalid.number');
  }
  if (validity.tooShort) {
    return t('invalid.short', { count: minLength });
  }
  if (validity.rangeUnderflow || validity.rangeOverflow) {
    return t(max === '' ? 'invalid.least' : 'invalid.range', { min, max });
  }
  return t(validity.stepMismatch ? 'invalid.step' : 'invalid.other');
}

/** Has all fields of the page say so. */
export function explainFields() {
  const own = new WeakSet();
  document.addEventListener('invalid', ({ target: field }) => {
    if (!field.validity.customError) {
      field.setCustomValidity(fault(field));
      own.add(field);
    }
  }, true);
  document.addEventListener('input', ({ target: field }) => {
    if (own.delete(field)) {
      field.setCustomValidity('');
    }
  }, true);
}
