/**
 * What the features view shows now, shared by its parts.
 *
 * @typedef {import('../../core/types.js').Range} Range
 * @typedef {import('./sides.js').FeatureSide} FeatureSide
 * @typedef {import('./toolbar.js').Choice} Choice
 * @typedef {{side: number, cell: import('./map-picture.js').Cell}} Place
 *
 * @typedef {object} FeatureLook
 * @property {Choice} choice
 * @property {FeatureSide[]} sides   What is drawn: one side, or two; none before the first values.
 * @property {number[][]} orders     The order of the maps on each side.
 * @property {(map: number|null) => Range} rangeOf  Of one map; null: of all.
 * @property {string} key            Network and stage.
 * @property {number|null} map       The one that is enlarged.
 * @property {number|null} focus     The one that the legend speaks of.
 * @property {number|null} reopen    Enlarged again as soon as there is something to compare it with.
 * @property {Place|null} hovered    A cell of the enlarged map.
 * @property {Place|null} chosen     A cell that was clicked, where it stands for no unit of the present network.
 */
import { hasMaps, layerLabel } from './sides.js';

/** @returns {FeatureLook} */
export function createLook() {
  return {
    choice: { sort: 'index', search: '', hideDead: false, tile: null },
    sides: [], orders: [[], []], rangeOf: () => ({ lo: 0, hi: 1, signed: false }),
    key: '', map: null, focus: null, reopen: null, hovered: null, chosen: null,
  };
}

/** What the legend speaks of. @param {FeatureLook} look @param {import('../../core/types.js').State['scale']} scale */
export function legendSubject({ sides, orders, rangeOf, focus, map }, scale) {
  if (sides.length === 0) return null;
  const shown = focus ?? map ?? orders[0][0] ?? 0;
  const perMap = scale === 'map' && hasMaps(sides[0]);
  return { name: perMap ? `${layerLabel(sides[0])} · ${shown}` : layerLabel(sides[0]), range: rangeOf(perMap ? shown : null) };
}
