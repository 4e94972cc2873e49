/**
 * The units that a reader went through on the way from the output down to the pixels.
 *
 * @typedef {import('../types.js').Unit} Unit
 */
import { sameUnit } from '../networks/graph.js';

/**
 * The trail after `unit` was pinned: back to it if it is on the trail, one step longer if it feeds the
 * last one, else a new trail.
 * @param {readonly Unit[]} trail
 * @param {Unit|null} unit
 * @param {(source: Unit, target: Unit) => boolean} feeds
 * @returns {Unit[]}
 */
export function nextTrail(trail, unit, feeds) {
  if (unit === null) return [];
  const known = trail.findIndex((visited) => sameUnit(visited, unit));
  if (known >= 0) return trail.slice(0, known + 1);
  const last = trail[trail.length - 1];
  return last !== undefined && feeds(unit, last) ? [...trail, unit] : [unit];
}
