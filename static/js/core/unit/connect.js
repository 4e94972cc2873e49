/**
 * Who feeds a unit, and whom it feeds. The number of incoming edges is the unit's fan-in (zero padding left out).
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Stage} Stage
 * @typedef {import('../types.js').Kernels} Kernels
 * @typedef {import('../types.js').Frame} Frame
 * @typedef {import('../types.js').Unit} Unit
 * @typedef {import('../types.js').Edge} Edge
 * @typedef {import('../networks/graph.js').Node} Node
 */
import { eachIncoming } from './edges.js';
import { graphOf, indexOf, nodeOf, shape3, unitAt } from '../networks/graph.js';
import { decodeHalf } from '../numbers/half.js';
import { eachOutgoing } from './readers.js';

/**
 * The edges into a unit. For the weight of pooling and merging see edges.js.
 * @param {Model} model @param {Kernels|null} kernels @param {Unit} unit
 * @returns {Edge[]}
 */
export function incoming(model, kernels, unit) {
  const node = nodeOf(model, unit.stage);
  /** @type {Edge[]} */
  const edges = [];
  eachIncoming(node, kernels, indexOf(node, unit), (source, index, weight) => {
    edges.push({ from: unitAt(source, index), to: unit, weight });
  });
  return edges;
}

/**
 * The edges out of a unit, to every stage that reads its stage.
 * @param {Model} model @param {Kernels|null} kernels @param {Unit} unit
 * @returns {Edge[]}
 */
export function outgoing(model, kernels, unit) {
  const node = nodeOf(model, unit.stage);
  const from = indexOf(node, unit);
  /** @type {Edge[]} */
  const edges = [];
  for (const reader of new Set(node.consumers)) {
    eachOutgoing(node, reader, kernels, from, (to, weight) => edges.push({ from: unit, to: unitAt(reader, to), weight }));
  }
  return edges;
}

/**
 * A unit's value in a frame; NaN where the frame lacks the layer. Of a large network it has half precision.
 * @param {Model} model @param {Frame} frame @param {Unit} unit
 */
export function values(model, frame, unit) {
  const node = nodeOf(model, unit.stage);
  const tensor = frame.tensors.get(node.stage.output);
  const index = indexOf(node, unit);
  return (tensor?.halves ? decodeHalf(tensor.halves[index]) : tensor?.data[index]) ?? NaN;
}

/**
 * All units of a stage, in the order of its data.
 * @param {Stage} stage
 * @returns {Unit[]}
 */
export function unitsOf(stage) {
  const [channels, height, width] = shape3(stage.shape);
  /** @type {Unit[]} */
  const units = [];
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) units.push({ stage: stage.id, channel, y, x });
  }
  return units;
}

/** Does the model have this unit? An address may come from a URL. @param {Model} model @param {Unit} unit */
export function exists(model, unit) {
  const node = graphOf(model).get(unit.stage);
  if (!node) return false;
  const [channels, height, width] = node.shape;
  const inside = (/** @type {number} */ value, /** @type {number} */ size) => Number.isInteger(value) && value >= 0 && value < size;
  return inside(unit.channel, channels) && inside(unit.y, height) && inside(unit.x, width);
}
