/** How units are called: in words, and in formulas. */
import { mi, sub } from '../../math.js';

/** @typedef {import('../../../core/points/network.js').Network} Network @typedef {readonly [number, number]} Unit */

const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';

/** "x₁", "unit 2 of layer 1", "the answer". @param {Unit} unit @param {Network|null} network @param {import('../../../core/types.js').Translate} t */
export function unitName([layer, unit], network, t) {
  if (layer === 0) return `x${SUBSCRIPTS[unit + 1]}`;
  if (network && layer === network.layers.length) return t('points.answer');
  return t('points.unit', { unit: unit + 1, layer });
}

/** x₁, h₁,₂ or ŷ as a part of a formula. @param {Unit} unit @param {Network} network */
export function unitSymbol([layer, unit], { layers }) {
  if (layer === 0) return sub('x', String(unit + 1));
  if (layer === layers.length) return mi('ŷ');
  return sub('h', `${layer},${unit + 1}`);
}
