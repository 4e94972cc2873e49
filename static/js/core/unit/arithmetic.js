/**
 * The arithmetic of one unit: its products, how they add up, and the curve of its activation function.
 * The products come from the kernels and the live frame; bias, steps and output from the neuron endpoint.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Layer} Layer
 * @typedef {import('../types.js').Stage} Stage
 * @typedef {import('../types.js').Unit} Unit
 * @typedef {import('../types.js').Edge} Edge
 *
 * @typedef {object} Term  One product of the weighted sum.
 * @property {Unit} from
 * @property {number} input
 * @property {number} weight
 * @property {number} product
 */

/** The stage of an id. @param {Model} model @param {string} id @returns {Stage|undefined} */
export function stageOf(model, id) {
  return model.stages.find((stage) => stage.id === id);
}

/** The layer that does a stage's weighted sum or pooling (its first one). @param {Model} model @param {string} id @returns {Layer|undefined} */
export function layerOf(model, id) {
  return model.layers.find((layer) => layer.id === id);
}

/** The stage of ten logits. @param {Model} model @returns {Stage} */
export function outputStage(model) {
  return model.stages[model.stages.length - 1];
}

/**
 * The products of a unit, in the order of its edges. In a max or min pooling the winner has weight 1 and the others 0.
 * @param {readonly Edge[]} edges
 * @param {(unit: Unit) => number} valueOf
 * @param {'maximum'|'minimum'|null} extreme  Which value the layer takes, if it takes one of them.
 * @returns {Term[]}
 */
export function termsOf(edges, valueOf, extreme) {
  const inputs = edges.map((edge) => valueOf(edge.from));
  const winner = extreme ? inputs.indexOf((extreme === 'minimum' ? Math.min : Math.max)(...inputs)) : -1;
  return edges.map(({ from, weight }, i) => {
    const w = winner < 0 ? weight : Number(i === winner);
    return { from, input: inputs[i], weight: w, product: inputs[i] * w + 0 }; // + 0 makes a negative zero plain
  });
}

/** Indices of the terms, the largest |product| first; ties keep their order. @param {readonly Term[]} terms @returns {number[]} */
export function byStrength(terms) {
  return terms.map((_, i) => i).sort((a, b) => Math.abs(terms[b].product) - Math.abs(terms[a].product));
}

/**
 * The same, but first the strongest term that pushed the value the way it went: the way to go down.
 * @param {readonly Term[]} terms
 * @param {number} output  The unit's value.
 * @returns {number[]}
 */
export function bySupport(terms, output) {
  const order = byStrength(terms);
  const first = order.find((i) => terms[i].product * output > 0);
  return first === undefined ? order : [first, ...order.filter((i) => i !== first)];
}

/** What speaks for the unit and what against it. @param {readonly number[]} products @returns {{positive: number, negative: number, sum: number}} */
export function balance(products) {
  let positive = 0;
  let negative = 0;
  for (const product of products) {
    if (product > 0) positive += product;
    else negative += product;
  }
  return { positive, negative, sum: positive + negative };
}

/** The largest absolute value, 0 for none. @param {Iterable<number>} values */
export function magnitude(values) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

/** @type {Record<string, (x: number) => number>} */
const CURVES = {
  ReLU: (x) => Math.max(0, x),
  ReLU6: (x) => Math.min(6, Math.max(0, x)),
  LeakyReLU: (x) => (x < 0 ? 0.01 * x : x),
  Tanh: Math.tanh,
  ScaledTanh: (x) => 1.7159 * Math.tanh((2 * x) / 3),
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  SiLU: (x) => x / (1 + Math.exp(-x)),
  ELU: (x) => (x < 0 ? Math.expm1(x) : x),
  BinaryStep: (x) => (x > 0 ? 1 : 0),
};

/** The curve of an activation function by its layer type, or null. @param {string} type @returns {((x: number) => number)|null} */
export function curveOf(type) {
  return CURVES[type] ?? null;
}

/**
 * A curve as points from `lo` to `hi`.
 * @param {(x: number) => number} fn @param {number} lo @param {number} hi @param {number} count
 * @returns {{x: number, y: number}[]}
 */
export function sampleCurve(fn, lo, hi, count) {
  return Array.from({ length: count }, (_, i) => {
    const x = lo + ((hi - lo) * i) / (count - 1);
    return { x, y: fn(x) };
  });
}

/** Half the width of a plot that shows `input`: at least 3, in steps that keep the axis calm. @param {number} input */
export function plotReach(input) {
  return Math.max(3, 2 ** Math.ceil(Math.log2(Math.abs(input) * 1.15 || 1)));
}
