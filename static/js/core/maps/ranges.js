/**
 * What colours stand for where maps of one layer, or of two that are compared, are shown on the same scale.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Stage} Stage
 * @typedef {import('../types.js').Range} Range
 * @typedef {import('../numbers/colormap.js').Mode} Mode
 * @typedef {import('./stats.js').MapStats} MapStats
 *
 * @typedef {object} Side  One layer with its values.
 * @property {MapStats} stats
 * @property {boolean} signed    Whether values below zero can occur.
 * @property {((map: number) => Range)|null} input  The ranges of a network's input: from black to white.
 * @property {(limit: () => number) => number} [fixed]  The limit that does not change with the input; ±2 if absent.
 */
import { isSigned } from '../numbers/colormap.js';
import { FIXED, fixedLimit } from '../numbers/fixed-range.js';

/** @param {Model} model @param {Stage} stage @param {string} layer @param {MapStats} stats @returns {Side} */
export function sideOf(model, stage, layer, stats) {
  if (stage.inputs.length === 0) return { stats, signed: false, input: (map) => inputRange(model, map) };
  // Whether a stage is signed follows from the network, so that colours do not flip while drawing.
  const signed = layer === stage.output ? isSigned(model, stage.id) : stats.min.some((value) => value < 0);
  return { stats, signed, input: null, fixed: (limit) => fixedLimit(model, layer, limit) };
}

/** From a pixel of 0 to a pixel of 1. @param {Model} model @param {number} map @returns {Range} */
function inputRange({ input: { mean, std } }, map) {
  const [middle, unit] = [mean[map] ?? mean[0] ?? 0, std[map] ?? std[0] ?? 1];
  return { lo: -middle / unit, hi: (1 - middle) / unit, signed: false };
}

/** @param {number} limit @param {boolean} signed @returns {Range} */
function upTo(limit, signed) {
  return { lo: signed ? -limit || -1 : 0, hi: limit || 1, signed };
}

/** @param {Side} side @param {number|null} map  Null for all maps. */
function limitOf({ stats: { min, max }, signed }, map) {
  const far = (/** @type {number} */ i) => Math.max(0, max[i], signed ? -min[i] : 0);
  if (map !== null) return map < max.length ? far(map) : 0;
  let limit = 0;
  for (let i = 0; i < max.length; i++) limit = Math.max(limit, far(i));
  return limit;
}

/**
 * The range of each map, the same on every side. `map` is meaningless where a map is one number: then all share one.
 * @param {Side[]} sides @param {Mode} mode @returns {(map: number|null) => Range}
 */
export function sharedRanges(sides, mode) {
  const own = sides[0].input;
  if (own && sides.every(({ input }) => input)) return (map) => own(map ?? 0);
  const signed = sides.some((side) => side.signed);
  const isVector = sides.every(({ stats }) => stats.size < 2);
  if (mode === 'fixed') {
    const limit = Math.max(...sides.map((side) => side.fixed?.(() => limitOf(side, null)) ?? FIXED));
    return () => upTo(limit, signed);
  }
  const whole = upTo(Math.max(...sides.map((side) => limitOf(side, null))), signed);
  if (mode === 'layer' || isVector) return () => whole;
  return (map) => (map === null ? whole : upTo(Math.max(...sides.map((side) => limitOf(side, map))), signed));
}
