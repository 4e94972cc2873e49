/**
 * What a unit reads, from the network's geometry alone: the window on each source stage. No kernels are needed, so it is
 * known at once for networks of any size.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Unit} Unit
 * @typedef {import('../networks/graph.js').Node} Node
 * @typedef {import('./field.js').Box} Box
 * @typedef {{stage: string, channels: number[], box: Box}} Window  The part of each of these maps that is read (padding cut off).
 */
import { channelsOf, isDense, mergeSources, windowOf } from './edges.js';
import { indexOf, nodeOf } from '../networks/graph.js';

/** @param {number} first @param {number} taps @param {number} step @param {number} limit @returns {[number, number]} */
function clipped(first, taps, step, limit) {
  return [Math.max(0, first), Math.min(limit, first + (taps - 1) * step + 1)];
}

/** @param {Node} source @param {Unit} unit @param {number} channel @returns {Window} */
function cell({ stage }, { y, x }, channel) {
  return { stage: stage.id, channels: [channel], box: { top: y, left: x, bottom: y + 1, right: x + 1 } };
}

/**
 * The windows that a unit reads; none at the input. Of a dense unit: every map of its source, whole.
 * @param {Model} model @param {Unit} unit
 * @returns {Window[]}
 */
export function windowsOf(model, unit) {
  const node = nodeOf(model, unit.stage);
  const [source] = node.sources;
  if (!source) return [];
  if (node.layer.role === 'merge') return mergeSources(node, unit.channel).map(({ source: from, channel }) => cell(from, unit, channel));
  if (isDense(node)) return [whole(source)];
  if (node.layer.role !== 'weighted' && node.layer.role !== 'pool') return [cell(source, unit, unit.channel)];
  const [, height, width] = source.shape;
  const window = windowOf(node, indexOf(node, unit));
  const [top, bottom] = clipped(window.top, window.kernel[0], window.dilation[0], height);
  const [left, right] = clipped(window.left, window.kernel[1], window.dilation[1], width);
  return [{ stage: source.stage.id, channels: channelsOf(node, source, unit.channel).map(({ channel }) => channel), box: { top, left, bottom, right } }];
}

/** @param {Node} source @returns {Window} */
function whole({ stage, shape: [channels, height, width] }) {
  return { stage: stage.id, channels: Array.from({ length: channels }, (_, channel) => channel), box: { top: 0, left: 0, bottom: height, right: width } };
}
