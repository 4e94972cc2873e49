/**
 * A place for every unit, in three dimensions and flat. A short chain is one tower; photograph networks, and whatever has
 * branches, skips or many stages, stand in columns.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('./boards.js').Projection} Projection
 * @typedef {import('./boards.js').Layout} Layout
 */
import { columnsOf } from './columns.js';
import { graphOf } from '../networks/graph.js';
import { towerOf } from './tower.js';

/** A chain with more stages does not fit in one tower. */
const MOST_FLOORS = 12;

/** Is the network one short chain of stages? @param {Model} model */
export function isTower(model) {
  if (model.input.preprocessing === 'photo' || model.stages.length > MOST_FLOORS) return false;
  return [...graphOf(model).values()].every((node) => node.sources.length <= 1 && node.consumers.length <= 1);
}

/**
 * Lay the model out so that its units cover as much as possible of a screen of this shape.
 * @param {Model} model @param {Projection} projection @param {number} [aspect]  Width ÷ height of the place for it.
 * @returns {Layout}
 */
export function layoutOf(model, projection, aspect = 1.2) {
  return (isTower(model) ? towerOf : columnsOf)(model, projection, aspect);
}
