/**
 * The server's arithmetic of a unit as edges: where the page has no kernels, weights and products come from it.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Unit} Unit
 * @typedef {import('../types.js').Edge} Edge
 * @typedef {Edge & {activation: number, product: number}} AnsweredEdge
 */
import { nodeOf, sameUnit, unitAt } from '../networks/graph.js';

/** @type {WeakMap<object, AnsweredEdge[]>} */
const known = new WeakMap();

/**
 * The edges into `unit` if the server has told them of this network, else none.
 * @param {Pick<State, 'model'|'neuron'>} state @param {Unit} unit
 * @returns {AnsweredEdge[]}
 */
export function answeredEdges({ model, neuron }, unit) {
  if (!model || neuron?.answer?.model !== model.id || !sameUnit(neuron.unit, unit)) return [];
  const found = known.get(neuron.answer) ?? edgesOf(model, unit, neuron.answer);
  known.set(neuron.answer, found);
  return found;
}

/** @param {Model} model @param {Unit} unit @param {any} answer @returns {AnsweredEdge[]} */
function edgesOf(model, unit, { inputs, weights, products, sources }) {
  const stages = new Map(model.layers.map(({ id, stage }) => [id, stage]));
  return sources.map((/** @type {{layer: string, channel: number, y: number|null, x: number|null}} */ source, /** @type {number} */ i) => {
    const stage = stages.get(source.layer) ?? source.layer;
    const from = source.y === null || source.x === null ? unitAt(nodeOf(model, stage), source.channel) : { stage, channel: source.channel, y: source.y, x: source.x };
    return { from, to: unit, weight: weights[i], activation: inputs[i], product: products[i] };
  });
}
