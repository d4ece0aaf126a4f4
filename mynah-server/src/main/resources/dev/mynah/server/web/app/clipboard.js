/** Puts a text on the clipboard. Over plain HTTP, as within a company's network, browsers offer only the old way. */
export async function copyText(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const before = document.activeElement;
  const area = document.createElement('textarea');
  area.className = 'hidden';
  area.value = text;
  // What stands outside of an open dialog cannot be selected.
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
  before?.focus({ preventScroll: true });
}
