/** The pixels of one kernel, and of a weight's colour: one scale for a whole layer. */
import { paint } from '../../core/colormap.js';
import { colourOrder, kernelPixels } from '../../core/photo-pixels.js';

/**
 * @typedef {import('../../core/filters.js').Filters} Filters
 * @typedef {import('../../core/types.js').Palette} Palette
 */

/** The largest absolute weight of a layer. @param {Filters} filters */
export function limitOf({ filters }) {
  return Math.max(...filters.map(({ min, max }) => Math.max(Math.abs(min), Math.abs(max)))) || 1;
}

/** A kernel about zero. @param {Float32Array} weights @param {number} index @param {number} size @param {number} limit @param {Palette} palette */
export function signedPixels(weights, index, size, limit, palette) {
  const rgba = new Uint8ClampedArray(4 * size);
  paint(weights.subarray(index * size, (index + 1) * size), { lo: -limit, hi: limit, signed: true }, palette, rgba);
  return rgba;
}

/** A kernel over a colour image in its colours. @param {Filters} filters @param {Float32Array} weights @param {number} limit */
export function colourPixels({ model, height, width }, weights, limit) {
  return kernelPixels(weights, 0, height * width, limit, colourOrder(model.input) ?? [0, 1, 2]);
}
