/**
 * What the numbers of the layers mean: vanishing and exploding gradients, dead units, saturation; and how they change
 * over the run.
 *
 * @typedef {import('./learning-types.js').LayerLearning} LayerLearning
 * @typedef {import('./learning-types.js').LayersLearning} LayersLearning
 * @typedef {'gradient'|'change'|'dead'|'saturated'} Measure
 * @typedef {{key: 'exploding'|'vanishing'|'dead'|'saturated'|'still'|'healthy'|'start', layers: string[], value: number}} Verdict
 */

export const MEASURES = /** @type {const} */ (['gradient', 'change', 'dead', 'saturated']);

/** A first layer whose gradient per weight is this much smaller than the last one's hardly learns. */
const VANISHED = 0.05;
/** A gradient of this norm per weight throws the weights far away. */
const EXPLODED = 10;
const MANY = 0.3;
/** Moments whose layers make a picture of the whole run. */
const MOMENTS = 16;

/** The gradient's root mean square over the layer's weights: layers of different sizes can be compared by it. @param {LayerLearning} layer */
export function gradientPerWeight({ gradient, parameters }) {
  return gradient === null || !Number.isFinite(gradient) ? null : gradient / Math.sqrt(Math.max(1, parameters));
}

/** A measure of a layer; null where it has none. @param {LayerLearning} layer @param {Measure} measure */
export function measureOf(layer, measure) {
  return measure === 'gradient' ? gradientPerWeight(layer) : layer[measure] ?? null;
}

/** What stands out, worst first; 'healthy' where nothing does. @param {LayersLearning} learning @returns {Verdict[]} */
export function verdicts({ layers }) {
  const found = [exploding(layers), vanishing(layers), share(layers, 'dead'), share(layers, 'saturated')].filter((verdict) => verdict !== null);
  if (found.length) return found;
  if (layers.every(({ gradient }) => gradient === null)) return [{ key: 'start', layers: [], value: 0 }];
  return [{ key: 'healthy', layers: [], value: 0 }];
}

/** @param {LayerLearning[]} layers @returns {Verdict|null} */
function exploding(layers) {
  const bad = layers.filter((layer) => (gradientPerWeight(layer) ?? 0) > EXPLODED || !Number.isFinite(layer.weight_norm) || layer.weight_norm === null);
  return bad.length ? { key: 'exploding', layers: bad.map(({ layer }) => layer), value: Math.max(...bad.map((layer) => gradientPerWeight(layer) ?? 0)) } : null;
}

/** @param {LayerLearning[]} layers @returns {Verdict|null}  value: the first layer's gradient ÷ the last one's. */
function vanishing(layers) {
  const known = layers.filter((layer) => gradientPerWeight(layer) !== null);
  if (known.length < 2) return null;
  const [first, last] = [known[0], known[known.length - 1]].map((layer) => gradientPerWeight(layer) ?? 0);
  return last > 0 && first / last < VANISHED ? { key: 'vanishing', layers: [known[0].layer, known[known.length - 1].layer], value: first / last } : null;
}

/** @param {LayerLearning[]} layers @param {'dead'|'saturated'} key @returns {Verdict|null} */
function share(layers, key) {
  const bad = layers.filter((layer) => (layer[key] ?? 0) > MANY);
  return bad.length ? { key, layers: bad.map(({ layer }) => layer), value: Math.max(...bad.map((layer) => layer[key] ?? 0)) } : null;
}

/** Moments that stand for the whole run: evenly spread over the checkpoints, the first and the last included. @param {number[]} steps @returns {number[]} */
export function spread(steps, count = MOMENTS) {
  if (steps.length <= count) return steps;
  return Array.from({ length: count }, (_, i) => steps[Math.round((i * (steps.length - 1)) / (count - 1))]);
}

/**
 * A measure of one layer over the moments that are known, in order of their steps.
 * @param {Map<number, LayersLearning>} known  By step. @param {string} layer @param {Measure} measure
 * @returns {{step: number, value: number|null}[]}
 */
export function overRun(known, layer, measure) {
  return [...known.keys()].sort((a, b) => a - b).map((step) => {
    const found = known.get(step)?.layers.find((each) => each.layer === layer);
    return { step, value: found ? measureOf(found, measure) : null };
  });
}

/** A value's place on a scale of orders of magnitude, 0…1; shares are their own place. @param {number|null} value @param {Measure} measure @param {number} most  The largest value shown. */
export function strength(value, measure, most) {
  if (value === null || value <= 0) return 0;
  if (measure === 'dead' || measure === 'saturated') return Math.min(1, value);
  const decades = 5; // what is 100,000 times smaller than the largest counts as nothing
  return Math.max(0, Math.min(1, 1 + Math.log10(value / most) / decades));
}
