// Charts as inline SVG, drawn without a library. Each has its figures as a table beside it, for those who do not see it.
import { html, nothing, svg } from 'lit';
import { number, t } from './i18n.js';

const WIDTH = 480;
const HEIGHT = 190;
const LEFT = 56;
const BOTTOM = 28;
const TOP = 10;
const RIGHT = 12;
const TABLE_ROWS = 20;

const compact = (value) => number(value, { notation: Math.abs(value) >= 10_000 ? 'compact' : 'standard', maximumSignificantDigits: 4 });

/** Round numbers that span a range. */
function ticks(low, high, count = 4) {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough);
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.floor((high - first) / step + 1e-9) + 1 }, (_, i) => first + i * step);
}

function scale(low, high, from, to) {
  const span = high - low || 1;
  return (value) => from + ((value - low) / span) * (to - from);
}

function frame(label, xs, ys, x, y, body) {
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
    ${ys.map((tick) => svg`<line class="grid" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(tick)} y2=${y(tick)}/><text x=${LEFT - 8} y=${y(tick) + 4} text-anchor="end">${compact(tick)}</text>`)}
    ${xs.map(([at, words]) => svg`<text x=${x(at)} y=${HEIGHT - 8} text-anchor="middle">${words}</text>`)}
    ${body}</svg>`;
}

function legend(names) {
  return names.length < 2 ? nothing : html`<ul class="legend">${names.map((name, i) => html`<li class="s${i}">${name}</li>`)}</ul>`;
}

function figures(label, heads, rows) {
  return html`<details class="figures"><summary>${t('chart.table')}</summary><div class="table"><table><caption class="hidden">${label}</caption>
    <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${typeof cell === 'number' ? compact(cell) : cell}</td>`)}</tr>`)}</tbody></table></div></details>`;
}

/** Of a long list a few, evenly spread, the last among them. */
function some(list) {
  const every = Math.ceil(list.length / TABLE_ROWS);
  return list.filter((_, i) => (list.length - 1 - i) % every === 0);
}

/**
 * Lines over a common axis.
 * @param {{title: string, axis: string, series: {name: string, points: [number, number][]}[]}} chart
 */
export function lineChart({ title, axis, series }) {
  const shown = series.map((one) => ({ ...one, points: one.points.filter(([, value]) => Number.isFinite(value)) })).filter((one) => one.points.length > 0);
  if (shown.length === 0) {
    return nothing;
  }
  const all = shown.flatMap((one) => one.points);
  const [x0, x1] = bounds(all.map(([at]) => at));
  const [y0, top] = bounds(all.map(([, value]) => value));
  const y1 = top === y0 ? y0 + 1 : top;
  const x = scale(x0, x1, LEFT, WIDTH - RIGHT);
  const y = scale(y0, y1, HEIGHT - BOTTOM, TOP);
  const lines = shown.map((one, i) => (one.points.length === 1
    ? svg`<circle class="dot s${i}" cx=${x(one.points[0][0])} cy=${y(one.points[0][1])} r="3"/>`
    : svg`<polyline class="line s${i}" points=${one.points.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}/>`));
  return html`<figure class="plot"><figcaption>${title}</figcaption>${frame(title, ticks(x0, x1, 6).map((tick) => [tick, compact(tick)]), ticks(y0, y1), x, y, lines)}
    ${legend(shown.map((one) => one.name))}
    ${figures(title, [axis, ...shown.map((one) => one.name)], some(shown[0].points).map(([at]) => [at, ...shown.map((one) => nearest(one.points, at))]))}</figure>`;
}

function bounds(values) {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

function nearest(points, at) {
  return points.reduce((best, point) => (Math.abs(point[0] - at) < Math.abs(best[0] - at) ? point : best))[1];
}

/**
 * Bars of stacked parts.
 * @param {{title: string, axis: string, names: string[], bars: {label: string, parts: number[]}[]}} chart
 */
export function barChart({ title, axis, names, bars }) {
  const high = Math.max(1, ...bars.map((bar) => bar.parts.reduce((sum, part) => sum + part, 0)));
  const x = scale(0, bars.length, LEFT, WIDTH - RIGHT);
  const y = scale(0, high, HEIGHT - BOTTOM, TOP);
  const width = Math.min(28, (x(1) - x(0)) * 0.7);
  const every = Math.ceil(bars.length / 8);
  const body = bars.map((bar, i) => {
    let sum = 0;
    return bar.parts.map((part, p) => {
      sum += part;
      return svg`<rect class="bar s${p}" x=${x(i + 0.5) - width / 2} y=${y(sum)} width=${width} height=${Math.max(0, y(sum - part) - y(sum))}><title>${bar.label} ${names[p]}: ${compact(part)}</title></rect>`;
    });
  });
  const labels = bars.map((bar, i) => [i + 0.5, bar.label]).filter((_, i) => i % every === 0);
  return html`<figure class="plot"><figcaption>${title}</figcaption>${frame(title, labels, ticks(0, high), x, y, body)}${legend(names)}
    ${figures(title, [axis, ...names], bars.filter((bar) => bar.parts.some((part) => part > 0)).map((bar) => [bar.label, ...bar.parts]))}</figure>`;
}
