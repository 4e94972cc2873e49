/**
 * The layers of a network at a moment, a row each: gradient, change, dead and saturated units, and how weights and values are
 * spread.
 *
 * @typedef {import('../../core/train/learning-types.js').LayerLearning} LayerLearning
 * @typedef {import('../../core/train/layers.js').Measure} Measure
 * @typedef {import('../../core/types.js').Context} Context
 */
import { count, percent, short } from '../../core/numbers/format.js';
import { measureOf, MEASURES, strength } from '../../core/train/layers.js';
import { h } from '../dom.js';
import { createHistogramPlot } from '../histogram.js';
import { term } from '../popover.js';

/** Dead units that are named. */
const NAMED = 12;

/** A measure in words. @param {LayerLearning} layer @param {Measure} measure @param {string} lang */
function measureText(layer, measure, lang) {
  const value = layer[measure];
  if (value === null || value === undefined) return '–';
  if (measure === 'gradient') return short(value, lang);
  return measure === 'change' ? value.toLocaleString(lang, { style: 'percent', maximumSignificantDigits: 2 }) : percent(value, lang);
}

/** @param {string} layer @param {Context} ctx */
function createRow(layer, ctx) {
  const { t } = ctx;
  const parameters = h('small', {});
  const cells = MEASURES.map((measure) => {
    const bar = h('span', { class: 'ratio-bar' });
    const text = h('span', {});
    return { measure, bar, text, cell: h('td', { data: { measure } }, bar, text) };
  });
  const plots = [createHistogramPlot(ctx), createHistogramPlot(ctx)];
  const element = h('tr', {}, h('th', { scope: 'row' }, layer, parameters), ...cells.map(({ cell }) => cell), ...plots.map((plot) => h('td', { class: 'layer-spread' }, plot.element)));

  /** @param {LayerLearning} found @param {Record<Measure, number>} most @param {string} lang */
  function show(found, most, lang) {
    parameters.textContent = count(found.parameters, lang);
    for (const { measure, bar, text, cell } of cells) {
      const share = strength(measureOf(found, measure), measure, most[measure]);
      bar.style.setProperty('--share', `${Math.round(share * 100)}%`);
      bar.hidden = found[measure] === null;
      text.textContent = measureText(found, measure, lang);
      cell.classList.toggle('is-worst', (measure === 'dead' || measure === 'saturated') && share > 0.3);
    }
    const dead = found.dead_units ?? [];
    cells[2].cell.dataset.tip = dead.length ? t('analysis.layers.dead_units', { units: dead.slice(0, NAMED).join(', ') + (dead.length > NAMED ? ' …' : '') }) : t('analysis.layers.none_dead');
    [found.weights, found.activations].forEach(({ counts, edges }, i) => plots[i].draw(counts, edges, lang));
  }

  return { element, show };
}

/** @param {Context} ctx */
export function createLayerRows(ctx) {
  const { t } = ctx;
  const body = h('tbody', {});
  const heads = [...MEASURES, 'weights', 'activations'].map((key) => h('th', { scope: 'col' }, term(t(`analysis.layers.${key}`), t(`analysis.layers.${key}.about`))));
  const element = h('table', { class: 'layer-table' }, h('caption', { class: 'visually-hidden' }, t('analysis.layers.table')),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('analysis.layers.layer')), ...heads)), body);
  /** @type {ReturnType<typeof createRow>[]} */
  let rows = [];
  let built = '';

  /** @param {LayerLearning[]} layers @param {string} lang */
  function show(layers, lang) {
    const key = layers.map(({ layer }) => layer).join('\n');
    if (key !== built) {
      built = key;
      rows = layers.map(({ layer }) => createRow(layer, ctx));
      body.replaceChildren(...rows.map((row) => row.element));
    }
    const most = /** @type {Record<Measure, number>} */ (Object.fromEntries(MEASURES.map((measure) => [measure, Math.max(0, ...layers.map((layer) => measureOf(layer, measure) ?? 0))])));
    layers.forEach((layer, i) => rows[i].show(layer, most, lang));
  }

  return { element, show };
}
