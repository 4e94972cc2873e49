/**
 * What the maximize view does: follows the pinned unit and the choices, starts by itself where it is quick, remembers
 * the results of this visit. Knows no DOM.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Unit} Unit
 * @typedef {import('./request.js').Choice} Choice
 * @typedef {import('./run.js').Run} Run
 * @typedef {import('./run.js').Maximization} Maximization
 *
 * @typedef {object} Kept  A result of this visit, with what brings it back.
 * @property {string} key
 * @property {string} model
 * @property {string|null} weights
 * @property {Unit} pinned
 * @property {Choice} choice
 * @property {Maximization} answer
 */
import { hasWeights, isLarge } from '../session.js';
import { firstStage, isAutomatic, requestOf, strongestUnit, subjectOf, takesPicture } from './request.js';
import { createMaximizer, IDLE, isGoing } from './run.js';

const REMEMBERED = 24;
/** The reader steps through units: the one at rest is computed. */
const REST = 140;
/** So long we wait for the input's values before a unit is chosen without them. */
const PATIENCE = { none: 1200, photo: 4000 };

/** Numbers for objects, so that they can stand in a key. */
function createStamps() {
  /** @type {WeakMap<object, number>} */
  const known = new WeakMap();
  let last = 0;
  return (/** @type {object|null} */ object) => {
    if (object === null) return 0;
    if (!known.has(object)) known.set(object, ++last);
    return known.get(object);
  };
}

/**
 * @param {Store} store
 * @param {{api: import('../api.js').Api, passId: () => Promise<string>, prefer?: (stage: string) => void, after?: (work: () => void, ms: number) => any, maximizer?: typeof createMaximizer}} parts
 */
export function createMaximizeControl(store, { api, passId, prefer = () => {}, after = setTimeout, maximizer: make = createMaximizer }) {
  /** @type {Set<() => void>} */
  const listeners = new Set();
  const stamp = createStamps();
  const maximizer = make(api, heed);
  /** What the run belongs to. */
  let shown = '';
  let started = 0;
  let opened = 0;

  const tell = () => listeners.forEach((listener) => listener());

  /** @param {Run} run */
  function heed(run) {
    if (run.phase === 'done' && run.answer) keep(run.answer);
    tell();
  }

  /** All that decides what is computed; null where nothing can be. */
  function keyOf() {
    const state = store.get();
    const subject = subjectOf(state);
    if (!state.model || !subject || !hasWeights(state.model)) return null;
    const picture = takesPicture(state.maximize) ? String(stamp(isLarge(state.model) ? state.photo : state.drawing)) : null;
    const { id, weights } = state.model;
    return JSON.stringify([id, weights.source, weights.sha256, requestOf(state.maximize, subject, picture)]);
  }

  /** @param {Maximization} answer */
  function keep(answer) {
    const { model, weights, pinned, maximize, maximized } = store.get();
    if (!model || !pinned || shown !== keyOf()) return;
    const entry = { key: shown, model: model.id, weights, pinned, choice: maximize, answer };
    store.set({ maximized: [entry, ...maximized.filter(({ key }) => key !== shown)].slice(0, REMEMBERED) });
  }

  /** A unit to begin with, once the input's values are here. */
  function pinFirst() {
    const { model, frame, photo } = store.get();
    if (!model || !hasWeights(model)) return;
    const stage = firstStage(model);
    const patience = PATIENCE[isLarge(model) && photo !== null ? 'photo' : 'none'];
    if (opened === 0) {
      opened = Date.now();
      prefer(stage.id);
      Object.values(PATIENCE).forEach((ms) => after(follow, ms));
    }
    const isHere = frame?.tensors.has(stage.output) === true && frame.prediction.reason !== 'empty';
    if (!isHere && Date.now() - opened < patience) return;
    opened = 0;
    store.set({ pinned: strongestUnit(stage, frame), drawer: stage.id });
  }

  function follow() {
    const { pinned, drawer, maximized } = store.get();
    const key = keyOf();
    if (key === null && !subjectOf(store.get())) pinFirst();
    if (key === null || key === shown || isDestroyed) return;
    if (pinned && drawer !== pinned.stage) store.set({ drawer: pinned.stage });
    shown = key;
    const kept = maximized.find((each) => each.key === key);
    const automatic = isAutomatic(store.get().maximize);
    if (kept) return maximizer.show(kept.answer);
    maximizer.clear();
    if (!automatic) return;
    started += 1;
    const own = started;
    after(() => { if (own === started && shown === key && !isDestroyed) start(); }, REST);
  }

  function start() {
    const key = keyOf();
    const { model, maximize } = store.get();
    const subject = subjectOf(store.get());
    if (!model || !subject || key === null) return;
    started += 1;
    shown = key;
    void maximizer.start(model.id, async () => requestOf(maximize, subject, takesPicture(maximize) ? await passId() : null));
  }

  let isDestroyed = false;
  const stop = store.on(['model', 'pinned', 'maximize', 'frame', 'drawing', 'photo'], follow);
  after(follow, 0);

  return {
    run: () => maximizer.get() ?? IDLE,
    subject: () => subjectOf(store.get()),
    /** @param {() => void} listener  Called when the run changes. */
    on(listener) { listeners.add(listener); return () => void listeners.delete(listener); },
    /** @param {Partial<Choice>} change */
    choose: (change) => store.set({ maximize: { ...store.get().maximize, ...change } }),
    start,
    pause: maximizer.pause,
    resume: maximizer.resume,
    cancel: maximizer.cancel,
    refresh: () => void maximizer.refresh(),
    /** The same once more, from another beginning. */
    again() {
      store.set({ maximize: { ...store.get().maximize, seed: store.get().maximize.seed + 1 } });
      if (!isGoing(maximizer.get())) start();
    },
    /** Brings an earlier result back. @param {Kept} kept */
    recall: ({ pinned, choice }) => store.set({ pinned, drawer: pinned.stage, maximize: choice }),
    /** What is quick goes on: it will be there when the reader comes back. */
    destroy() { isDestroyed = true; stop(); maximizer.destroy(isAutomatic(store.get().maximize)); },
  };
}

/** @typedef {ReturnType<typeof createMaximizeControl>} MaximizeControl */
