/**
 * The line of a training's moments: the accuracy so far above it, a mark for each checkpoint, and a handle that is dragged,
 * tapped or moved by keys. Writes `store.moment`.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/train/types.js').Training} Training
 * @typedef {import('../../core/train/timeline.js').Point} Point
 */
import {
  curveOf, epochTicks, isOver, lastStep, momentsOf, nearestStop, placeOf, readingOf, stopBeside, testCurve,
} from '../../core/train/timeline.js';
import { eachFrame, h, s } from '../dom.js';
import { readingText } from './timeline-words.js';

const WIDTH = 1000;
const HEIGHT = 100;
/** Stops that Page Up and Page Down jump over. */
const JUMP = 10;

/** @param {Point} point */
const at = ({ x, y }) => `${(x * WIDTH).toFixed(1)} ${(HEIGHT * (1 - y)).toFixed(1)}`;

/** @param {Point[]} points */
function pathOf(points) {
  return points.length < 2 ? '' : `M${points.map(at).join('L')}`;
}

/** A dot is a line of no length with round ends: it stays round however the picture is stretched. @param {Point[]} points */
function dotsOf(points) {
  return points.map((point) => `M${at(point)}h0.01`).join('');
}

/** The pictures' lines, by name. */
function createCurves() {
  const names = /** @type {const} */ (['marks', 'train', 'test', 'dots']);
  const paths = names.map((name) => s('path', { class: `timeline-${name}`, 'vector-effect': 'non-scaling-stroke' }));
  const element = s('svg', { class: 'timeline-curves', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true', focusable: 'false' }, ...paths);
  const [marks, train, test, dots] = paths;

  /** @param {Training} training @param {import('../../core/train/types.js').TrainingMetrics|null} metrics */
  function show(training, metrics) {
    const last = lastStep(training);
    const tested = testCurve(training, metrics);
    marks.setAttribute('d', momentsOf(training).map((step) => `M${(placeOf(step, last) * WIDTH).toFixed(1)} ${HEIGHT}v-7`).join(''));
    train.setAttribute('d', pathOf(curveOf(metrics, 'accuracy', last)));
    test.setAttribute('d', pathOf(tested));
    dots.setAttribute('d', dotsOf(tested));
  }
  return { element, show };
}

/**
 * @param {Store} store @param {Context} ctx
 * @param {{grab?: () => void}} [events]  grab: a hand takes the handle.
 */
export function createTimelineTrack(store, ctx, { grab = () => {} } = {}) {
  const { t } = ctx;
  const curves = createCurves();
  const done = h('span', { class: 'timeline-done' });
  const guide = h('span', { class: 'timeline-guide', hidden: true });
  const handle = h('span', { class: 'timeline-handle' });
  const line = h('div', { class: 'timeline-line' }, curves.element, done, guide, handle);
  const ticks = h('div', { class: 'timeline-ticks', 'aria-hidden': 'true' });
  const tip = h('div', { class: 'timeline-tip', hidden: true, 'aria-hidden': 'true' });
  const slider = h('div', { class: 'timeline-slider', role: 'slider', tabindex: 0, 'aria-label': t('timeline.slider'), 'aria-valuemin': 0 }, line);
  const element = h('div', { class: 'timeline-track' }, slider, ticks, tip);
  let dragging = false;

  /** The stop under the pointer. @param {PointerEvent} event */
  function stopAt(event) {
    const training = store.get().trainingData;
    const box = line.getBoundingClientRect();
    return training ? nearestStop(training, (event.clientX - box.left) / Math.max(1, box.width)) : null;
  }

  /** @param {number|null} moment */
  function go(moment) {
    grab();
    store.set({ moment });
  }

  /** @param {PointerEvent} event */
  function press(event) {
    if (event.button !== 0 || !store.get().trainingData) return;
    slider.setPointerCapture(event.pointerId);
    dragging = true;
    go(stopAt(event));
  }

  /** @param {PointerEvent} event */
  function move(event) {
    const stop = stopAt(event);
    if (dragging && stop !== store.get().moment) go(stop);
    point(stop);
  }

  /** Says what is known of the stop under the pointer. @param {number|null|undefined} stop  undefined: none. */
  function point(stop) {
    const { trainingData: training, trainingMetrics, lang } = store.get();
    guide.hidden = tip.hidden = stop === undefined || !training || training.checkpoints.length === 0;
    if (guide.hidden || !training || stop === undefined) return;
    const place = placeOf(stop ?? training.step, lastStep(training));
    guide.style.left = `${place * 100}%`;
    tip.textContent = readingText(t, readingOf(training, trainingMetrics, stop), lang);
    tip.style.left = `clamp(0px, calc(${place * 100}% - ${tip.offsetWidth / 2}px), calc(100% - ${tip.offsetWidth}px))`;
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    const { trainingData: training, moment } = store.get();
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -JUMP, PageUp: JUMP, Home: -Infinity, End: Infinity }[event.key];
    if (!training || by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // the view has keys of its own
    go(stopBeside(training, moment, by));
  }

  function paint() {
    const { trainingData: training, trainingMetrics, moment, lang } = store.get();
    if (!training) return;
    const last = lastStep(training);
    const head = placeOf(training.step, last);
    curves.show(training, trainingMetrics);
    done.style.width = `${head * 100}%`;
    handle.style.left = `${placeOf(moment ?? training.step, last) * 100}%`;
    handle.dataset.live = String(moment === null && !isOver(training));
    slider.setAttribute('aria-valuemax', String(last));
    slider.setAttribute('aria-valuenow', String(moment ?? training.step));
    slider.setAttribute('aria-valuetext', readingText(t, readingOf(training, trainingMetrics, moment), lang));
    ticks.replaceChildren(...epochTicks(training).map(({ epoch, x }, i) => {
      const tick = h('span', { class: 'timeline-tick' }, i === 0 ? t('timeline.epoch', { epoch }) : epoch);
      tick.style.left = `${x * 100}%`;
      return tick;
    }));
  }

  const release = () => { dragging = false; };
  slider.addEventListener('pointerdown', press);
  slider.addEventListener('pointermove', move);
  slider.addEventListener('pointerup', release);
  slider.addEventListener('pointercancel', release);
  slider.addEventListener('pointerleave', () => point(undefined));
  slider.addEventListener('keydown', key);
  const schedule = eachFrame(paint);
  const stop = store.on(['trainingData', 'trainingMetrics', 'moment', 'lang'], schedule);
  paint();
  return { element, destroy() { stop(); schedule.cancel(); } };
}
