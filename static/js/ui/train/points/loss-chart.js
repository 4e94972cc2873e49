/**
 * The losses of training and test over the steps: two lines, the values under the pointer, a mark at the shown moment.
 *
 * @typedef {import('../../../core/types.js').Store} Store
 * @typedef {import('../../../views.js').ViewContext} ViewContext
 * @typedef {import('../../../core/points/control.js').PointsControl} Control
 */
import { count, short } from '../../../core/numbers/format.js';
import { h, s } from '../../dom.js';

const WIDTH = 600;
const HEIGHT = 96;
const LINES = /** @type {const} */ (['loss', 'test_loss']);

/** @param {Store} store @param {ViewContext} ctx @param {Control} control */
export function createLossChart(store, { t }, control) {
  const paths = LINES.map((name) => s('path', { class: `points-curve points-curve-${name}`, 'vector-effect': 'non-scaling-stroke' }));
  const mark = s('line', { class: 'points-curve-mark', y1: 0, y2: HEIGHT, 'vector-effect': 'non-scaling-stroke' });
  const svg = s('svg', { class: 'points-chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, mark, ...paths);
  const most = h('span', { class: 'points-chart-most num' });
  const readout = h('p', { class: 'points-chart-words' });
  const keys = LINES.map((name) => h('span', { class: `points-key points-key-${name}` }, t(`points.curve.${name}`)));
  const element = h('figure', { class: 'points-loss', 'aria-label': t('points.loss') }, h('figcaption', {}, ...keys, readout), h('div', { class: 'points-chart-box' }, svg, most));
  /** @type {number|null} */
  let pointed = null;

  const metrics = () => store.get().trainingMetrics;
  /** @param {string} name @returns {(number|null)[]} */
  const column = (name) => metrics()?.columns[name] ?? [];

  svg.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect();
    pointed = (event.clientX - box.left) / box.width;
    update();
  });
  svg.addEventListener('pointerleave', () => { pointed = null; update(); });

  /** The row whose step is nearest. @param {number} step */
  function rowAt(step) {
    const steps = metrics()?.steps ?? [];
    return steps.reduce((best, each, i) => (Math.abs(each - step) < Math.abs(steps[best] - step) ? i : best), 0);
  }

  /** @param {number[]} steps @param {number} last @param {number} highest @param {(number|null)[]} values */
  function pathFor(steps, last, highest, values) {
    const at = steps.map((step, i) => [step, values[i]]).filter(([, value]) => value !== null && value !== undefined);
    return at.map(([step, value], i) => `${i ? 'L' : 'M'}${((Number(step) / last) * WIDTH).toFixed(1)} ${(HEIGHT - (Math.min(Number(value), highest) / highest) * (HEIGHT - 4) - 1).toFixed(1)}`).join('');
  }

  function update() {
    const { lang, training } = store.get();
    const steps = metrics()?.steps ?? [];
    element.classList.toggle('is-empty', training === null || steps.length === 0);
    element.hidden = control.choice().hand !== null;
    const values = LINES.flatMap((name) => column(name)).filter((value) => value !== null);
    const highest = Math.max(0.05, ...values.map(Number));
    const last = steps.at(-1) ?? 1;
    paths.forEach((path, i) => path.setAttribute('d', training === null ? '' : pathFor(steps, last, highest, column(LINES[i]))));
    most.textContent = steps.length ? short(highest, lang) : '';
    const step = pointed === null ? control.shown().step : pointed * last;
    const x = String((Math.min(step, last) / last) * WIDTH);
    mark.setAttribute('x1', x);
    mark.setAttribute('x2', x);
    mark.setAttribute('visibility', steps.length && training !== null ? 'visible' : 'hidden');
    readout.textContent = steps.length === 0 || training === null ? t('points.curve.none') : wordsFor(rowAt(step), lang);
  }

  /** @param {number} row @param {string} lang */
  function wordsFor(row, lang) {
    const step = t('points.curve.step', { step: count(metrics()?.steps[row] ?? 0, lang) });
    const said = LINES.map((name) => /** @type {const} */ ([name, column(name)[row]])).filter(([, value]) => value !== null && value !== undefined);
    return [step, ...said.map(([name, value]) => `${t(`points.curve.${name}`)} ${short(Number(value), lang)}`)].join(' · ');
  }

  return { element, update };
}
