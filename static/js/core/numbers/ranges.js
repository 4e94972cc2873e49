/**
 * What colours stand for in a network whose layers are too large to be read through for every picture: the server's
 * smallest and largest value of each layer, and each map's own largest only where it is asked for.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Stage} Stage
 * @typedef {import('../types.js').Tensor} Tensor
 * @typedef {import('../types.js').PassInfo} PassInfo
 * @typedef {import('../types.js').Range} Range
 * @typedef {import('./colormap.js').Mode} Mode
 */
import { isSigned, rangeOf } from './colormap.js';
import { fixedLimit } from './fixed-range.js';
import { floatLimits, mapLimits } from './half-limits.js';

/** @type {WeakMap<Tensor, Float32Array>} */
const limits = new WeakMap();

/** @param {number} limit @param {boolean} signed @returns {Range} */
function upTo(limit, signed) {
  return { lo: signed ? -limit || -1 : 0, hi: limit || 1, signed };
}

/** From a pixel of 0 to a pixel of 1. @param {Model} model @param {number} channel @returns {Range} */
function inputRange({ input: { mean, std } }, channel) {
  return { lo: -mean[channel] / std[channel], hi: (1 - mean[channel]) / std[channel], signed: false };
}

/** Each map's largest (absolute) value, found once. @param {Tensor} tensor @param {boolean} signed */
function limitsOf(tensor, signed) {
  const known = limits.get(tensor);
  if (known) return known;
  const found = tensor.halves ? mapLimits(tensor.halves, tensor.shape[0], signed) : floatLimits(tensor.data, tensor.shape[0], signed);
  limits.set(tensor, found);
  return found;
}

/**
 * The range of each channel of a stage, as `stageRange` of colormap.js gives it.
 * @param {Model} model @param {Stage} stage @param {Tensor} tensor @param {PassInfo|null} pass @param {Mode} mode
 * @returns {{shared: boolean, of: (channel: number) => Range}}
 */
export function rangesOf(model, stage, tensor, pass, mode) {
  if (stage.inputs.length === 0) return { shared: false, of: (channel) => inputRange(model, channel) };
  const signed = isSigned(model, stage.id);
  const isVector = stage.shape.length === 1 || stage.shape[1] * stage.shape[2] === 1;
  if (mode === 'map' && !isVector) {
    const each = limitsOf(tensor, signed);
    return { shared: false, of: (channel) => upTo(each[channel], signed) };
  }
  const stats = pass?.layers.find(({ id }) => id === stage.output);
  const whole = () => (stats ? upTo(Math.max(signed ? -stats.min : 0, stats.max), signed) : rangeOf(tensor, null, 'layer', signed));
  const range = mode === 'fixed' ? upTo(fixedLimit(model, stage.output, () => whole().hi), signed) : whole();
  return { shared: true, of: () => range };
}
