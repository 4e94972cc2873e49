/**
 * Which links to show, and how they look: a unit's edges by weight, activation or product, and the backward trace.
 *
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/types.js').Edge} Edge
 * @typedef {import('../core/types.js').Unit} Unit
 * @typedef {import('../core/types.js').Frame} Frame
 * @typedef {import('../core/types.js').Range} Range
 * @typedef {import('../core/unit/trace.js').TraceEdge} TraceEdge
 * @typedef {import('./network.js').Network} Network
 * @typedef {import('./links.js').Link} Link
 * @typedef {[number, number, number]} Rgb
 */
import { colourOf, stageRange } from '../core/numbers/colormap.js';
import { values } from '../core/unit/connect.js';
import { isMaximum, isMinimum } from '../core/unit/edges.js';
import { isVector, nodeOf, sameUnit } from '../core/networks/graph.js';

/** @param {Rgb} a @param {Rgb} b @param {number} t @returns {Rgb} */
function mix(a, b, t) {
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])];
}

/** @param {number} value @param {Range} range @param {Network} network @returns {Rgb} */
function rgbOf(value, range, network) {
  const [r, g, b] = colourOf(value, range, network.look.palette);
  return [r / 255, g / 255, b / 255];
}

/** The input that a maximum (or minimum) takes: the first of the largest (smallest), as torch. @param {Edge[]} edges @param {Frame} frame @param {Network} network */
function winnerOf(edges, frame, network) {
  let [best, most] = [edges[0], -Infinity];
  const sign = isMinimum(nodeOf(network.model, edges[0].to.stage)) ? -1 : 1;
  for (const edge of edges) {
    const value = sign * values(network.model, frame, edge.from);
    if (value > most) [best, most] = [edge, value];
  }
  return best;
}

/** Has the server told this edge, with its numbers? @param {Edge} edge @returns {edge is import('../core/unit/answers.js').AnsweredEdge} */
function isAnswered(edge) {
  return 'product' in edge;
}

/**
 * The number that colours each edge. The weight of a maximum is 1 for all; its product is that of the winner, 0 for the others.
 * @param {Edge[]} edges @param {State} state @param {Network} network
 * @returns {number[]}
 */
function measures(edges, { edgeColour, frame }, network) {
  if (edgeColour === 'weight' || !frame) return edges.map((edge) => edge.weight);
  if (edges.every(isAnswered)) return edges.map((edge) => edge[edgeColour]);
  const activations = edges.map((edge) => values(network.model, frame, edge.from));
  if (edgeColour === 'activation') return activations;
  const products = edges.map((edge, i) => edge.weight * activations[i]);
  if (edges.length === 0 || !isMaximum(nodeOf(network.model, edges[0].to.stage))) return products;
  const winner = winnerOf(edges, frame, network);
  return edges.map((edge, i) => (edge === winner || !sameUnit(edge.to, winner.to) ? products[i] : 0));
}

/** @param {number[]} numbers @returns {Range} */
function symmetric(numbers) {
  const limit = numbers.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0) || 1;
  return { lo: -limit, hi: limit, signed: true };
}

/** What the colours of these edges stand for. @param {Edge[]} edges @param {number[]} numbers @param {State} state @param {Network} network */
function rangeFor(edges, numbers, { edgeColour, frame, scale }, network) {
  if (edgeColour !== 'activation' || !frame || edges.length === 0) return symmetric(numbers);
  const { stage } = nodeOf(network.model, edges[0].from.stage);
  const tensor = isAnswered(edges[0]) ? null : frame.tensors.get(stage.output);
  return tensor ? stageRange(network.model, stage, tensor, edges[0].from.channel, scale) : symmetric(numbers);
}

/** Do links into this unit come as a bundle of curves (dense) or as a straight cone (a window)? @param {Network} network @param {Edge} edge */
function bendOf(network, edge) {
  return isVector(nodeOf(network.model, edge.to.stage)) ? 1 : 0.35;
}

/**
 * The links of edges, strongest last (on top); at most `most`, the strongest.
 * @param {Network} network @param {State} state @param {Edge[]} edges @param {number} most
 * @returns {Link[]}
 */
export function strands(network, state, edges, most) {
  const numbers = measures(edges, state, network);
  const range = rangeFor(edges, numbers, state, network);
  const reach = Math.max(Math.abs(range.lo), Math.abs(range.hi));
  const order = edges.map((_, i) => i).sort((a, b) => Math.abs(numbers[a]) - Math.abs(numbers[b]));
  const thin = edges.length > 200 ? 0.7 : 0.9;
  return order.slice(-most).map((i) => {
    const strength = Math.min(1, Math.abs(numbers[i]) / reach) || 0;
    const rgb = mix(network.look.colours.muted, rgbOf(numbers[i], range, network), Math.min(1, 0.25 + 1.5 * strength));
    return {
      start: network.place(edges[i].from, 'top'), end: network.place(edges[i].to, 'foot'), rgb,
      alpha: (edges.length > 200 ? 0.08 : 0.2) + 0.75 * strength, width: thin + 1.4 * strength * thin, bend: bendOf(network, edges[i]),
    };
  });
}

/**
 * The links of a backward trace: as thick as they carry of the answer, relative to the strongest of their stage.
 * @param {Network} network @param {TraceEdge[]} edges
 * @returns {Link[]}
 */
export function traceStrands(network, edges) {
  /** @type {Map<string, number>} */
  const most = new Map();
  for (const { to, strength } of edges) most.set(to.stage, Math.max(most.get(to.stage) ?? 0, strength));
  return [...edges].reverse().map((edge) => {
    const share = Math.sqrt(edge.strength / (most.get(edge.to.stage) || 1));
    const rgb = rgbOf(Math.sign(edge.product) * (0.55 + 0.45 * share), { lo: -1, hi: 1, signed: true }, network);
    return {
      start: network.place(edge.from, 'top'), end: network.place(edge.to, 'foot'), rgb,
      alpha: 0.04 + 0.66 * share ** 3, width: 0.5 + 1.7 * share * share, bend: bendOf(network, edge),
    };
  });
}
