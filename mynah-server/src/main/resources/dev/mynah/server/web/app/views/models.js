// Two models beside each other on the same prompts, and what was deployed.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { number, t, when } from '../i18n.js';
import { PageView, loading, table } from './page.js';
import { deployButton } from './deploy.js';

const MOST_PROMPTS = 20;

class MynahModels extends PageView {
  static properties = { user: { attribute: false }, models: { state: true }, deployments: { state: true }, first: { state: true }, second: { state: true }, answers: { state: true }, asking: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.answers = [];
    this.attempt(async () => {
      this.models = (await api.models()).data.map((model) => model.id);
      [this.first, this.second] = [this.models[0], this.models[1] ?? this.models[0]];
    });
    this.deployed();
  }

  deployed() {
    return this.user.role !== 'administrator' ? undefined : this.attempt(async () => { this.deployments = (await api.admin.deployments()).data; });
  }

  #ask = async (event) => {
    event.preventDefault();
    const prompts = event.target.prompts.value.split('\n').map((line) => line.trim()).filter(Boolean).slice(0, MOST_PROMPTS);
    this.asking = true;
    this.answers = prompts.map((prompt) => ({ prompt, models: [this.first, this.second], texts: [null, null] }));
    await this.attempt(async () => {
      for (const [row, { prompt, models }] of this.answers.entries()) {
        await Promise.all(models.map(async (model, i) => {
          const began = performance.now();
          const answer = await api.complete({ model, messages: [{ role: 'user', content: prompt }] });
          this.answers[row].texts[i] = { text: answer.choices[0].message.content ?? '', tokens: answer.usage.completion_tokens, seconds: (performance.now() - began) / 1000 };
          this.answers = [...this.answers];
        }));
      }
    });
    this.asking = false;
  };

  #rollBack = () => this.attempt(async () => {
    const undone = await api.admin.rollBack();
    this.tell('success', t('deploy.undone', { model: undone.model_id }));
    await this.deployed();
  });

  render() {
    if (!this.models) {
      return loading();
    }
    return html`<form class="work" @submit=${this.#ask}><div class="pickers">${this.#picker('first', t('models.first'))}${this.#picker('second', t('models.second'))}</div>
        <label>${t('models.prompts')}<textarea name="prompts" rows="3" required dir="auto"></textarea></label>
        <div class="buttons"><button class="primary" ?disabled=${this.asking}>${t('models.ask')}</button></div></form>
      <div aria-live="polite">${this.answers.map((row) => html`<section><h2 dir="auto">${row.prompt}</h2><div class="columns">${row.models.map((model, i) => this.#answer(model, row.texts[i]))}</div></section>`)}</div>
      ${this.user.role === 'administrator' ? this.#deployments() : nothing}`;
  }

  #picker(which, label) {
    return html`<label>${label}<select @change=${(event) => { this[which] = event.target.value; }}>${this.models.map((model) => html`<option value=${model} ?selected=${model === this[which]}>${model}</option>`)}</select></label>`;
  }

  #answer(model, answer) {
    return html`<div class="column"><strong>${model}</strong>${answer ? html`<p class="sample" dir="auto">${answer.text}</p>
      <span class="hint">${t('models.figures', { tokens: number(answer.tokens), seconds: number(answer.seconds, { maximumFractionDigits: 1 }) })}</span>` : html`<span class="hint">…</span>`}</div>`;
  }

  #deployments() {
    const last = this.deployments?.find((deployment) => !deployment.rolled_back_at);
    return html`<section><h2>${t('deploy.title')}</h2><div class="buttons start deploy"><strong>${this.second}</strong>${deployButton(this, { model: this.second })}
        ${last ? html`<button class="danger" @click=${this.#rollBack}>${t('deploy.rollBack', { model: last.model_id })}</button>` : nothing}</div>
      ${this.deployments?.length ? table(t('deploy.title'), [t('admin.time'), t('chat.model'), t('deploy.how'), t('admin.state')], this.deployments.map((deployment) => [
        when(deployment.created_at), html`<code>${deployment.model_id}</code>`, t(deployment.made_default ? 'deploy.asDefault' : 'deploy.beside'), t(deployment.rolled_back_at ? 'deploy.taken' : 'deploy.live')])) : html`<p class="empty">${t('deploy.none')}</p>`}</section>`;
  }
}

customElements.define('mynah-models', MynahModels);
