/**
 * One filter over the checkpoints of its training, as a strip of film on one scale: how it came about. A picture goes to
 * its moment.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/filters/kernels.js').Filters} Filters
 */
import { createFilterHistory } from '../../core/train/filter-history.js';
import { largest } from '../../core/filters/first.js';
import { count } from '../../core/numbers/format.js';
import { nameOf } from '../../core/networks/graph.js';
import { presentTraining } from '../../core/train/follow-network.js';
import { momentsOf } from '../../core/train/timeline.js';
import { iconButton } from '../controls.js';
import { eachFrame, h } from '../dom.js';
import { colourPixels, signedPixels } from '../filters/kernel-paint.js';
import { createFilmButton, createTrainingFilm } from './timeline.js';

/** @param {Store} store @param {import('../../core/types.js').Context} ctx @param {() => void} close */
export function createFilterFilm(store, ctx, close) {
  const { t } = ctx;
  const schedule = eachFrame(paint);
  const history = createFilterHistory(ctx.api, schedule);
  const film = createTrainingFilm(store, (playing) => play.show(playing));
  const play = createFilmButton(ctx, film.toggle);
  const title = h('h3', { class: 'section-title' });
  const strip = h('ol', { class: 'filter-film', 'aria-label': t('probe.film') });
  const element = h('div', { class: 'filter-film-box', hidden: true },
    h('div', { class: 'section-head' }, title, h('span', {}, play.element, iconButton('close', t('probe.film.close'), leave))), strip);
  /** @type {{filters: Filters, channel: number}|null} */
  let shown = null;
  /** @type {{step: number, element: HTMLElement, button: HTMLButtonElement, canvas: HTMLCanvasElement}[]} */
  let frames = [];

  /** @param {number} step @param {Filters} filters */
  function frameOf(step, { height, width }) {
    const canvas = h('canvas', { class: 'filter-kernel', width, height, 'aria-hidden': 'true' });
    const label = t('probe.film.step', { step: count(step, store.get().lang) });
    const button = h('button', { class: 'film-frame', type: 'button', 'aria-label': label, data: { tip: label }, on: { click: () => { film.stop(); store.set({ moment: step }); } } }, canvas);
    return { step, button, canvas, element: h('li', {}, button) };
  }

  function paint() {
    const { palette, moment } = store.get();
    const training = presentTraining(store.get());
    element.hidden = !shown || !training;
    if (!shown || !training || !palette) return;
    const { filters, channel } = shown;
    const steps = momentsOf(training);
    history.show({ model: filters.model.id, layer: filters.stage.id, channel }, steps);
    title.textContent = t('probe.film.title', { layer: nameOf(filters.stage), channel });
    for (const step of steps.slice(frames.length)) {
      const frame = frameOf(step, filters);
      frames.push(frame);
      strip.append(frame.element);
    }
    const limit = largest(history.all());
    const present = steps.findLast((step) => step <= (moment ?? Infinity));
    for (const { step, canvas, button } of frames) {
      const weights = history.get(step);
      button.setAttribute('aria-pressed', String(step === present));
      if (!weights) continue;
      const pixels = filters.form === 'colour' ? colourPixels(filters, weights, limit) : signedPixels(weights, 0, filters.height * filters.width, limit, palette);
      canvas.getContext('2d')?.putImageData(new ImageData(pixels, filters.width, filters.height), 0, 0);
    }
    const at = frames.find(({ step }) => step === present)?.element;
    if (at) strip.scrollLeft = at.offsetLeft - (strip.clientWidth - at.offsetWidth) / 2;
  }

  function leave() {
    film.stop();
    shown = null;
    paint();
    close();
  }

  const stop = store.on(['trainingData', 'moment', 'palette', 'model'], schedule);
  return {
    element,
    /** @param {Filters} filters @param {number} channel */
    show(filters, channel) {
      shown = { filters, channel };
      frames = [];
      strip.replaceChildren();
      paint();
    },
    channel: () => shown?.channel ?? null,
    destroy() { stop(); schedule.cancel(); film.stop(); history.destroy(); },
  };
}
