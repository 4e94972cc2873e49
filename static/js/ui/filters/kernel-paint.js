/** The pixels of kernels, on one scale about zero for a whole layer or for each filter. */
import { paint } from '../../core/numbers/colormap.js';
import { colourOrder, kernelPixels } from '../../core/input/photo-pixels.js';

/**
 * @typedef {import('../../core/filters/kernels.js').Filters} Filters
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {'layer'|'filter'} Scale
 */

/** The largest absolute weight of a layer, or of one filter. @param {Filters} filters @param {number} [channel] */
export function limitOf({ filters }, channel) {
  const counted = channel === undefined ? filters : [filters[channel]];
  return counted.reduce((most, { min, max }) => Math.max(most, -min, max), 0) || 1;
}

/** What the colours of a filter stand for: up to the layer's largest weight, or to its own. @param {Filters} filters @param {Scale} scale @returns {(channel: number) => number} */
export function limitsOf(filters, scale) {
  const whole = limitOf(filters);
  return scale === 'layer' ? () => whole : (channel) => limitOf(filters, channel);
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
