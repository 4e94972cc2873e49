/**
 * The pixels that a unit sees.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Unit} Unit
 * @typedef {{top: number, left: number, bottom: number, right: number}} Box  top ≤ y < bottom, left ≤ x < right.
 */
import { nodeOf } from '../networks/graph.js';

/**
 * The unit's theoretical receptive field in input pixels, clipped to the input
 * (size, jump and start of Araujo et al., Distill 2019, as the server computes them).
 * @param {Model} model @param {Unit} unit
 * @returns {Box}
 */
export function receptiveField(model, unit) {
  return cellField(model, nodeOf(model, unit.stage).output, unit.y, unit.x);
}

/**
 * The same for the cell (y, x) of any layer's maps.
 * @param {Model} model @param {import('../types.js').Layer} layer @param {number} y @param {number} x @returns {Box}
 */
export function cellField(model, { receptive_field: { size, jump, start } }, y, x) {
  const [, height, width] = model.input.shape;
  const [top, bottom] = extent(start[0] + y * jump[0], size[0], height);
  const [left, right] = extent(start[1] + x * jump[1], size[1], width);
  return { top, left, bottom, right };
}

/** @param {number} centre @param {number} size @param {number} limit @returns {[number, number]} */
function extent(centre, size, limit) {
  const first = Math.round(centre - (size - 1) / 2);
  return [Math.min(Math.max(first, 0), limit - 1), Math.max(Math.min(first + size, limit), 1)];
}
