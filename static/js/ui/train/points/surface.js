/**
 * The plane, large: what one unit says of it in colour, the points, where the unit decides, and the probe, which a click
 * puts anywhere and the arrow keys move.
 *
 * @typedef {import('../../../core/types.js').Store} Store
 * @typedef {import('../../../views.js').ViewContext} ViewContext
 * @typedef {import('../../../core/points/control.js').PointsControl} Control
 * @typedef {import('./sight.js').Sight} Sight
 */
import { pathOf, zeroLine } from '../../../core/points/contour.js';
import { short } from '../../../core/numbers/format.js';
import { lineOf } from '../../../core/points/perceptron.js';
import { isPerceptron, rangeOf } from '../../../core/points/choice.js';
import { classColour, discretised } from '../../../core/points/surface.js';
import { h, s } from '../../dom.js';
import { paintSquare } from './paint.js';
import { unitName } from './names.js';

const BOX = 400;
const KEYS = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] });
/** A key moves the probe by this share of the square. */
const STRIDE = 1 / 60;

/** @param {Store} store @param {ViewContext} ctx @param {Control} control @param {Sight} sight */
export function createPlane(store, ctx, control, sight) {
  const { t } = ctx;
  const canvas = h('canvas', { class: 'points-plane-canvas', width: 1, height: 1, 'aria-hidden': 'true' });
  const boundary = s('path', { class: 'points-boundary' });
  const before = s('line', { class: 'points-line-before' });
  const dots = s('g', {});
  const probe = s('g', { class: 'points-probe' }, s('circle', { r: 9 }), s('circle', { r: 2.5 }));
  const ring = s('circle', { class: 'points-current', r: 11 });
  const overlay = s('svg', { class: 'points-overlay', viewBox: `0 0 ${BOX} ${BOX}`, 'aria-hidden': 'true' }, boundary, before, dots, ring, probe);
  const ticks = [0, 1, 2].map((i) => h('span', { class: `points-tick points-tick-${i} num` }));
  const element = h('div', { class: 'points-plane', tabindex: 0, role: 'application' }, canvas, overlay, ...ticks);
  /** What the dots were drawn of. @type {unknown[]} */
  let drawn = [];

  /** From the plane to the box. @param {readonly [number, number]} point @returns {[number, number]} */
  function place([x, y]) {
    const [from, to] = rangeOf(control.choice().set);
    return [((x - from) / (to - from)) * BOX, ((to - y) / (to - from)) * BOX];
  }

  /** @param {PointerEvent} event */
  function put(event) {
    const box = element.getBoundingClientRect();
    const [from, to] = rangeOf(control.choice().set);
    const [across, down] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    setProbe(from + across * (to - from), to - down * (to - from));
  }

  /** @param {number} x @param {number} y */
  function setProbe(x, y) {
    const [from, to] = rangeOf(control.choice().set);
    const inside = (/** @type {number} */ value) => Number(Math.max(from, Math.min(to, value)).toFixed(3));
    control.change({ probe: [inside(x), inside(y)] });
  }

  element.addEventListener('pointerdown', (event) => { element.setPointerCapture(event.pointerId); put(event); });
  element.addEventListener('pointermove', (event) => { if (element.hasPointerCapture(event.pointerId)) put(event); });
  element.addEventListener('keydown', (event) => {
    const { probe: at, set } = control.choice();
    if (event.key === 'Escape' || event.key === 'Delete') return control.change({ probe: null });
    const way = KEYS[event.key];
    if (!way) return;
    event.preventDefault();
    const [from, to] = rangeOf(set);
    const [x, y] = at ?? [(from + to) / 2, (from + to) / 2];
    setProbe(x + way[0] * STRIDE * (to - from), y + way[1] * STRIDE * (to - from));
  });

  function drawDots() {
    const { points, updates } = control.shown();
    const { showTest, set } = control.choice();
    const { palette } = store.get();
    if (!palette) return;
    const what = [points, showTest, palette, set];
    if (what.some((each, i) => each !== drawn[i])) {
      drawn = what;
      const dot = (/** @type {string} */ kind) => (/** @type {readonly [number, number, number]} */ [x, y, label]) => {
        const [cx, cy] = place([x, y]);
        return s('circle', { class: `points-dot points-dot-${kind}`, cx: cx.toFixed(1), cy: cy.toFixed(1), r: (points?.train.length ?? 0) <= 4 ? 9 : 3.6, fill: classColour(label, palette) });
      };
      dots.replaceChildren(...(points?.train ?? []).map(dot('train')), ...(showTest ? (points?.test ?? []).map(dot('test')) : []));
    }
    const step = isPerceptron(control.choice()) ? updates[0] : undefined;
    ring.setAttribute('visibility', step ? 'visible' : 'hidden');
    if (step) [['cx', 0], ['cy', 1]].forEach(([name, i]) => ring.setAttribute(String(name), place([step.x[0], step.x[1]])[Number(i)].toFixed(1)));
  }

  /** The line before the last step of the perceptron's rule. */
  function drawBefore() {
    const [step] = isPerceptron(control.choice()) ? control.shown().updates : [];
    const line = step ? lineOf(step.before, step.bias_before, rangeOf(control.choice().set)) : null;
    before.setAttribute('visibility', line ? 'visible' : 'hidden');
    if (!line) return;
    const [[x1, y1], [x2, y2]] = line.map(place);
    Object.entries({ x1, y1, x2, y2 }).forEach(([name, value]) => before.setAttribute(name, value.toFixed(1)));
  }

  function drawProbe() {
    const { probe: at } = control.choice();
    probe.setAttribute('visibility', at ? 'visible' : 'hidden');
    if (at) probe.setAttribute('transform', `translate(${place(at).map((v) => v.toFixed(1)).join(' ')})`);
  }

  function update() {
    const { palette, lang } = store.get();
    const surface = sight.large();
    element.classList.toggle('is-waiting', surface === null);
    if (surface && palette) {
      paintSquare(canvas, control.choice().discretise ? discretised(surface) : surface.values, surface.range, palette);
      boundary.setAttribute('d', sight.unit()[0] === 0 ? '' : pathOf(zeroLine(surface.sums, Math.sqrt(surface.sums.length)), BOX));
    }
    drawDots();
    drawBefore();
    drawProbe();
    const [from, to] = rangeOf(control.choice().set);
    [from, (from + to) / 2, to].forEach((value, i) => { ticks[i].textContent = short(value, lang); });
    element.setAttribute('aria-label', t('points.plane.label', { unit: unitName(sight.unit(), control.shown().network, t) }));
  }

  return { element, canvas, update };
}
