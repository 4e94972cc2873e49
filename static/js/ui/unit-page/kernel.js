/**
 * The weights that make the unit's channel: its kernel in colour, the kernels over its strongest input channels, or all
 * weights as bars. Behind pooling those of the channel that it pools.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/unit/address.js').Subject} Subject
 * @typedef {import('../../core/filters/kernels.js').Filters} Filters
 */
import { stageOf } from '../../core/unit/arithmetic.js';
import { cellFor, describeFilters, inputChannels, kernelNorms, makerOf } from '../../core/filters/kernels.js';
import { createFilterPages } from '../../core/filters/pages.js';
import { count, short } from '../../core/numbers/format.js';
import { nameOf, nodeOf } from '../../core/networks/graph.js';
import { hasWeights } from '../../core/session.js';
import { addressOf } from '../../core/unit/address.js';
import { fullNumber } from '../../core/unit/text.js';
import { colourPixels, signedPixels } from '../filters/kernel-paint.js';
import { createKernelSheet } from '../filters/kernel-sheet.js';
import { createWeightBars } from '../filters/weight-bars.js';
import { h } from '../dom.js';

/** Kernels that are shown, strongest first; the filters view has all. */
const SHOWN = 24;
const GAP = 4;
const COLOUR_SIDE = 154;
const ROOM = { width: 320, height: 190 };

