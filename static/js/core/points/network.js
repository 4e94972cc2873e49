/**
 * A small dense network of 2-D points, computed in the browser as PyTorch computes it in the server: values are float32,
 * sums are taken in double precision (the difference stays below 1e-5; tests/js/points-net.test.js).
 *
 * @typedef {object} DenseLayer
 * @property {number[][]} weights  outputs × inputs
 * @property {number[]} bias
 * @property {string} activation   A name of `ACTIVATIONS`.
 *
 * @typedef {{layers: DenseLayer[]}} Network  The last layer is the answer, one unit.
 *
 * @typedef {object} Pass  What every unit says of N points; `sums` and `units` by layer, then by unit. The first layer is x, y.
 * @property {Float32Array[][]} sums  Before the activation.
 * @property {Float32Array[][]} units
 */

/** erf(x) to 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26). @param {number} x */
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}

/** @param {number} x */
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** The activation functions, as PyTorch has them. @type {Readonly<Record<string, (z: number) => number>>} */
export const ACTIVATIONS = Object.freeze({
  relu: (z) => Math.max(0, z),
  leaky_relu: (z) => (z > 0 ? z : 0.01 * z),
  elu: (z) => (z > 0 ? z : Math.expm1(z)),
  gelu: (z) => 0.5 * z * (1 + erf(z / Math.SQRT2)),
  silu: (z) => z * sigmoid(z),
  sigmoid,
  tanh: Math.tanh,
  scaled_tanh: (z) => 1.7159 * Math.tanh((2 / 3) * z),
  step: (z) => (z > 0 ? 1 : 0),
  linear: (z) => z,
});

/** Where an activation's values lie, if anywhere; null for no bound. @param {string} name @returns {[number, number]|null} */
export function boundsOf(name) {
  if (name === 'sigmoid' || name === 'step') return [0, 1];
  if (name === 'tanh') return [-1, 1];
  return name === 'scaled_tanh' ? [-1.7159, 1.7159] : null;
}

/** Are its values never negative? @param {string} name */
export function isPositive(name) {
  return ['relu', 'sigmoid', 'step'].includes(name);
}

/**
 * One layer's sums for all points.
 * @param {DenseLayer} layer @param {readonly Float32Array[]} inputs
 */
function sumsOf({ weights, bias }, inputs) {
  const { length } = inputs[0];
  return weights.map((row, unit) => {
    const sum = new Float64Array(length).fill(Math.fround(bias[unit] ?? 0));
    row.forEach((weight, from) => {
      const [input, w] = [inputs[from], Math.fround(weight)];
      for (let i = 0; i < length; i++) sum[i] += w * input[i];
    });
    return Float32Array.from(sum);
  });
}

/**
 * The network's pass over points.
 * @param {Network} network @param {Float32Array} xs @param {Float32Array} ys
 * @returns {Pass}
 */
export function forward({ layers }, xs, ys) {
  const units = [[xs, ys]];
  const sums = [[xs, ys]];
  for (const layer of layers) {
    const sum = sumsOf(layer, units[units.length - 1]);
    const activate = ACTIVATIONS[layer.activation];
    sums.push(sum);
    units.push(sum.map((values) => values.map(activate)));
  }
  return { sums, units };
}

/** The pass of one point. @param {Network} network @param {number} x @param {number} y */
export function passOf(network, x, y) {
  return forward(network, Float32Array.of(x), Float32Array.of(y));
}

/**
 * The points of the grid that a picture of the plane shows: size × size, rows from top (largest y) to bottom, from edge to edge.
 * @param {number} size @param {readonly [number, number]} range
 */
export function gridOf(size, [from, to]) {
  const at = Float32Array.from({ length: size }, (_, i) => from + ((to - from) * i) / (size - 1));
  const xs = new Float32Array(size * size);
  const ys = new Float32Array(size * size);
  for (let i = 0; i < xs.length; i++) {
    xs[i] = at[i % size];
    ys[i] = at[size - 1 - Math.floor(i / size)];
  }
  return { xs, ys };
}

/**
 * How well a network does on points: the mean cross-entropy of its answer's logit and the share of points on the right side;
 * null for none. A threshold unit has no probability, hence no loss.
 * @param {Network} network @param {readonly (readonly [number, number, number])[]} points  x, y, class.
 * @returns {{loss: number|null, accuracy: number}|null}
 */
export function measure(network, points) {
  if (points.length === 0) return null;
  const { sums } = forward(network, Float32Array.from(points, ([x]) => x), Float32Array.from(points, ([, y]) => y));
  const logits = sums[sums.length - 1][0];
  const isThreshold = network.layers[network.layers.length - 1].activation === 'step';
  let [loss, right] = [0, 0];
  points.forEach(([, , label], i) => {
    const z = logits[i];
    loss += Math.max(z, 0) - z * label + Math.log1p(Math.exp(-Math.abs(z)));
    right += Number(z > 0) === label ? 1 : 0;
  });
  return { loss: isThreshold ? null : loss / points.length, accuracy: right / points.length };
}

/** Are all weights numbers still? @param {Network} network */
export function isFinite(network) {
  return network.layers.every(({ weights, bias }) => weights.flat().concat(bias).every(Number.isFinite));
}
