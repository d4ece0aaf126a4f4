// Dialogs are the browser's own: it keeps the focus inside, and Escape closes them.
import { ref } from 'lit/directives/ref.js';

/** On a dialog element: opens it as soon as it stands in the page. */
export const modal = () => ref(open);

function open(element) {
  queueMicrotask(() => {
    if (element?.isConnected && !element.open) {
      element.showModal();
    }
  });
}
