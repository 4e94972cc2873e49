/**
 * Which unit the unit page shows: the one that its address names, else the pinned one, else one that is worth a look.
 * Keeps the address and the pinned unit, which the other views share, in step. Knows no DOM.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('../types.js').State} State
 */
import { firstStage, strongestUnit } from '../maximize/request.js';
import { hasWeights, isLarge } from '../session.js';
import { addressOf, isPinnedAt, pinnedFor, subjectAt } from './address.js';

/** Does the address name a network that is not (yet) the present one? @param {State} state */
function isElsewhere({ model, unitPage, models }) {
  return unitPage !== null && unitPage.model !== model?.id && !models.some(({ id }) => id === unitPage.model);
}

/** What the page is about. @param {State} state @returns {import('./address.js').Subject|null} */
export function presentSubject({ model, unitPage }) {
  return model && unitPage ? subjectAt(model, unitPage) : null;
}

/** Does the address name something that does not exist? @param {State} state */
export function isMissing(state) {
  const { model, unitPage } = state;
  return model !== null && unitPage !== null && (isElsewhere(state) || (unitPage.model === model.id && subjectAt(model, unitPage) === null));
}

/** Is there nothing to wait for before a first unit is chosen by its value? @param {State} state */
function canChoose({ model, frame, photo }) {
  if (!model || !hasWeights(model)) return model !== null;
  return frame?.tensors.has(firstStage(model).output) === true || (isLarge(model) && photo === null);
}

/** What a layer holds, unless nothing is drawn yet. @param {State} state @param {string} layer */
function valuesOf({ frame }, layer) {
  return frame?.prediction.reason === 'empty' ? undefined : frame?.tensors.get(layer);
}

/** @param {Store} store @returns {() => void}  Ends it. */
export function followUnit(store) {
  /** @type {import('../types.js').Unit|null} */
  let standIn = null;

  function follow() {
    const state = store.get();
    const { model, unitPage, pinned } = state;
    if (!model || isElsewhere(state)) return;
    if (unitPage?.model !== model.id) return begin(state);
    const subject = subjectAt(model, unitPage);
    if (!subject) return;
    const tensor = valuesOf(state, subject.stage.output);
    // Without values the middle of the map stands in for its largest.
    const known = pinned === standIn && tensor ? null : pinned;
    const next = pinnedFor(subject, known, tensor);
    if (!tensor && next !== pinned) standIn = next;
    store.set({ pinned: next, drawer: subject.stage.id });
  }

  /** No address yet: the pinned unit, else one that is worth a look. @param {State} state */
  function begin(state) {
    const { model, pinned, frame } = state;
    if (!model) return;
    const address = pinned && addressOf(model, pinned);
    if (address) return store.set({ unitPage: address });
    if (canChoose(state)) store.set({ unitPage: addressOf(model, strongestUnit(firstStage(model), frame)) });
  }

  /** Another view, or the map, has pinned a unit. @param {State} state */
  function followPinned({ model, unitPage, pinned }) {
    if (!model || !unitPage || !pinned || unitPage.model !== model.id || isPinnedAt(model, unitPage, pinned)) return;
    const address = addressOf(model, pinned);
    if (address) store.set({ unitPage: address });
  }

  const stops = [
    store.on(['model', 'unitPage'], follow),
    store.on(['frame', 'photo'], (state) => { if (state.unitPage?.model !== state.model?.id || (state.pinned !== null && state.pinned === standIn)) follow(); }),
    store.on(['pinned'], followPinned),
  ];
  follow();
  return () => stops.forEach((stop) => stop());
}
