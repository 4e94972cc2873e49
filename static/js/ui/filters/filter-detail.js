/** One filter opened: all its kernels, its numbers, and the feature map that it makes of the present picture. */
import { nameOf } from '../../core/networks/graph.js';
import { cellFor, inputChannels, kernelNorms, makerOf } from '../../core/filters/kernels.js';
import { short } from '../../core/numbers/format.js';
import { addressOf } from '../../core/unit/address.js';
import { fullNumber } from '../../core/unit/text.js';
import { iconButton, segmented } from '../controls.js';
import { h } from '../dom.js';
import { createUnitLinks } from '../unit-links.js';
import { createFilterFacts } from './filter-facts.js';
import { createFilterMap } from './filter-map.js';
import { colourPixels, signedPixels } from './kernel-paint.js';
import { createKernelSheet } from './kernel-sheet.js';
import { createWeightBars } from './weight-bars.js';

/**
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/filters/kernels.js').Filters} Filters
 * @typedef {import('../../core/types.js').Palette} Palette
 */

const COLOUR_SIDE = 220;
const GAP = 4;
/** As many input channels are put in order; fewer need none. */
const MANY = 4;

/**
 * @param {Store} store @param {ViewContext} ctx
 * @param {{close: () => void, step: (by: number) => void, openInput: (channel: number) => void}} events
 */
export function createFilterDetail(store, ctx, { close, step, openInput }) {
  const { t } = ctx;
  const title = h('h2', { class: 'filter-title', tabindex: -1 });
  const reads = h('p', { class: 'filter-note' });
  const links = createUnitLinks(store, ctx);
  const colour = createKernelSheet({ tell: () => '', name: 'is-colour' });
  const sheet = createKernelSheet({ tell: tellKernel, pick: ({ index }) => openInput(inputs[index]) });
  const bars = createWeightBars({ tell: (index, weight) => tellWeight(index, weight), pick: (index) => openInput(inputsOf()[index]) });
  const sort = segmented(t('filters.sort.inputs'), [{ value: 'norm', label: t('filters.sort.norm') }, { value: 'index', label: t('filters.sort.index') }],
    (value) => { byNorm = value === 'norm'; render(); });
  const facts = createFilterFacts(ctx, { openInput });
  const map = createFilterMap(store, ctx);
  const kernels = h('div', { class: 'filter-kernels' }, colour.element, sheet.element, bars.element);
  const element = h('section', { class: 'filter-detail' },
    h('header', { class: 'filter-head' }, h('button', { class: 'button filter-back', type: 'button', on: { click: close } }, t('filters.back')),
      h('div', { class: 'filter-words' }, title, reads, links.element), sort.element,
      iconButton('chevron', t('filters.previous'), () => step(-1), { class: 'tool filter-previous' }), iconButton('chevron', t('filters.next'), () => step(1), { class: 'tool filter-next' })),
    h('div', { class: 'filter-parts' }, kernels, h('div', { class: 'filter-aside' }, map.element, facts.element)));
  /** @type {{filters: Filters, channel: number, weights: Float32Array}|null} */
  let shown = null;
  /** @type {number[]} The input channels in the order in which they are shown. */
  let inputs = [];
  /** @type {number[]} Their places in the kernel. */
  let places = [];
  let byNorm = true;
  let limit = 1;
  sort.show('norm');

  const inputsOf = () => (shown ? inputChannels(shown.filters, shown.channel) : []);

  /** @param {import('./kernel-sheet.js').Place} place */
  function tellKernel({ index, row, column }) {
    if (!shown) return '';
    const { filters: { height, width, source }, weights } = shown;
    const value = weights[(places[index] * height + row) * width + column];
    return t('filters.cell', { source: source.id, channel: inputs[index], row, column, value: fullNumber(value) });
  }

  /** @param {number} index @param {number} weight */
  function tellWeight(index, weight) {
    return shown ? t('filters.weight', { source: shown.filters.source.id, channel: inputsOf()[index], value: fullNumber(weight) }) : '';
  }

  /** @param {Filters} filters @param {number} channel @param {Float32Array|null} weights @param {number} nextLimit */
  function show(filters, channel, weights, nextLimit) {
    const isNew = shown?.filters !== filters || shown.channel !== channel;
    const isScaled = nextLimit !== limit;
    limit = nextLimit;
    const { lang } = store.get();
    title.textContent = t('filters.title', { layer: nameOf(filters.stage), channel });
    reads.textContent = t('filters.reads', { count: filters.inputs, source: filters.source.id, size: `${filters.height} × ${filters.width}` });
    links.show(addressOf(filters.model, { stage: filters.stage.id, channel }));
    kernels.classList.toggle('is-waiting', weights === null);
    if (!weights) return;
    if (shown?.weights === weights && !isNew) return isScaled ? render() : undefined;
    shown = { filters, channel, weights };
    facts.show(filters, channel, weights, lang);
    void map.show(filters, channel);
    render();
  }

  /** The room for kernels. @returns {{width: number, height: number}} */
  const room = () => ({ width: Math.max(240, kernels.clientWidth - 8), height: Math.max(280, element.clientHeight - 120) });

  function render() {
    const { palette } = store.get();
    if (!shown || !palette) return;
    const { filters, weights } = shown;
    const isVector = filters.form === 'vector';
    const size = filters.height * filters.width;
    const norms = kernelNorms(weights, filters.inputs);
    places = Array.from(norms, (_, i) => i);
    if (byNorm && filters.form !== 'colour') places.sort((a, b) => norms[b] - norms[a]);
    inputs = places.map((place) => inputsOf()[place]);
    sort.element.hidden = filters.inputs < MANY;
    [colour.element.hidden, sheet.element.hidden, bars.element.hidden] = [filters.form !== 'colour', isVector, !isVector];
    if (isVector) return bars.draw(weights, limit, { width: room().width, height: 240 }, byNorm);
    if (filters.form === 'colour') {
      const cell = Math.floor(COLOUR_SIDE / Math.max(filters.height, filters.width));
      colour.draw({ count: 1, height: filters.height, width: filters.width, cell, gap: 0, columns: 1 }, () => colourPixels(filters, weights, limit));
    }
    const cell = filters.form === 'colour' ? Math.floor(112 / Math.max(filters.height, filters.width)) : cellFor(filters, room());
    const columns = Math.max(1, Math.min(filters.inputs, Math.floor((room().width + GAP) / (filters.width * cell + GAP))));
    sheet.draw({ count: filters.inputs, height: filters.height, width: filters.width, cell, gap: GAP, columns }, (i) => signedPixels(weights, places[i], size, limit, palette));
    sheet.element.setAttribute('aria-label', t('filters.sheet', { count: filters.inputs, limit: short(limit, store.get().lang) }));
    sheet.element.classList.toggle('is-picked', makerOf(filters.model, filters.source.id, inputs[0]) !== null);
  }

  const watcher = new ResizeObserver(render);
  watcher.observe(element);
  return {
    element, show, render, focus: () => title.focus({ preventScroll: true }),
    refreshMap: () => { if (shown && !element.hidden) void map.show(shown.filters, shown.channel); },
    reset: () => { shown = null; },
    destroy() { watcher.disconnect(); facts.destroy(); map.destroy(); },
  };
}
