// A menu behind a button of three dots.
import { html } from 'lit';
import { icon } from './icons.js';

/** @param {string} name what the button is called */
export function menu(name, items) {
  return html`<details class="menu" @toggle=${place} @focusout=${closeWhenLeft} @keydown=${closeWithEscape} @click=${closeWhenChosen}><summary aria-label=${name} title=${name}>${icon('more')}</summary><div>${items}</div></details>`;
}

/** Puts a menu below its button, or above it where there is more room; the list that it stands in would cut it off. */
function place({ currentTarget: menu }) {
  const list = menu.querySelector('div');
  if (!menu.open) {
    list.removeAttribute('style');
    return;
  }
  const button = menu.querySelector('summary').getBoundingClientRect();
  const top = button.bottom + list.offsetHeight < innerHeight ? button.bottom : button.top - list.offsetHeight;
  list.style.top = `${Math.max(0, top)}px`;
  list.style.left = `${Math.max(0, button.right - list.offsetWidth)}px`;
}

/** On what scrolls: the menus in it, which stay where they are, close. */
export function closeMenus({ currentTarget: list }) {
  list.querySelectorAll('.menu[open]').forEach((menu) => { menu.open = false; });
}

function closeWhenLeft(event) {
  if (!event.currentTarget.contains(event.relatedTarget)) {
    event.currentTarget.open = false;
  }
}

function closeWithEscape(event) {
  if (event.key === 'Escape' && event.currentTarget.open) {
    event.stopPropagation();
    event.currentTarget.open = false;
    event.currentTarget.querySelector('summary').focus();
  }
}

/** What is chosen in a menu is done: it closes, and the focus is on its button, where a dialog that opens now gives it back to. */
const closeWhenChosen = {
  capture: true,
  handleEvent({ target, currentTarget: menu }) {
    if (target.closest('button, a')) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
  },
};
