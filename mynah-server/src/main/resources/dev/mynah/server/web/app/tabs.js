// A conversation that changes is told to this tab's views, and to the other tabs of the browser.
const channel = new BroadcastChannel('mynah.conversations');

channel.onmessage = ({ data }) => {
  window.dispatchEvent(new Event('conversations-changed'));
  window.dispatchEvent(new CustomEvent('changed-elsewhere', { detail: data }));
};

/** @param {string} [id] all of them, if it is left out */
export function conversationChanged(id) {
  window.dispatchEvent(new Event('conversations-changed'));
  channel.postMessage(id);
}
