// Which models the service offers, what they cost, and which other services answer for it.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { modal } from '../dialog.js';
import { number, t } from '../i18n.js';
import { icon } from '../icons.js';
import { PageView, loading, table } from './page.js';

const MICROS = 1e6;
/** Who answers with models of other services; all others are this server's own. */
const UPSTREAM = 'upstream';
const NEW_MODEL = { input_price: 500_000, cached_input_price: 500_000, output_price: 1_500_000, max_output_tokens: 4096, enabled: true, currency: 'USD', provider: UPSTREAM, routes: [] };

const price = (micros, currency) => number(micros / MICROS, { style: 'currency', currency, maximumFractionDigits: 4 });

class MynahProviders extends PageView {
  /** model, upstream: what a dialog is open for, with an empty id for a new one. */
  static properties = { models: { state: true }, upstreams: { state: true }, settings: { state: true }, model: { state: true }, upstream: { state: true }, error: { state: true }, doomed: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  #load() {
    return this.attempt(async () => {
      [this.models, this.upstreams, this.settings] = await Promise.all([api.admin.models().then((page) => page.data), api.admin.upstreams().then((page) => page.data), api.admin.settings()]);
    });
  }

  #act(work) {
    return this.attempt(async () => {
      await work();
      await this.#load();
      this.tell('success', t('account.saved'));
    });
  }

  /** Saves what a dialog holds; what is wrong is said in it. */
  async #save(event, work) {
    event.preventDefault();
    try {
      await work(Object.fromEntries(new FormData(event.target)));
    } catch (error) {
      this.error = error.message;
      return;
    }
    this.#close();
    await this.#load();
    this.tell('success', t('account.saved'));
  }

  #close() {
    this.model = null;
    this.upstream = null;
    this.doomed = null;
    this.error = null;
  }

  #saveModel = (event) => this.#save(event, ({ id, input, cached, output, most, enabled, ...routes }) => {
    const change = {
      enabled: enabled === 'on', input_price: Math.round(Number(input) * MICROS), cached_input_price: Math.round(Number(cached) * MICROS), output_price: Math.round(Number(output) * MICROS),
      max_output_tokens: most === '' ? null : Number(most), ...(this.model.provider === UPSTREAM && { routes: this.#routes(routes) }),
    };
    return this.model.id ? api.admin.changeModel(this.model.id, change) : api.admin.createModel({ ...change, id });
  });

  #routes(fields) {
    return this.upstreams.filter(({ id }) => fields[`model:${id}`]).map(({ id }) => ({ upstream: id, model: fields[`model:${id}`], weight: Number(fields[`weight:${id}`]) }));
  }

  #saveUpstream = (event) => this.#save(event, ({ id, url, key, enabled, forget }) => {
    const change = { base_url: url, enabled: enabled === 'on', ...(forget === 'on' ? { api_key: null } : key && { api_key: key }) };
    return this.upstream.id ? api.admin.changeUpstream(this.upstream.id, change) : api.admin.createUpstream({ ...change, id });
  });

  render() {
    if (!this.models) {
      return loading();
    }
    return html`<section><div class="section-head"><h2>${t('admin.models')}</h2><button class="primary" ?disabled=${this.upstreams.length === 0} @click=${() => { this.model = NEW_MODEL; }}>${t('providers.newModel')}</button></div>
        <p class="hint">${t('providers.modelsHint')}</p>
        ${table(t('admin.models'), [t('account.model'), t('providers.provider'), t('providers.input'), t('providers.cached'), t('providers.output'), t('admin.enabled'), ''], this.models.map((model) => this.#modelRow(model)))}
        <div class="work">${this.#choice('default_model', t('providers.default'), t('providers.noDefault'))}${this.#choice('title_model', t('providers.titles'), t('providers.noTitles'))}<p class="hint">${t('providers.titlesHint')}</p></div></section>
      <section><div class="section-head"><h2>${t('providers.upstreams')}</h2><button @click=${() => { this.upstream = { enabled: true }; }}>${t('providers.newUpstream')}</button></div>
        <p class="hint">${t('providers.upstreamsHint')}</p>
        ${this.upstreams.length === 0 ? html`<p class="empty">${t('providers.noUpstreams')}</p>`
          : table(t('providers.upstreams'), [t('auth.name'), t('providers.address'), t('providers.key'), t('admin.enabled'), ''], this.upstreams.map((upstream) => this.#upstreamRow(upstream)))}</section>
      ${this.model ? this.#modelForm(this.model) : nothing}${this.upstream ? this.#upstreamForm(this.upstream) : nothing}${this.doomed ? this.#confirm(this.doomed) : nothing}`;
  }

  /** A setting that is a model, or none. */
  #choice(key, label, none) {
    return html`<label class="filter">${label}<select @change=${(event) => { const { value } = event.target; this.#act(() => api.admin.setSettings({ [key]: value || null })); }}><option value="">${none}</option>
      ${this.models.map(({ id }) => html`<option value=${id} ?selected=${id === this.settings[key]}>${id}</option>`)}</select></label>`;
  }

  #switch(label, enabled, set) {
    return html`<input type="checkbox" class="toggle" role="switch" aria-label=${label} .checked=${enabled} @change=${(event) => { const { checked } = event.target; this.#act(() => set(checked)); }}>`;
  }

  #modelRow(model) {
    return [html`<strong>${model.id}</strong>`, model.provider === UPSTREAM ? model.routes.map((route) => `${route.upstream} → ${route.model}`).join(', ') : t('providers.local'),
      price(model.input_price, model.currency), price(model.cached_input_price, model.currency), price(model.output_price, model.currency),
      this.#switch(t('providers.enable', { name: model.id }), model.enabled, (enabled) => api.admin.changeModel(model.id, { enabled })),
      html`<button class="quiet" aria-label=${t('assistant.edit', { name: model.id })} title=${t('chat.edit')} @click=${() => { this.model = model; }}>${icon('edit')}</button>`];
  }

  #upstreamRow(upstream) {
    return [html`<strong>${upstream.id}</strong>`, html`<code>${upstream.base_url}</code>`, t(upstream.has_api_key ? 'providers.hasKey' : 'providers.noKey'),
      this.#switch(t('providers.enable', { name: upstream.id }), upstream.enabled, (enabled) => api.admin.changeUpstream(upstream.id, { enabled })),
      html`<span class="row-buttons"><button class="quiet" aria-label=${t('assistant.edit', { name: upstream.id })} title=${t('chat.edit')} @click=${() => { this.upstream = upstream; }}>${icon('edit')}</button>
        <button class="quiet danger" aria-label=${t('providers.delete', { name: upstream.id })} title=${t('chat.delete')} @click=${() => { this.doomed = upstream; }}>${icon('bin')}</button></span>`];
  }

  #modelForm(model) {
    const money = (name, label, micros) => html`<label>${t(label, { currency: model.currency })}<input name=${name} type="number" min="0" max="1000000" step="any" required .value=${String(micros / MICROS)}></label>`;
    return html`<dialog ${modal()} aria-labelledby="model-title" @close=${this.#close}><form @submit=${this.#saveModel}><h2 id="model-title">${model.id ?? t('providers.newModel')}</h2>
      ${model.id ? nothing : html`<label>${t('providers.modelName')}<input name="id" required pattern="[A-Za-z0-9._:\\/\\-]{1,200}" placeholder="qwen3-32b"></label>`}
      <div class="grid-form">${money('input', 'admin.inputPrice', model.input_price)}${money('cached', 'providers.cachedPrice', model.cached_input_price)}${money('output', 'admin.outputPrice', model.output_price)}
        <label>${t('providers.most')}<input name="most" type="number" min="1" max="1048576" ?required=${model.provider === UPSTREAM} .value=${String(model.max_output_tokens ?? '')} placeholder=${t('providers.unlimited')}></label></div>
      ${model.provider !== UPSTREAM ? nothing : html`<fieldset><legend>${t('providers.routes')}</legend><p class="hint">${t('providers.routesHint')}</p>${this.upstreams.map((upstream) => this.#route(model, upstream))}</fieldset>`}
      <label class="switch"><input name="enabled" type="checkbox" .checked=${model.enabled}><span>${t('admin.enabled')}</span></label>
      ${this.#buttons()}</form></dialog>`;
  }

  #route(model, upstream) {
    const route = model.routes.find((one) => one.upstream === upstream.id);
    return html`<div class="route"><strong>${upstream.id}</strong><input name="model:${upstream.id}" aria-label=${t('providers.nameThere', { name: upstream.id })} placeholder=${t('providers.nameThereHint')} .value=${route?.model ?? ''}>
      <input name="weight:${upstream.id}" type="number" min="1" max="1000" required aria-label=${t('providers.weight', { name: upstream.id })} title=${t('providers.weight', { name: upstream.id })} .value=${String(route?.weight ?? 1)}></div>`;
  }

  #upstreamForm(upstream) {
    return html`<dialog ${modal()} aria-labelledby="upstream-title" @close=${this.#close}><form @submit=${this.#saveUpstream}><h2 id="upstream-title">${upstream.id ?? t('providers.newUpstream')}</h2>
      ${upstream.id ? nothing : html`<label>${t('auth.name')}<input name="id" required pattern="[a-z0-9_\\-]{1,64}" placeholder="gpu1"></label>`}
      <label>${t('providers.address')}<input name="url" type="url" required placeholder="https://host/v1" .value=${upstream.base_url ?? ''}></label>
      <label>${t('providers.key')}<input name="key" type="password" autocomplete="off" placeholder=${upstream.has_api_key ? t('providers.keepKey') : ''}></label>
      ${upstream.has_api_key ? html`<label class="switch"><input name="forget" type="checkbox"><span>${t('providers.forgetKey')}</span></label>` : nothing}
      <label class="switch"><input name="enabled" type="checkbox" .checked=${upstream.enabled}><span>${t('admin.enabled')}</span></label>
      ${this.#buttons()}</form></dialog>`;
  }

  #buttons() {
    return html`${this.error ? html`<p class="error" role="alert">${this.error}</p>` : nothing}
      <div class="buttons"><button type="button" @click=${this.#close}>${t('chat.cancel')}</button><button class="primary">${t('chat.saveSettings')}</button></div>`;
  }

  #confirm(upstream) {
    return html`<dialog ${modal()} aria-labelledby="doomed-title" @close=${this.#close}><div class="sheet"><h2 id="doomed-title">${t('providers.delete', { name: upstream.id })}</h2><p>${t('providers.deleteAsk')}</p>
      <div class="buttons"><button @click=${this.#close}>${t('chat.cancel')}</button><button class="primary danger" @click=${() => { this.#close(); this.#act(() => api.admin.deleteUpstream(upstream.id)); }}>${t('chat.delete')}</button></div></div></dialog>`;
  }
}

customElements.define('mynah-providers', MynahProviders);
