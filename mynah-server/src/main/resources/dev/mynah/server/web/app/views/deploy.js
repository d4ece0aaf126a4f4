// "Deploy this model": for administrators, with a question first, since everybody gets it.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { modal } from '../dialog.js';
import { t } from '../i18n.js';

const name = (what) => what.run ?? what.model;

/**
 * @param view the page; its user may deploy or not
 * @param {{run: string} | {model: string}} what
 */
export function deployButton(view, what) {
  if (view.user.role !== 'administrator') {
    return nothing;
  }
  const ask = (open) => {
    view.deploying = open ? name(what) : null;
    view.requestUpdate();
  };
  const deploy = (event) => {
    event.preventDefault();
    const asDefault = event.target.default.checked;
    ask(false);
    view.attempt(async () => {
      await api.admin.deploy({ ...what, default: asDefault });
      view.tell('success', t('deploy.done', { model: name(what) }));
      view.deployed?.();
    });
  };
  return html`<button @click=${() => ask(true)}>${t('deploy.deploy')}</button>
    ${view.deploying === name(what) ? html`<dialog ${modal()} aria-labelledby="deploy-title" @close=${() => ask(false)}><form class="sheet" @submit=${deploy}><h2 id="deploy-title">${t('deploy.deploy')}</h2>
      <p>${t('deploy.ask', { model: name(what) })}</p><label class="switch"><input name="default" type="checkbox" checked><span>${t('deploy.default')}</span></label>
      <div class="buttons"><button type="button" @click=${() => ask(false)}>${t('chat.cancel')}</button><button class="primary">${t('deploy.now')}</button></div></form></dialog>` : nothing}`;
}
