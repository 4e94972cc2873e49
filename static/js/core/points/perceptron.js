/**
 * Rosenblatt's rule in numbers, and the line that a unit with two inputs draws.
 *
 * @typedef {import('../train/types.js').Update} Update
 * @typedef {import('./network.js').Network} Network
 */

/** The network after a step (or before it). @param {Update} update @param {boolean} [isBefore] @returns {Network} */
export function perceptronOf({ before, bias_before, after, bias_after }, isBefore = false) {
  return { layers: [{ weights: [isBefore ? before : after], bias: [isBefore ? bias_before : bias_after], activation: 'step' }] };
}

/** Did the step change anything? The rule changes weights only where the answer is wrong. @param {Update} update */
export function isMistake({ target, output }) {
  return target !== output;
}

/**
 * The line w₁x + w₂y + b = 0 within the square; null where it does not pass, or both weights are 0.
 * @param {readonly number[]} weights @param {number} bias @param {readonly [number, number]} range
 * @returns {[[number, number], [number, number]]|null}
 */
export function lineOf([a, b], bias, [from, to]) {
  /** @type {[number, number][]} */
  const ends = [];
  const add = (/** @type {number} */ x, /** @type {number} */ y) => {
    const near = (to - from) * 1e-9;
    const inside = [x, y].every((v) => v >= from - near && v <= to + near);
    if (inside && !ends.some(([u, v]) => Math.hypot(u - x, v - y) < near * 10)) ends.push([x, y]);
  };
  for (const edge of [from, to]) {
    if (b !== 0) add(edge, -(a * edge + bias) / b);
    if (a !== 0) add(-(b * edge + bias) / a, edge);
  }
  return ends.length === 2 ? [ends[0], ends[1]] : null;
}

/** The last steps, newest first; each step once. @param {readonly Update[]} steps @param {Update} update @param {number} [most] @returns {Update[]} */
export function withUpdate(steps, update, most = 50) {
  const earlier = steps.filter(({ step }) => step < update.step);
  return [update, ...earlier].slice(0, most);
}
