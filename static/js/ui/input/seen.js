/** What the network sees: the 28×28 drawing as sent, and the same after the preprocessing, with the switch that centres it. */
import { receptiveField } from '../../core/unit/field.js';
import { short } from '../../core/numbers/format.js';
import { toggle } from '../controls.js';
import { digitCanvas, showDigit } from './digit.js';
import { eachFrame, h } from '../dom.js';
import { term } from '../popover.js';

/** @typedef {import('../../core/types.js').State} State */

/** The network's input tensor as ink 0…1: its normalisation undone. @param {State} state */
function inputInk({ frame, model }) {
  const tensor = frame?.tensors.get('input');
  if (!tensor || !model) return null;
  const [mean, std] = [model.input.mean[0] ?? 0, model.input.std[0] ?? 1];
  const [height, width] = tensor.shape.slice(-2);
  return { height, width, values: tensor.data.map((value) => value * std + mean) };
}

/**
 * One picture with its caption.
 * @param {string} caption
 * @param {(x: number, y: number, frame: HTMLElement) => void} hover
 * @param {() => void} [leave]
 */
function createPlate(caption, hover, leave = () => {}) {
  const canvas = digitCanvas();
  const mark = h('span', { class: 'plate-mark', hidden: true });
  const frame = h('div', { class: 'plate-frame' }, canvas, mark);
  frame.addEventListener('pointermove', (event) => {
    const box = canvas.getBoundingClientRect();
    const at = (/** @type {number} */ offset, /** @type {number} */ length, /** @type {number} */ cells) =>
      Math.max(0, Math.min(cells - 1, Math.floor((offset / length) * cells)));
    hover(at(event.clientX - box.left, box.width, canvas.width), at(event.clientY - box.top, box.height, canvas.height), frame);
  });
  frame.addEventListener('pointerleave', leave);
  return { canvas, mark, element: h('figure', { class: 'plate' }, frame, h('figcaption', {}, caption)) };
}

/** Marks the box of input cells that a unit sees. @param {HTMLElement} mark @param {{top: number, left: number, bottom: number, right: number}|null} box @param {number} side */
function placeMark(mark, box, side) {
  mark.hidden = !box;
  if (!box) return;
  mark.style.left = `${(box.left / side) * 100}%`;
  mark.style.top = `${(box.top / side) * 100}%`;
  mark.style.width = `${((box.right - box.left) / side) * 100}%`;
  mark.style.height = `${((box.bottom - box.top) / side) * 100}%`;
}

/**
 * @param {import('../../core/types.js').Store} store
 * @param {import('../../core/types.js').Context} ctx
 */
export function createSeen(store, { t }) {
  const before = createPlate(t('seen.before'), (x, y, frame) => {
    const { drawing, lang } = store.get();
    frame.dataset.tip = t('seen.value', { row: y, column: x, value: short(drawing[y * 28 + x] / 255, lang) });
  });
  const after = createPlate(t('seen.after'), (x, y) => {
    const { model } = store.get();
    if (model) store.set({ hover: { stage: model.stages[0].id, channel: 0, y, x } });
  }, () => store.set({ hover: null }));
  const centre = toggle(t('seen.centre'), (on) => store.set({ preprocess: on ? 'center' : 'none' }));

  const element = h('section', { class: 'seen', 'aria-label': t('seen.title') },
    h('div', { class: 'section-head' }, h('h2', { class: 'section-title' }, term(t('seen.title'), t('seen.meaning'))), centre.element),
    h('div', { class: 'plates' }, before.element, after.element));

  function paint() {
    const state = store.get();
    showDigit(before.canvas, state.drawing);
    centre.show(state.preprocess === 'center');
    centre.element.hidden = state.model?.input.preprocessing === 'plain'; // only digits lie in the middle of their pictures
    const ink = inputInk(state);
    if (!ink) return;
    if (after.canvas.width !== ink.width) after.canvas.width = after.canvas.height = ink.width;
    showDigit(after.canvas, Uint8ClampedArray.from(ink.values, (each) => each * 255));
    const unit = state.hover ?? state.pinned;
    placeMark(after.mark, unit && state.model ? receptiveField(state.model, unit) : null, ink.width);
  }

  const schedule = eachFrame(paint);
  const stop = store.on(['model', 'drawing', 'frame', 'theme', 'preprocess', 'hover', 'pinned'], schedule);
  schedule();
  return { element, destroy() { stop(); schedule.cancel(); } };
}
