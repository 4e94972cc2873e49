/**
 * What every unit of a network says of the plane, as pictures: the values, the range that colours stand for, and the
 * picture with two colours only.
 *
 * @typedef {import('./network.js').Network} Network
 * @typedef {import('../types.js').Range} Range
 * @typedef {readonly [number, number]} Unit  Layer (0: the inputs) and index.
 *
 * @typedef {object} UnitSurface
 * @property {Float32Array} values  size × size, the largest y first.
 * @property {Float32Array} sums    Before the activation.
 * @property {Range} range
 */
import { colourOf, extremes } from '../numbers/colormap.js';
import { boundsOf, forward, gridOf, isPositive } from './network.js';

/** The answer of a network: its last unit. @param {Network} network @returns {Unit} */
export function answerOf({ layers }) {
  return [layers.length, 0];
}

/** Units of each layer, the two inputs first. @param {Network} network */
export function widthsOf({ layers }) {
  return [2, ...layers.map(({ bias }) => bias.length)];
}

/** What colours stand for. The answer is plain where the network cannot decide, at one half. @param {Network} network @param {number} layer @param {Float32Array} values @returns {Range} */
export function unitRange({ layers }, layer, values) {
  const name = layer === 0 ? 'linear' : layers[layer - 1].activation;
  const bounds = boundsOf(name);
  if (layer === layers.length) return { lo: bounds?.[0] ?? 0, hi: bounds?.[1] ?? 1, signed: true };
  if (bounds) return { lo: bounds[0], hi: bounds[1], signed: bounds[0] < 0 };
  const [min, max] = extremes(values);
  const limit = Math.max(Math.abs(min), Math.abs(max)) || 1;
  return isPositive(name) ? { lo: 0, hi: limit, signed: false } : { lo: -limit, hi: limit, signed: true };
}

/** Every unit's surface, by layer. @param {Network} network @param {number} size @param {readonly [number, number]} reach @returns {UnitSurface[][]} */
export function surfacesOf(network, size, reach) {
  const { xs, ys } = gridOf(size, reach);
  const { sums, units } = forward(network, xs, ys);
  return units.map((row, layer) => row.map((values, unit) => ({ values, sums: sums[layer][unit], range: unitRange(network, layer, values) })));
}

/** Two colours only: on which side of the middle a value lies. @param {UnitSurface} surface @returns {Float32Array} */
export function discretised({ values, range }) {
  const middle = range.signed || range.hi === 1 ? (range.lo + range.hi) / 2 : 0;
  return values.map((value) => (value > middle ? range.hi : range.lo));
}

/** The colour of a class, as it stands at the ends of the answer's colours. @param {number} label @param {import('../types.js').Palette} palette */
export function classColour(label, palette) {
  return `rgb(${colourOf(label, { lo: 0, hi: 1, signed: true }, palette).join(' ')})`;
}
