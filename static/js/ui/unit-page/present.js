/**
 * What the unit makes of the present picture: its map over it, value by value; in a dense layer its place among the others.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/unit/address.js').Subject} Subject
 * @typedef {import('../features/map-picture.js').Cell} Cell
 */
import { short } from '../../core/numbers/format.js';
import { isLarge } from '../../core/session.js';
import { layerTitle } from '../../core/unit/address.js';
import { createUnitMap, mapRange } from '../../core/unit/map.js';
import { fullNumber } from '../../core/unit/text.js';
import { h } from '../dom.js';
import { createMapPicture } from '../features/map-picture.js';
import { createSeenPicture } from '../features/seen-picture.js';
import { createVectorBoard } from '../features/vector-board.js';
import { createHistogram } from '../histogram.js';
import { createLegend } from '../legend.js';

const OPACITY = 0.65;
/** So many units stand in one row. */
const FEW = 16;

/**
 * @param {Store} store @param {ViewContext} ctx
 * @param {{schedule: () => void, choose: (channel: number) => void}} events
 */
export function createPresentMap(store, ctx, { schedule, choose }) {
  const { t } = ctx;
  const picture = createMapPicture({ onHover: (cell) => { hovered = cell; hoverUnit(); schedule(); }, onPick: pin });
  const board = createVectorBoard({ label: t('unit.board'), onHover: tellUnit, onPick: choose, onResize: schedule });
  const value = h('p', { class: 'unit-value' });
  const note = h('p', { class: 'unit-note', role: 'status' });
  const spread = createHistogram(ctx);
  const legend = createLegend(store, ctx, () => (shown ? { name: layerTitle(shown.subject), range: shown.range } : null));
  const title = h('h3', { class: 'section-title' });
  const toInput = h('button', { class: 'link-button unit-to-input', type: 'button', on: { click: goToInput } });
  const element = h('section', { class: 'unit-part unit-present', 'aria-label': t('unit.present') }, title, picture.element, board.element, value, note, legend.element, spread.element, toInput);
  const seen = createSeenPicture(schedule);
  const maps = createUnitMap(store, ctx.session, schedule, (error) => { problem = error instanceof Error ? error.message : String(error); schedule(); });
  /** @type {{subject: Subject, data: Float32Array, range: import('../../core/types.js').Range}|null} */
  let shown = null;
  /** @type {Cell|null} */
  let hovered = null;
  let problem = '';
  /** @type {unknown} Whose histogram is shown. */
  let spreadOf = null;

  /** @param {Cell} cell */
  function pin(cell) {
    if (shown && isStageMap(shown.subject)) store.set({ pinned: { stage: shown.subject.stage.id, channel: shown.subject.channel, ...cell } });
  }

  function hoverUnit() {
    const unit = hovered && shown && isStageMap(shown.subject) ? { stage: shown.subject.stage.id, channel: shown.subject.channel, ...hovered } : null;
    store.set({ hover: unit });
  }

  /** @param {number|null} unit @param {HTMLElement} node */
  function tellUnit(unit, node) {
    const tensor = shown && store.get().frame?.tensors.get(shown.subject.layer.id);
    if (unit === null || !shown || !tensor) return void delete node.dataset.tip;
    const { model, label } = shown.subject;
    node.dataset.tip = `${label === null ? unit : model.classes[unit]}: ${short(tensor.data[unit], store.get().lang)}`;
  }

  /** @param {Subject} subject */
  function update(subject) {
    const state = store.get();
    const { frame, palette, lang, photo, model } = state;
    const isMap = subject.shape[1] * subject.shape[2] > 1;
    const found = frame ? maps.valuesOf(subject) : null;
    const isPhoto = isLarge(subject.model);
    title.textContent = t(isPhoto ? 'unit.present.photo' : 'unit.present.drawing');
    toInput.textContent = t(isPhoto ? 'unit.input.photo' : 'unit.input.drawing');
    picture.element.hidden = !isMap || !found;
    board.element.hidden = isMap || !found;
    [legend.element, spread.element, value].forEach((part) => { part.hidden = !found; });
    note.textContent = found ? '' : problem ? t('maps.error', { detail: problem }) : t(isPhoto && !photo ? 'photo.no_photo' : 'features.waiting');
    if (!found || !palette || !frame || !model) return void (shown = null);
    problem = '';
    element.classList.toggle('is-stale', !found.fresh);
    const range = mapRange(subject, found.data, state);
    if (shown?.subject !== subject) hovered = null;
    shown = { subject, data: found.data, range };
    if (isMap) showMap(subject, found.data, range, found.exact);
    else showBoard(subject, found.data[0], found.exact);
    legend.update();
    showSpread(isMap ? found.data : frame.tensors.get(subject.layer.id)?.data ?? found.data, lang);
  }

  /** @param {Subject} subject @param {Float32Array} data @param {import('../../core/types.js').Range} range @param {boolean} exact */
  function showMap(subject, data, range, exact) {
    const { palette, pinned, lang } = store.get();
    if (!palette) return;
    showSeen(subject);
    picture.update({ model: subject.model, layer: subject.layer, map: 0, data, alone: true, range, palette, seen: seen.isReady() ? seen.canvas : null, opacity: OPACITY, smooth: false,
      label: t('maps.lens.label', { layer: layerTitle(subject), channel: subject.channel }) });
    const own = pinned?.stage === subject.stage.id && isStageMap(subject) ? { y: pinned.y, x: pinned.x } : null;
    picture.mark(hovered, own);
    const cell = hovered ?? own;
    if (!cell) return void (value.textContent = t('unit.point'));
    tellValue(data[cell.y * subject.shape[2] + cell.x], exact, t('unit.at', { y: cell.y, x: cell.x }), lang);
  }

  /** @param {number} number @param {boolean} exact @param {string} place @param {string} lang */
  function tellValue(number, exact, place, lang) {
    value.replaceChildren(h('data', { class: `present-number num${number < 0 ? ' is-negative' : ''}`, value: number, data: { full: fullNumber(number) } }, (exact ? '' : '≈ ') + short(number, lang)), ' ', h('span', {}, place));
  }

  /** Of a layer without maps. @param {Subject} subject @param {number} own @param {boolean} exact */
  function showBoard(subject, own, exact) {
    const { frame, palette, lang } = store.get();
    const tensor = frame?.tensors.get(subject.layer.id);
    board.element.hidden = !tensor;
    board.element.classList.toggle('is-short', subject.shape[0] <= FEW);
    if (tensor && palette) {
      board.update(tensor, mapRange(subject, tensor.data, store.get()), palette);
      board.mark('pinned', subject.channel);
    }
    const rank = tensor ? 1 + tensor.data.reduce((above, each) => above + Number(each > own), 0) : null;
    tellValue(own, exact, rank === null ? '' : t('unit.rank', { rank, count: subject.shape[0] }), lang);
  }

  /** @param {Subject} subject */
  function showSeen({ model }) {
    const { frame, theme } = store.get();
    const input = frame?.tensors.get(model.stages[0].output);
    if (isLarge(model) && frame?.pass) seen.showPass(model, ctx.api.seenUrl(frame.pass));
    else if (input) seen.showDrawing(model, input, theme);
  }

  /** @param {Float32Array} data @param {string} lang */
  function showSpread(data, lang) {
    if (data === spreadOf) return;
    spreadOf = data;
    spread.update(data, lang);
  }

  return {
    element, update, canvas: () => /** @type {HTMLCanvasElement|null} */ (picture.element.querySelector('canvas.plane')),
    destroy() { maps.destroy(); board.destroy(); legend.destroy(); },
  };
}

/** Where the picture is made or chosen. */
function goToInput() {
  const input = document.getElementById('pad') ?? document.getElementById('photo');
  input?.scrollIntoView({ block: 'center' });
  input?.focus({ preventScroll: true });
}

/** Do the cells stand for units of the stage? @param {Subject} subject */
function isStageMap({ stage, layer }) {
  return stage.shape.join() === layer.output_shape.join();
}
