/**
 * The middle of the filters view: which layer, all its filters, one opened. The layer is the one that all views share.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').State} State
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/filters/kernels.js').Filters} Filters
 * @typedef {import('../../core/filters/kernels.js').Order} Order
 */
import { nameOf } from '../../core/networks/graph.js';
import { isAbort } from '../../core/api.js';
import { createFilterPages } from '../../core/filters/pages.js';
import { describeFilters, filterStages, makerOf, sortFilters, stageWithFilters } from '../../core/filters/kernels.js';
import { shape } from '../../core/numbers/format.js';
import { createLatest } from '../../core/latest.js';
import { hasWeights } from '../../core/session.js';
import { createCodeButton } from '../code-snippets.js';
import { segmented } from '../controls.js';
import { h } from '../dom.js';
import { createFilterDetail } from './filter-detail.js';
import { createFilterLegend } from './filter-legend.js';
import { createFilterList } from './filter-list.js';
import { createFilterTiles } from './filter-tiles.js';
import { limitsOf } from './kernel-paint.js';

/** Milliseconds between two looks at a network that learns. */
const PAUSE = 100;
const ORDERS = /** @type {const} */ (['index', 'norm', 'mean', 'bias']);

/** @param {Store} store @param {ViewContext} ctx */
export function createFiltersBoard(store, ctx) {
  const { t } = ctx;
  const layers = h('select', { class: 'select filter-layer', 'aria-label': t('filters.layer'), on: { change: () => store.set({ drawer: layers.value }) } });
  const sort = segmented(t('filters.sort'), ORDERS.map((value) => ({ value, label: t(`filters.sort.${value}`) })), (value) => { order = value; show(); });
  const tiles = createFilterTiles(t, open);
  const list = createFilterList(t, { open, openInput });
  const detail = createFilterDetail(store, ctx, { close, step, openInput });
  const legend = createFilterLegend(t, (value) => { scale = value; show(); });
  const note = h('p', { class: 'filter-state', role: 'status' });
  const bar = h('div', { class: 'filter-bar' }, layers, sort.element, legend.element, createCodeButton(store, ctx, questionOf).element);
  const element = h('div', { class: 'filters' }, bar, note, tiles.element, list.element, detail.element);

  /** @type {Order} */
  let order = 'index';
  /** @type {import('./kernel-paint.js').Scale} */
  let scale = 'filter';
  /** @type {Filters|null} */
  let filters = null;
  /** @type {ReturnType<typeof createFilterPages>|null} */
  let pages = null;
  /** @type {number|null} The opened filter. */
  let opened = null;
  /** @type {number|null} The filter to open once its layer is here. */
  let next = null;
  let control = new AbortController();
  /** @type {{model: import('../../core/types.js').Model, stage: import('../../core/types.js').Stage}|null} */
  let asked = null;
  sort.show(order);

  /** What a program would ask for: the opened filter, or all of the layer. @returns {import('../../core/snippets.js').Question|null} */
  function questionOf() {
    const { model, drawer } = store.get();
    const stage = model && stageWithFilters(model, drawer);
    return stage && hasWeights(model) ? { about: 'filters', layer: stage.id, channel: opened } : null;
  }

  const weightsOf = (/** @type {number} */ channel) => pages?.get(channel) ?? null;

  /** @param {string} text */
  function say(text) {
    note.textContent = text;
    note.hidden = text === '';
  }

  /** Loads the layer that is chosen, unless it is here. */
  async function load() {
    const { model, drawer } = store.get();
    const stage = model && stageWithFilters(model, drawer);
    if (!model || !stage) return;
    fillLayers(model, stage.id);
    if (asked?.model === model && asked.stage === stage) return;
    forget();
    asked = { model, stage };
    if (!hasWeights(model)) return say(t('filters.none'));
    say(t('filters.waiting'));
    const { signal } = control;
    try {
      const path = `/models/${encodeURIComponent(model.id)}/layers/${encodeURIComponent(stage.id)}/filters`;
      const summary = await ctx.api.json(`${path}/summary`, { signal });
      if (signal.aborted) return;
      filters = describeFilters(model, stage, summary);
      pages = createFilterPages(ctx.api, model.id, stage.id, arrive, fail);
      [opened, next] = [next !== null && next < filters.count ? next : null, null];
      say('');
      show();
    } catch (error) {
      if (!isAbort(error)) fail(error);
    }
  }

  /** The same layer by other weights, in place: the old ones stand until the new ones come. */
  const renewal = createLatest(async () => {
    const { signal } = control;
    const before = filters;
    if (!before || !pages) return;
    try {
      const summary = await ctx.api.json(`/models/${encodeURIComponent(before.model.id)}/layers/${encodeURIComponent(before.stage.id)}/filters/summary`, { signal });
      if (signal.aborted || filters !== before) return;
      filters = describeFilters(before.model, before.stage, summary);
      pages.renew();
      show();
    } catch (error) {
      if (!isAbort(error) && !signal.aborted) fail(error);
    }
  }, PAUSE);

  function forget() {
    control.abort();
    control = new AbortController();
    pages?.destroy();
    [filters, pages, opened] = [null, null, null];
    detail.reset();
    list.toTop();
    show();
  }

  /** @param {unknown} error */
  function fail(error) {
    asked = null;
    say(t('filters.error', { detail: error instanceof Error ? error.message : String(error) }));
  }

  /** @param {import('../../core/types.js').Model} model @param {string} selected */
  function fillLayers(model, selected) {
    const stages = filterStages(model);
    if (layers.dataset.model !== model.id || layers.childElementCount !== stages.length) {
      layers.dataset.model = model.id;
      layers.replaceChildren(...stages.map((stage) => h('option', { value: stage.id }, `${nameOf(stage)} · ${shape(stage.shape)}`)));
    }
    layers.value = selected;
  }

  function show() {
    const { palette, lang } = store.get();
    const isTiles = filters?.form === 'colour' || filters?.form === 'single';
    const isDetail = filters !== null && opened !== null;
    tiles.element.hidden = !filters || isDetail || !isTiles;
    list.element.hidden = !filters || isDetail || isTiles;
    detail.element.hidden = !isDetail;
    sort.element.hidden = isDetail || !filters;
    legend.element.hidden = !filters;
    if (!filters || !palette) return;
    const limit = limitsOf(filters, scale);
    legend.show(filters, scale, opened !== null || scale === 'layer' ? limit(opened ?? 0) : null, palette, lang);
    if (opened !== null) return detail.show(filters, opened, weightsOf(opened), limit(opened));
    (isTiles ? tiles : list).show(filters, sortFilters(filters.filters, order), weightsOf, limit, palette, lang);
  }

  /** Weights have arrived. */
  function arrive() {
    if (!filters) return;
    if (opened !== null) show();
    else if (!tiles.element.hidden) tiles.redraw();
    else list.redraw();
  }

  /** @param {number} channel */
  function open(channel) {
    opened = channel;
    show();
    detail.focus();
  }

  function close() {
    const channel = opened;
    opened = null;
    show();
    /** @type {HTMLElement|null} */ (tiles.element.querySelector(`[data-channel="${channel}"]`))?.focus();
  }

  /** To the filter before or behind, in the order of the list. @param {number} by */
  function step(by) {
    if (!filters || opened === null) return;
    const channels = sortFilters(filters.filters, order);
    open(channels[(channels.indexOf(opened) + by + channels.length) % channels.length]);
  }

  /** To the filter that makes an input channel. @param {number} channel */
  function openInput(channel) {
    const maker = filters && makerOf(filters.model, filters.source.id, channel);
    if (!maker) return;
    next = maker.channel;
    store.set({ drawer: maker.stage });
  }

  /** @param {State} state @param {Set<string>} changed */
  function follow(state, changed) {
    if (changed.has('model') || changed.has('drawer')) void load();
    if (changed.has('exchanged')) renewal.push(null);
    if (changed.has('palette') || changed.has('lang')) { detail.render(); show(); }
    if (changed.has('pass') || (state.kernels && changed.has('frame'))) detail.refreshMap();
  }

  const off = store.on(['model', 'drawer', 'palette', 'lang', 'pass', 'frame', 'exchanged'], follow);
  show();
  void load();
  return {
    element, close, isOpen: () => opened !== null,
    destroy() {
      off();
      renewal.cancel();
      control.abort();
      pages?.destroy();
      for (const part of [tiles, list, detail]) part.destroy();
    },
  };
}
