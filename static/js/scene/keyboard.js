/**
 * Keys of the scene: the whole picture without a pointer. They move the unit that is looked at.
 *
 * @typedef {import('../core/types.js').Unit} Unit
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('./director.js').Director} Director
 * @typedef {import('../core/types.js').Model} Model
 * @typedef {import('../core/layout/boards.js').Board} Board
 * @typedef {import('../core/layout/boards.js').Layout} Layout
 */
import { nodeOf } from '../core/networks/graph.js';
import { neighbour } from '../core/layout/boards.js';

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The same share of the way through another stage. @param {Model} model @param {Unit} unit @param {number} step @param {Set<string>} hidden */
function otherStage(model, unit, step, hidden) {
  const shown = model.stages.filter(({ id }) => !hidden.has(id) || id === unit.stage);
  const at = shown.findIndex(({ id }) => id === unit.stage) + step;
  if (at < 0 || at >= shown.length) return unit;
  const [old, next] = [nodeOf(model, unit.stage).shape, nodeOf(model, shown[at].id).shape];
  const scaled = (/** @type {number} */ value, /** @type {number} */ axis) => Math.min(next[axis] - 1, Math.floor(((value + 0.5) * next[axis]) / old[axis]));
  return { stage: shown[at].id, channel: scaled(unit.channel, 0), y: scaled(unit.y, 1), x: scaled(unit.x, 2) };
}

/** @param {Model} model @param {Unit} unit @param {number} step */
function otherChannel(model, unit, step) {
  const [channels] = nodeOf(model, unit.stage).shape;
  return { ...unit, channel: Math.min(channels - 1, Math.max(0, unit.channel + step)) };
}

/** Where the keys begin: the middle of the first layer behind the input. @param {Model} model @returns {Unit} */
export function firstUnit(model) {
  const stage = model.stages[Math.min(1, model.stages.length - 1)];
  const [, height, width] = nodeOf(model, stage.id).shape;
  return { stage: stage.id, channel: 0, y: height >> 1, x: width >> 1 };
}

/**
 * The unit that a key leads to; null for a key that moves nothing.
 * @param {string} key @param {Model} model @param {Layout} layout @param {Unit} unit @param {Set<string>} hidden
 * @returns {Unit|null}
 */
export function moved(key, model, layout, unit, hidden) {
  const arrow = ARROWS[key];
  if (arrow) return neighbour(/** @type {Board} */ (layout.boards.get(unit.stage)), unit, ...arrow);
  if (key === 'PageUp' || key === 'PageDown') return otherStage(model, unit, key === 'PageUp' ? 1 : -1, hidden);
  if (key === '[' || key === ']') return otherChannel(model, unit, key === ']' ? 1 : -1);
  return null;
}

/**
 * What a key does to the scene.
 * @param {KeyboardEvent} event @param {Store} store @param {Director} director
 * @returns {boolean}  Was it ours?
 */
function press({ key }, store, director) {
  const { model, hover, pinned, hidden } = store.get();
  const { network, rig } = director;
  if (!model || !network) return false;
  if (key === '+' || key === '=') return rig.zoom(1.25), true;
  if (key === '-') return rig.zoom(0.8), true;
  const unit = hover ?? pinned;
  if (key === 'Enter' && unit) return store.set({ pinned: unit }), true;
  if (key === 'Escape' && (hover || pinned)) return store.set(hover && pinned ? { hover: null } : { hover: null, pinned: null }), true;
  const next = unit ? moved(key, model, network.layouts[rig.projection], unit, hidden) : key.startsWith('Arrow') ? firstUnit(model) : null;
  if (!next) return false;
  director.pointer.hover(next);
  director.say();
  return true;
}

/** Listen to keys on the scene; gives a function that stops. @param {HTMLElement} element @param {Store} store @param {Director} director */
export function watchKeys(element, store, director) {
  const listener = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !press(event, store, director)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  element.addEventListener('keydown', listener);
  return () => element.removeEventListener('keydown', listener);
}
