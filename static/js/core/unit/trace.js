/**
 * Why this answer: the strongest paths from the winning output down to the pixels.
 *
 * The winner starts with strength 1. Each unit hands its strength to the inputs that pushed its value the way it went,
 * in proportion to |weight × activation| (excitation backprop, Zhang et al., ECCV 2016, with the sign of the unit's value,
 * because a tanh unit below zero is supported by negative products). A maximum hands all of it to its winner.
 * Of every stage only the strongest units are followed.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Kernels} Kernels
 * @typedef {import('../types.js').Frame} Frame
 * @typedef {import('../types.js').Edge} Edge
 * @typedef {import('../networks/graph.js').Node} Node
 * @typedef {Edge & {strength: number, product: number}} TraceEdge
 * @typedef {{source: Node, index: number, weight: number, product: number}} Part
 * @typedef {Map<number, number>} Strengths  By flat index.
 */
import { eachIncoming, isMaximum, isMinimum } from './edges.js';
import { graphOf, unitAt } from '../networks/graph.js';

/** Units followed in one stage, and edges followed from one unit. */
const BREADTH = 24;
const FAN = 12;

/**
 * The strongest edges, about `limit` of them, split evenly over the stages so that the paths reach the pixels; from the
 * answer down, strongest first in a stage. `strength` is the share of the answer (0…1) that flows through the edge,
 * `product` is weight × activation.
 * @param {Model} model @param {Kernels|null} kernels @param {Frame} frame @param {{limit?: number}} [options]
 * @returns {TraceEdge[]}
 */
export function backwardTrace(model, kernels, frame, { limit = 900 } = {}) {
  const nodes = [...graphOf(model).values()].reverse();
  /** @type {Map<Node, Strengths>} */
  const reached = new Map([[nodes[0], new Map([[frame.prediction.top[0].class, 1]])]]);
  const perStage = Math.ceil(limit / Math.max(1, nodes.length - 1));
  return nodes.flatMap((node) => followed(node, model, kernels, frame, reached).slice(0, perStage));
}

/**
 * The edges from the strongest units of a stage to what supports them, strongest first; adds up what they hand on.
 * @param {Node} node @param {Model} model @param {Kernels|null} kernels @param {Frame} frame @param {Map<Node, Strengths>} reached
 */
function followed(node, model, kernels, frame, reached) {
  const isAnswer = node.stage.id === model.stages[model.stages.length - 1].id;
  /** @type {TraceEdge[]} */
  const edges = [];
  for (const [index, strength] of strongest(reached.get(node), BREADTH)) {
    const to = unitAt(node, index);
    for (const { source, index: from, weight, product, share } of supporters(node, kernels, frame, index, isAnswer)) {
      const strengths = reached.get(source) ?? new Map();
      reached.set(source, strengths.set(from, (strengths.get(from) ?? 0) + strength * share));
      edges.push({ from: unitAt(source, from), to, weight, product, strength: strength * share });
    }
  }
  return edges.sort((a, b) => b.strength - a.strength);
}

/** @param {Strengths|undefined} strengths @param {number} count */
function strongest(strengths, count) {
  return [...(strengths ?? [])].sort((a, b) => b[1] - a[1]).slice(0, count);
}

/**
 * The inputs that support a unit's value, each with its share of all that support it.
 * @param {Node} node @param {Kernels|null} kernels @param {Frame} frame @param {number} index
 * @param {boolean} isAnswer  The winning output counts as positive, whatever its logit.
 * @returns {(Part & {share: number})[]}
 */
function supporters(node, kernels, frame, index, isAnswer) {
  const value = frame.tensors.get(node.stage.output)?.data[index] ?? 0;
  if (isMaximum(node)) return winner(node, frame, index);
  const sign = (isAnswer || value >= 0 ? 1 : -1) * scaleSign(node, kernels, index);
  const [parts, total] = strongestParts(node, kernels, frame, index, sign);
  return parts.map((part) => ({ ...part, share: Math.abs(part.product) / total }));
}

/**
 * −1 where the batch normalization of a stage turns its channel's sign round, else 1.
 * @param {Node} node @param {Kernels|null} kernels @param {number} index
 */
function scaleSign(node, kernels, index) {
  const channel = Math.floor(index / (node.stage.units / node.stage.shape[0]));
  return node.stage.layers.reduce((sign, id) => {
    const scale = id === node.layer.id ? undefined : kernels?.get(id)?.data[channel];
    return scale !== undefined && scale < 0 ? -sign : sign;
  }, 1);
}

/**
 * The FAN largest products of the wanted sign, and the sum of all of that sign.
 * @param {Node} node @param {Kernels|null} kernels @param {Frame} frame @param {number} index @param {number} sign
 * @returns {[Part[], number]}
 */
function strongestParts(node, kernels, frame, index, sign) {
  /** @type {Part[]} */
  const parts = [];
  let total = 0;
  /** @type {ArrayLike<number>} */
  let data = [];
  /** @type {Node|null} */
  let known = null;
  eachIncoming(node, kernels, index, (source, from, weight) => {
    if (source !== known) data = frame.tensors.get((known = source).stage.output)?.data ?? new Float32Array(source.stage.units);
    const product = weight * data[from];
    if (product * sign <= 0) return;
    total += product * sign;
    keep(parts, { source, index: from, weight, product });
  });
  return [parts, total];
}

/** Insert `part` into the list of the FAN largest, largest first. @param {Part[]} parts @param {Part} part */
function keep(parts, part) {
  const size = Math.abs(part.product);
  if (parts.length === FAN && Math.abs(parts[FAN - 1].product) >= size) return;
  let at = parts.length;
  while (at > 0 && Math.abs(parts[at - 1].product) < size) at--;
  parts.splice(at, 0, part);
  if (parts.length > FAN) parts.pop();
}

/** The input that a maximum or a minimum took (the first of equals, as torch). @param {Node} node @param {Frame} frame @param {number} index */
function winner(node, frame, index) {
  /** @type {(Part & {share: number})|null} */
  let best = null;
  const sign = isMinimum(node) ? -1 : 1;
  eachIncoming(node, null, index, (source, from) => {
    const product = frame.tensors.get(source.stage.output)?.data[from] ?? 0;
    if (best === null || sign * product > sign * best.product) best = { source, index: from, weight: 1, product, share: 1 };
  });
  return best ? [best] : [];
}
