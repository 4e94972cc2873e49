/**
 * Rectangles that mark things: the unit under the pointer, the pinned unit, the receptive field, the patches read.
 *
 * @typedef {import('../core/types.js').Unit} Unit
 * @typedef {import('../core/types.js').Edge} Edge
 * @typedef {import('../core/unit/field.js').Box} Box
 * @typedef {import('../core/unit/windows.js').Window} Window
 * @typedef {import('../core/layout/boards.js').Point} Point
 * @typedef {import('./network.js').Network} Network
 * @typedef {import('./links.js').Link} Link
 * @typedef {{rgb: [number, number, number], alpha: number, width: number}} Stroke
 */
import { PICTURE } from '../core/layout/boards.js';
import { receptiveField } from '../core/unit/field.js';
import { nodeOf } from '../core/networks/graph.js';

/** A closed line through points. @param {Point[]} points @param {Stroke} stroke @returns {Link[]} */
function loop(points, stroke) {
  return points.map((start, i) => ({ start, end: points[(i + 1) % points.length], bend: 0, ...stroke }));
}

/** Round one unit's cell. @param {Network} network @param {Unit} unit @param {Stroke} stroke */
export function cellOutline(network, unit, stroke) {
  const box = { top: unit.y, left: unit.x, bottom: unit.y + 1, right: unit.x + 1 };
  return network.tilesOf(unit.stage, unit.channel).flatMap((tile) => loop(network.rectangle(unit.stage, tile, box, network.height(unit) + 0.02), stroke));
}

/** Round the pixels that a unit sees, on every input channel. @param {Network} network @param {Unit} unit @param {Stroke} stroke */
export function fieldOutline(network, unit, stroke) {
  const input = network.model.stages[0];
  if (unit.stage === input.id) return [];
  const box = receptiveField(network.model, unit);
  const channels = Array.from({ length: input.shape[0] }, (_, channel) => channel);
  const tiles = network.part(input.id).deep.picture ? [PICTURE, ...channels] : channels;
  return tiles.flatMap((tile) => loop(network.rectangle(input.id, tile, box, 0.03), stroke));
}

/** Is this a whole map? Then nothing needs to be marked. @param {Network} network @param {string} stage @param {Box} box */
function isWhole(network, stage, box) {
  const [, height, width] = nodeOf(network.model, stage).shape;
  return box.bottom - box.top === height && box.right - box.left === width;
}

/** Round the patch that a convolution or pooling unit reads in each source map. @param {Network} network @param {Edge[]} edges @param {Stroke} stroke */
export function patchOutlines(network, edges, stroke) {
  /** @type {Map<string, {unit: Unit, box: Box}>} */
  const patches = new Map();
  for (const { from } of edges) {
    const key = `${from.stage}/${from.channel}`;
    const { box } = patches.get(key) ?? { box: { top: from.y, left: from.x, bottom: 0, right: 0 } };
    patches.set(key, { unit: from, box: {
      top: Math.min(box.top, from.y), left: Math.min(box.left, from.x), bottom: Math.max(box.bottom, from.y + 1), right: Math.max(box.right, from.x + 1),
    } });
  }
  return [...patches.values()].filter(({ unit, box }) => !isWhole(network, unit.stage, box))
    .flatMap(({ unit, box }) => loop(network.rectangle(unit.stage, unit.channel, box, 0.01), stroke));
}

/** Round the windows that a unit of a large network reads. @param {Network} network @param {Window[]} windows @param {Stroke} stroke */
export function windowOutlines(network, windows, stroke) {
  return windows.filter(({ stage, box }) => network.part(stage).mesh.visible && !isWhole(network, stage, box))
    .flatMap(({ stage, channels, box }) => channels.flatMap((channel) => network.tilesOf(stage, channel))
      .flatMap((tile) => loop(network.rectangle(stage, tile, box, 0.01), stroke)));
}
