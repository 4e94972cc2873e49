/**
 * The timeline of the shown training: its moments on a line, played as a film, step by step, or live. All that shows the
 * present network follows.
 */
import { createFilm, SPEEDS, whenShown } from '../../core/train/film.js';
import { isOver, momentsOf, readingOf, stopBeside, stops } from '../../core/train/timeline.js';
import { iconButton, pressButton, select } from '../controls.js';
import { eachFrame, h } from '../dom.js';
import { icon } from '../icons.js';
import { createTimelineTrack } from './timeline-track.js';
import { readingText } from './timeline-words.js';

/**
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Context} Context
 */

/** A film over the moments of the shown training. @param {Store} store @param {(playing: boolean) => void} onChange */
export function createTrainingFilm(store, onChange) {
  return createFilm({
    stops: () => { const { trainingData } = store.get(); return trainingData ? stops(trainingData) : [null]; },
    at: () => store.get().moment,
    show(moment) {
      store.set({ moment });
      return whenShown(store, moment);
    },
    onChange,
  });
}

/** The button that plays a film. @param {Context} ctx @param {() => void} toggle */
export function createFilmButton({ t }, toggle) {
  const button = iconButton('play', t('timeline.play'), toggle);
  return {
    element: button,
    /** @param {boolean} playing */
    show(playing) {
      button.replaceChildren(icon(playing ? 'pause' : 'play'));
      button.title = t(playing ? 'timeline.stop' : 'timeline.play');
      button.setAttribute('aria-label', button.title);
    },
  };
}

/** The button back to the newest weights. @param {Store} store @param {Context} ctx @param {() => void} leave  The film ends. */
export function createLiveButton(store, { t }, leave) {
  const word = h('span', {});
  const button = h('button', { class: 'tool timeline-live', type: 'button', title: t('timeline.live.about'), on: { click: () => { leave(); store.set({ moment: null }); } } },
    h('span', { class: 'timeline-dot' }), word);
  return {
    element: button,
    show() {
      const { trainingData: training, moment } = store.get();
      const over = !training || isOver(training);
      word.textContent = t(over ? 'timeline.newest' : 'timeline.live');
      button.dataset.running = String(training?.state === 'running');
      button.setAttribute('aria-pressed', String(moment === null));
    },
  };
}

/** @param {Store} store @param {Context} ctx @returns {import('../../core/types.js').Widget} */
export function createTimeline(store, ctx) {
  const { t } = ctx;
  const film = createTrainingFilm(store, (playing) => play.show(playing));
  const play = createFilmButton(ctx, film.toggle);
  const step = (/** @type {number} */ by) => () => {
    const { trainingData, moment } = store.get();
    film.stop();
    if (trainingData) store.set({ moment: stopBeside(trainingData, moment, by) });
  };
  const [before, after] = [['timeline.before', -1], ['timeline.after', 1]].map(([key, by]) => iconButton('chevron', t(String(key)), step(Number(by)), { class: `tool timeline-step timeline-step-${by}` }));
  const speed = select(t('timeline.speed'), SPEEDS.map((value) => ({ value: String(value), label: `${value === 0.5 ? '½' : value}×` })), (value) => film.setSpeed(Number(value)));
  const loop = pressButton('again', t('timeline.loop'), t('timeline.loop.about'), (on) => { film.setLoop(on); loop.show(on); });
  const live = createLiveButton(store, ctx, film.stop);
  const reading = h('p', { class: 'timeline-reading' });
  const none = h('p', { class: 'timeline-none' }, t('timeline.none'));
  const track = createTimelineTrack(store, ctx, { grab: film.stop });
  const element = h('section', { class: 'timeline', 'aria-label': t('timeline.title') },
    h('div', { class: 'timeline-bar' }, play.element, before, after, reading, h('span', { class: 'timeline-film' }, speed.element, loop.element), live.element),
    track.element, none);
  speed.show('1');

  function paint() {
    const { trainingData: training, trainingMetrics, moment, lang, reducedMotion } = store.get();
    const isEmpty = momentsOf(training).length === 0;
    none.hidden = !isEmpty;
    element.dataset.empty = String(isEmpty);
    element.dataset.past = String(moment !== null);
    film.setSlides(reducedMotion);
    live.show();
    reading.textContent = training ? readingText(t, readingOf(training, trainingMetrics, moment), lang) : '';
  }

  const schedule = eachFrame(paint);
  const stop = store.on(['trainingData', 'trainingMetrics', 'moment', 'lang', 'reducedMotion'], schedule);
  const leave = store.on(['training'], film.stop);
  paint();
  return { element, destroy() { stop(); leave(); schedule.cancel(); film.stop(); track.destroy(); } };
}