/** @param {Store} store @param {ViewContext} ctx @param {() => void} schedule */
export function createUnitKernel(store, ctx, schedule) {
  const { t } = ctx;
  const colour = createKernelSheet({ tell: () => '', name: 'is-colour' });
  const sheet = createKernelSheet({ tell: tellKernel, pick: ({ index }) => open(inputs[index]) });
  const bars = createWeightBars({ tell: tellWeight, pick: (index) => open(allInputs()[index]) });
  const note = h('p', { class: 'unit-note' });
  const all = h('button', { class: 'link-button', type: 'button', on: { click: () => { if (shown) ctx.open('filters', { drawer: shown.filters.stage.id }); } } }, t('unit.kernel.all'));
  const pictures = h('div', { class: 'unit-kernels' }, colour.element, sheet.element, bars.element);
  const element = h('section', { class: 'unit-part unit-kernel', 'aria-label': t('unit.kernel') }, h('h3', { class: 'section-title' }, t('unit.kernel')), pictures, note, all);
  /** @type {{key: unknown[], pages: ReturnType<typeof createFilterPages>}|null} */
  let kept = null;
  /** @type {{filters: Filters, channel: number, weights: Float32Array, drawn: unknown}|null} */
  let shown = null;
  /** The input channels that are shown, and their places in the filter. @type {number[]} */
  let inputs = [];
  /** @type {number[]} */
  let places = [];
  /** Kernels with a weight other than 0. */
  let used = 0;
  let problem = '';

  const allInputs = () => (shown ? inputChannels(shown.filters, shown.channel) : []);

  /** To the page of an input channel. @param {number} channel */
  function open(channel) {
    const address = shown && addressOf(shown.filters.model, { stage: shown.filters.source.id, channel });
    if (address) store.set({ unitPage: address });
  }

  /** @param {import('../filters/kernel-sheet.js').Place} place */
  function tellKernel({ index, row, column }) {
    if (!shown) return '';
    const { filters: { height, width, source }, weights } = shown;
    return t('filters.cell', { source: nameOf(source), channel: inputs[index], row, column, value: fullNumber(weights[(places[index] * height + row) * width + column]) });
  }

  /** @param {number} index @param {number} weight */
  function tellWeight(index, weight) {
    return shown ? t('filters.weight', { source: nameOf(shown.filters.source), channel: allInputs()[index], value: fullNumber(weight) }) : '';
  }

  /** @param {import('../../core/types.js').Model} model @param {string} stage */
  function pagesOf(model, stage) {
    const key = [model, stage];
    if (!kept || kept.key.some((part, i) => part !== key[i])) {
      kept?.pages.destroy();
      problem = '';
      kept = { key, pages: createFilterPages(ctx.api, model.id, stage, schedule, (error) => { problem = error instanceof Error ? error.message : String(error); schedule(); }) };
    }
    return kept.pages;
  }

  /** @param {Subject} subject */
  function update({ model, stage, channel }) {
    const maker = makerOf(model, stage.id, channel);
    const weights = maker && hasWeights(model) && problem === '' ? pagesOf(model, maker.stage).get(maker.channel) : null;
    pictures.hidden = all.hidden = weights === null;
    if (!maker || !weights) return say(maker ? problem ? t('filters.error', { detail: problem }) : t(hasWeights(model) ? 'filters.waiting' : 'filters.none') : t('unit.kernel.merge'));
    if (shown?.weights !== weights) shown = { filters: filtersOf(model, maker.stage, weights), channel: maker.channel, weights, drawn: null };
    const { palette, lang } = store.get();
    if (!palette || shown.drawn === palette) return;
    shown.drawn = palette;
    const limit = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) || 1;
    draw(shown.filters, weights, limit);
    tell(shown.filters, maker.stage !== stage.id, limit, lang);
  }

  /** @param {string} words */
  function say(words) {
    shown = null;
    note.textContent = words;
  }

  /** @param {Filters} filters @param {Float32Array} weights @param {number} limit */
  function draw(filters, weights, limit) {
    const { palette } = store.get();
    const { form, height, width } = filters;
    const isColour = form === 'colour';
    [colour.element.hidden, sheet.element.hidden, bars.element.hidden] = [!isColour, form === 'vector', form !== 'vector'];
    if (!palette) return;
    if (form === 'vector') return bars.draw(weights, limit, { width: ROOM.width, height: 140 });
    const norms = kernelNorms(weights, filters.inputs);
    places = Array.from(norms, (_, i) => i).filter((i) => isColour || norms[i] > 0); // a sparse table leaves some out
    used = places.length;
    if (!isColour) places.sort((a, b) => norms[b] - norms[a]);
    if (isColour) {
      colour.draw({ count: 1, height, width, cell: Math.floor(COLOUR_SIDE / Math.max(height, width)), gap: 0, columns: 1 }, () => colourPixels(filters, weights, limit));
      colour.element.setAttribute('aria-label', t('unit.kernel.colour'));
    }
    const cell = isColour ? Math.floor(84 / Math.max(height, width)) : Math.min(cellFor({ inputs: Math.min(SHOWN, places.length), height, width }, ROOM), Math.floor(150 / Math.max(height, width)));
    const most = Math.max(1, Math.min(places.length, Math.floor((ROOM.width + GAP) / (width * cell + GAP))));
    if (places.length > SHOWN) places = places.slice(0, most * Math.max(1, Math.floor(SHOWN / most))); // whole rows
    const columns = Math.ceil(places.length / Math.ceil(places.length / most)); // even rows
    inputs = places.map((place) => allInputs()[place]);
    sheet.draw({ count: places.length, height, width, cell, gap: GAP, columns }, (i) => signedPixels(weights, places[i], height * width, limit, palette));
    sheet.element.setAttribute('aria-label', t('filters.sheet', { count: places.length, limit: short(limit, store.get().lang) }));
    sheet.element.classList.toggle('is-picked', filters.source.inputs.length > 0);
  }

  /** @param {Filters} filters @param {boolean} isBefore @param {number} limit @param {string} lang */
  function tell({ inputs: number, height, width, source, stage, form }, isBefore, limit, lang) {
    const size = form === 'vector' ? t('unit.kernel.weights', { count: count(number, lang), source: nameOf(source) })
      : t('filters.reads', { count: count(used, lang), size: `${height} × ${width}`, source: nameOf(source) });
    const strongest = form === 'kernels' && used > SHOWN ? t('unit.kernel.strongest', { count: places.length }) : '';
    note.textContent = [isBefore ? t('unit.kernel.before', { layer: nameOf(stage) }) : '', `${size}.`, strongest, form === 'vector' ? '' : `${t('filters.legend', { limit: short(limit, lang) })}.`].filter(Boolean).join(' ');
  }

  return { element, update, renew: () => kept?.pages.renew(), destroy: () => kept?.pages.destroy() };
}

/** A filter's form, from the network's graph and the number of its weights. @param {import('../../core/types.js').Model} model @param {string} id @param {Float32Array} weights */
function filtersOf(model, id, weights) {
  const { layer, sources } = nodeOf(model, id);
  const stage = /** @type {import('../../core/types.js').Stage} */ (stageOf(model, id));
  const [rows, columns] = layer.kernel_size ?? [0, 0];
  const shape = rows > 0 ? [stage.shape[0], weights.length / (rows * columns), rows, columns] : [stage.shape[0], weights.length];
  return describeFilters(model, stage, { model: model.id, layer: id, shape, source: sources[0].stage.id, filters: [] });
}
