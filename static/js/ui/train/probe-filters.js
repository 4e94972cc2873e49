/**
 * The first layer's filters as they form: at the moment that is shown, on one scale; each opens the film of how it came about.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/filters/first.js').FirstFilters} FirstFilters
 */
import { createFilterPages } from '../../core/filters/pages.js';
import { describeFirst, firstFilters, largest } from '../../core/filters/first.js';
import { nameOf } from '../../core/networks/graph.js';
import { presentTraining } from '../../core/train/follow-network.js';
import { hasWeights } from '../../core/session.js';
import { eachFrame, h } from '../dom.js';
import { colourPixels, signedPixels } from '../filters/kernel-paint.js';
import { rove } from '../roving.js';
import { createFilterFilm } from './filter-film.js';

/** More are to be seen in the filters view. */
const MOST = 32;

/** @param {Store} store @param {import('../../views.js').ViewContext} ctx @returns {import('../../core/types.js').Widget} */
export function createProbeFilters(store, ctx) {
  const { t } = ctx;
  const title = h('h2', { class: 'section-title' });
  const all = h('button', { class: 'text-button', type: 'button', on: { click: () => ctx.open('filters', { drawer: describe()?.stage.id ?? null }) } }, t('probe.filters.all'));
  const board = h('div', { class: 'probe-filters', role: 'toolbar', 'aria-label': t('probe.filters') });
  const renew = rove(board);
  const film = createFilterFilm(store, ctx, () => show());
  const element = h('section', { class: 'probe-forming', 'aria-label': t('probe.filters') }, h('div', { class: 'section-head' }, title, all), board, film.element);
  /** @type {{model: unknown, tiles: {button: HTMLButtonElement, canvas: HTMLCanvasElement}[]}} */
  let built = { model: null, tiles: [] };
  /** Of a large network the weights come from the server. @type {{model: unknown, pages: ReturnType<typeof createFilterPages>}|null} */
  let served = null;
  const schedule = eachFrame(show);

  const describe = () => { const { model } = store.get(); return model && describeFirst(model); };

  /** @returns {FirstFilters|null} */
  function find() {
    const { model } = store.get();
    if (!model || !hasWeights(model)) return null;
    const here = firstFilters(store.get());
    const filters = here ? null : describeFirst(model);
    if (!filters) return here;
    if (served?.model !== model) {
      served?.pages.destroy();
      served = { model, pages: createFilterPages(ctx.api, model.id, filters.stage.id, schedule, () => {}) };
    }
    const { pages } = served;
    return { filters, layer: filters.stage.id, weightsOf: (channel) => pages.get(channel) };
  }

  /** @param {FirstFilters} first */
  function build({ filters }) {
    const { count, height, width, stage } = filters;
    const tiles = Array.from({ length: Math.min(MOST, count) }, (_, channel) => {
      const canvas = h('canvas', { class: 'filter-kernel', width, height, 'aria-hidden': 'true' });
      const label = t('probe.filters.one', { layer: nameOf(stage), channel });
      const button = h('button', { class: 'probe-filter', type: 'button', 'aria-label': label, data: { tip: label }, on: { click: () => { film.show(filters, channel); show(); } } }, canvas);
      return { button, canvas };
    });
    built = { model: filters.model, tiles };
    title.textContent = t('probe.filters.title', { layer: nameOf(stage) });
    board.replaceChildren(...tiles.map(({ button }) => button));
    renew();
  }

  function show() {
    const { palette } = store.get();
    const first = presentTraining(store.get()) && find();
    element.hidden = !first;
    if (!first || !palette) return;
    if (built.model !== first.filters.model) build(first);
    const { filters, weightsOf } = first;
    const weights = built.tiles.map((_, channel) => weightsOf(channel));
    const limit = largest(weights);
    const size = filters.height * filters.width;
    built.tiles.forEach(({ canvas, button }, channel) => {
      button.setAttribute('aria-pressed', String(film.channel() === channel));
      const own = weights[channel];
      if (!own) return;
      const pixels = filters.form === 'colour' ? colourPixels(filters, own, limit) : signedPixels(own, 0, size, limit, palette);
      canvas.getContext('2d')?.putImageData(new ImageData(pixels, filters.width, filters.height), 0, 0);
    });
  }

  const stops = [
    store.on(['model', 'trainingData', 'kernels', 'palette', 'lang'], schedule),
    store.on(['exchanged'], () => { served?.pages.renew(); schedule(); }),
  ];
  show();
  return { element, destroy() { stops.forEach((stop) => stop()); schedule.cancel(); served?.pages.destroy(); film.destroy(); } };
}
