// The figures of training runs as charts, one for each figure, several runs in one chart.
import { html, nothing } from 'lit';
import { lineChart } from './charts.js';
import { number, t } from './i18n.js';

/** Shown first, in this order, where a run has them; every other figure follows. */
const FIRST = ['loss', 'val_loss', 'val_bpb', 'reward', 'kl', 'tok_s', 'lr', 'grad_norm', 'mfu'];
const NOT_SHOWN = new Set(['step', 'tokens', 'time']);

/** The figures that runs have. */
function keys(runs) {
  const found = new Set(runs.flatMap((run) => run.rows.flatMap((row) => Object.keys(row).filter((key) => typeof row[key] === 'number' && !NOT_SHOWN.has(key)))));
  return [...FIRST.filter((key) => found.has(key)), ...[...found].filter((key) => !FIRST.includes(key)).sort()];
}

/** @param {{name: string, rows: object[]}[]} runs */
export function plots(runs) {
  return html`<div class="plots">${keys(runs).map((key) => lineChart({ title: t(`studio.${FIRST.includes(key) ? key : 'other'}`, { key }), axis: t('studio.step'),
    series: runs.map((run) => ({ name: run.name, points: run.rows.map((row) => [row.step, row[key]]) })) }))}</div>`;
}

/**
 * What the models of runs wrote at one step, with a slider to choose it.
 * @param {{name: string, samples: object[]}[]} runs
 * @param {number | undefined} chosen the step, or the last
 * @param {(step: number) => void} choose
 */
export function samplesByStep(runs, chosen, choose) {
  const steps = [...new Set(runs.flatMap((run) => run.samples.map((sample) => sample.step)))].sort((a, b) => a - b);
  if (steps.length === 0) {
    return nothing;
  }
  const step = steps.includes(chosen) ? chosen : steps.at(-1);
  return html`<section><h2>${t('studio.samples')}</h2><label class="steps">${t('studio.step')}<input type="range" min="0" max=${steps.length - 1} .value=${String(steps.indexOf(step))}
      aria-valuetext=${number(step)} @input=${(event) => choose(steps[Number(event.target.value)])}><output>${number(step)}</output></label>
    <div class="columns">${runs.map((run) => html`<div class="column"><strong>${run.name}</strong>${run.samples.filter((sample) => sample.step === step).map((sample) => html`<p class="sample" dir="auto"><span class="soft">${sample.prompt}</span> ${sample.text}</p>`)}</div>`)}</div></section>`;
}
