/** One channel of a layer's values. */
import { halfToFloat } from '../numbers/half.js';

/** @typedef {import('../types.js').Tensor} Tensor */

/**
 * One channel of a tensor that holds `channels` of them, or this one alone.
 * @param {Tensor} tensor @param {number} channel @param {number} channels @returns {Float32Array}
 */
export function channelOf(tensor, channel, channels) {
  if (tensor.shape[0] !== channels) return tensor.data;
  const size = tensor.shape.slice(1).reduce((product, side) => product * side, 1);
  const [start, end] = [channel * size, (channel + 1) * size];
  return tensor.halves ? halfToFloat(tensor.halves.subarray(start, end)) : tensor.data.subarray(start, end);
}
