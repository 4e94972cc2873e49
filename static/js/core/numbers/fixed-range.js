/**
 * The colour scale that does not change with the input. Digit networks share ±2 in all layers. Layers of photograph
 * networks differ by orders of magnitude: each keeps the range of the first photograph shown on this scale in this visit.
 *
 * @typedef {import('../types.js').Model} Model
 */

/** Half width for digit networks: a little above the 1.7159 at which LeCun's tanh saturates. */
export const FIXED = 2;

/** Limits by network, weights and layer, while the page lives. @type {Map<string, number>} */
const kept = new Map();

/**
 * The largest magnitude that colours of a layer stand for, whatever the input.
 * @param {Model} model @param {string} layer  Whose values are shown.
 * @param {() => number} limitOf  The largest magnitude now; asked only where nothing is kept yet.
 */
export function fixedLimit(model, layer, limitOf) {
  if (model.input?.preprocessing !== 'photo') return FIXED;
  const key = [model.id, model.weights?.source, model.weights?.sha256, layer].join(' ');
  const known = kept.get(key);
  if (known) return known;
  const limit = limitOf() || 1;
  kept.set(key, limit);
  return limit;
}
