/**
 * The photograph with the part that the network sees, or that part alone as it reaches the network; both show what a unit sees.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').State} State
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Widget} Widget
 */
import { seenPart } from '../../core/input/crop.js';
import { receptiveField } from '../../core/unit/field.js';
import { segmented } from '../controls.js';
import { eachFrame, h } from '../dom.js';

/** Pictures of a data set may be this small: they are enlarged. */
const TINY = 128;

/** @typedef {'photo'|'seen'} Shown */

/** Places `mark` by shares of its parent. @param {HTMLElement} mark @param {{left: number, top: number, width: number, height: number}} part */
function place(mark, { left, top, width, height }) {
  const percent = (/** @type {number} */ share) => `${share * 100}%`;
  Object.assign(mark.style, { left: percent(left), top: percent(top), width: percent(width), height: percent(height) });
}

/** What a unit sees, as shares of the input. @param {State} state */
function fieldPart({ hover, pinned, model }) {
  const unit = hover ?? pinned;
  if (!unit || !model || !model.stages.some(({ id }) => id === unit.stage)) return null;
  const { top, left, bottom, right } = receptiveField(model, unit);
  const [, rows, columns] = model.input.shape;
  return { left: left / columns, top: top / rows, width: (right - left) / columns, height: (bottom - top) / rows };
}

/** The parts of the preview. @param {Context} ctx */
function build({ t }) {
  const image = h('img', { class: 'photo-image', alt: '', draggable: 'false' });
  const field = h('span', { class: 'photo-field', hidden: true });
  const seen = h('span', { class: 'photo-seen' }, field);
  const frame = h('div', { class: 'photo-frame' }, image, seen);
  const empty = h('p', { class: 'photo-empty' }, t('photo.empty'));
  return { image, field, seen, frame, empty };
}

/**
 * @param {Store} store
 * @param {Context} ctx
 * @returns {Widget}
 */
export function createPhotoPreview(store, ctx) {
  const { t, api } = ctx;
  /** @type {Shown} */
  let shown = 'photo';
  const { image, field, seen, frame, empty } = build(ctx);
  const choice = segmented(t('photo.shown'), [
    { value: 'photo', label: t('photo.shown.photo') }, { value: 'seen', label: t('photo.shown.seen'), title: t('photo.shown.seen.about') },
  ], (value) => { shown = /** @type {Shown} */ (value); paint(); });
  const element = h('figure', { class: 'photo-preview' }, h('div', { class: 'photo-stage' }, frame, empty), choice.element);

  function paint() {
    const state = store.get();
    const { photo, pass, model } = state;
    const asSeen = shown === 'seen' && pass !== null;
    choice.show(asSeen ? 'seen' : 'photo');
    choice.element.hidden = !photo;
    choice.element.classList.toggle('is-waiting', !pass); // keeps its place while the next picture is on its way
    empty.hidden = photo !== null;
    frame.hidden = !photo;
    if (!photo || !model) return;
    const url = asSeen ? api.seenUrl(pass.id) : photo.url;
    if (image.getAttribute('src') !== url) image.src = url;
    image.alt = t(asSeen ? 'photo.alt.seen' : 'photo.alt', { name: photo.name || t('photo.unnamed') });
    frame.classList.toggle('is-pixels', asSeen);
    frame.classList.toggle('is-tiny', image.naturalWidth > 0 && Math.max(image.naturalWidth, image.naturalHeight) <= TINY);
    placeSeen(state, asSeen);
  }

  /** @param {State} state @param {boolean} asSeen */
  function placeSeen(state, asSeen) {
    const whole = asSeen || state.photo?.origin === 'pass' || !image.naturalWidth || !state.model;
    place(seen, whole || !state.model ? { left: 0, top: 0, width: 1, height: 1 } : seenPart(image.naturalWidth, image.naturalHeight, state.model.input));
    const part = fieldPart(state);
    field.hidden = !part;
    if (part) place(field, part);
  }

  /** The input's unit under the pointer; its value stands in the tooltip. @param {PointerEvent} event */
  function point(event) {
    const { model, frame: values } = store.get();
    const input = model?.stages[0];
    if (!input || !values?.tensors.has(input.output)) return;
    const box = seen.getBoundingClientRect();
    const [, rows, columns] = input.shape;
    const y = Math.floor(((event.clientY - box.top) / box.height) * rows);
    const x = Math.floor(((event.clientX - box.left) / box.width) * columns);
    const inside = y >= 0 && y < rows && x >= 0 && x < columns;
    store.set({ hover: inside ? { stage: input.id, channel: 0, y, x } : null });
  }

  const schedule = eachFrame(paint);
  image.addEventListener('load', schedule);
  frame.addEventListener('pointermove', point);
  frame.addEventListener('pointerleave', () => store.set({ hover: null }));
  const off = store.on(['photo', 'pass', 'model', 'hover', 'pinned'], schedule);
  paint();
  return { element, destroy() { off(); schedule.cancel(); } };
}
