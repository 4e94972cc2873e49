/**
 * The filters of a layer: what form their kernels have, where their input channels come from, in which order they are shown.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Stage} Stage
 * @typedef {{channel: number, norm: number}} InputNorm
 * @typedef {{channel: number, norm: number, mean: number, std: number, min: number, max: number, bias: number|null, strongest: InputNorm[]}} FilterSummary
 * @typedef {{model: string, layer: string, shape: number[], source: string, filters: FilterSummary[]}} FiltersSummary
 * @typedef {'colour'|'single'|'kernels'|'vector'} Form  colour: over a colour image; single: one kernel a filter; kernels: one an input
 *   channel; vector: one weight an input.
 *
 * @typedef {object} Filters  One layer's filters as the page shows them.
 * @property {Model} model
 * @property {Stage} stage      The stage of the layer.
 * @property {Form} form
 * @property {number} count
 * @property {number} inputs    Input channels that one filter reads.
 * @property {number} height    Of a kernel.
 * @property {number} width
 * @property {Stage} source     The stage whose channels are read.
 * @property {FilterSummary[]} filters
 *
 * @typedef {'index'|'norm'|'mean'|'bias'} Order
 */
import { layerOf, stageOf } from '../unit/arithmetic.js';
import { graphOf, nodeOf } from '../networks/graph.js';
import { colourOrder } from '../input/photo-pixels.js';

/** The stages that have filters. @param {Model} model */
export function filterStages(model) {
  return [...graphOf(model).values()].filter(({ layer }) => layer.role === 'weighted').map(({ stage }) => stage);
}

/** The stage whose filters are shown for the chosen one: itself, the next one that has filters, else the last. @param {Model} model @param {string|null} chosen @returns {Stage|undefined} */
export function stageWithFilters(model, chosen) {
  const stages = filterStages(model);
  const at = (/** @type {Stage} */ stage) => model.stages.indexOf(stage);
  const wanted = model.stages.findIndex(({ id }) => id === chosen);
  return stages.find((stage) => at(stage) >= wanted) ?? stages[stages.length - 1];
}

/** @param {Model} model @param {Stage} stage @param {FiltersSummary} summary @returns {Filters} */
export function describeFilters(model, stage, { shape, source: sourceId, filters }) {
  const source = stageOf(model, layerOf(model, sourceId)?.stage ?? sourceId) ?? model.stages[0];
  const [count, width, ...kernel] = shape;
  const [channels, rows = 1, columns = 1] = source.shape;
  const isFlattened = shape.length === 2 && width === channels * rows * columns && rows * columns > 1;
  const [height, wide] = isFlattened ? [rows, columns] : [kernel[0] ?? 1, kernel[1] ?? 1];
  const inputs = isFlattened ? channels : width;
  const isColour = inputs === 3 && source.inputs.length === 0 && colourOrder(model.input) !== null;
  const form = isColour ? 'colour' : height * wide === 1 ? 'vector' : inputs === 1 ? 'single' : 'kernels';
  return { model, stage, form, count, inputs, height, width: wide, source, filters };
}

/** The channels of the source that a filter's kernels are over, in their order. @param {Filters} filters @param {number} channel @returns {number[]} */
export function inputChannels({ model, stage, count, inputs, source }, channel) {
  const { groups, type } = nodeOf(model, stage.id).layer;
  const first = type === 'Subsample' ? channel : Math.floor(channel / (count / (groups ?? 1))) * inputs;
  return Array.from({ length: inputs }, (_, i) => (first + i) % source.shape[0]);
}

/** The filters' numbers in an order, the largest first. @param {readonly FilterSummary[]} filters @param {Order} order @returns {number[]} */
export function sortFilters(filters, order) {
  const channels = filters.map(({ channel }) => channel);
  if (order === 'index') return channels;
  return channels.sort((a, b) => (filters[b][order] ?? 0) - (filters[a][order] ?? 0) || a - b);
}

/**
 * The filter that makes a channel of a stage: behind pooling the one before it, in a concatenation that of its branch;
 * null for the input and for an addition, where several make it.
 * @param {Model} model @param {string} stageId @param {number} channel
 * @returns {{stage: string, channel: number}|null}
 */
export function makerOf(model, stageId, channel) {
  const node = nodeOf(model, stageId);
  const { role } = node.layer;
  if (role === 'weighted') return { stage: stageId, channel };
  if (role === 'pool') return makerOf(model, node.sources[0].stage.id, channel);
  const isConcatenation = role === 'merge' && !node.sources.every((source) => source.shape[0] === node.shape[0]);
  if (!isConcatenation) return null;
  let first = 0;
  for (const source of node.sources) {
    if (channel < first + source.shape[0]) return makerOf(model, source.stage.id, channel - first);
    first += source.shape[0];
  }
  return null;
}

/** The Euclidean norm of each kernel of a filter. @param {Float32Array} weights @param {number} inputs */
export function kernelNorms(weights, inputs) {
  const size = weights.length / inputs;
  return Float64Array.from({ length: inputs }, (_, k) => {
    let sum = 0;
    for (let i = k * size; i < (k + 1) * size; i++) sum += weights[i] ** 2;
    return Math.sqrt(sum);
  });
}

/** CSS pixels a weight, so that `inputs` kernels fill about `room`. @param {Pick<Filters, 'inputs'|'height'|'width'>} filters @param {{width: number, height: number}} room */
export function cellFor({ inputs, height, width }, room) {
  const side = Math.max(height, width);
  const share = Math.sqrt((room.width * room.height) / Math.max(1, inputs)) - 6;
  return Math.max(2, Math.floor(Math.min(120, Math.max(18, share)) / side));
}

/** CSS pixels: a tile's longer side (`usual` where not all can be seen at once), the line below it, and the room between tiles. */
const TILE = { most: 112, least: 55, usual: 84, caption: 18, gap: 10, widest: 28 };

/**
 * How large the tiles of colour filters are: all are seen at once where they can be, and then their rows are equally long.
 * @param {Pick<Filters, 'count'|'height'|'width'>} filters @param {{width: number, height: number}} room
 * @returns {{cell: number, gap: number}}  CSS pixels a weight, and between tiles of a row.
 */
export function tileSize({ count, height, width }, room) {
  const side = Math.max(height, width);
  const columnsOf = (/** @type {number} */ cell) => Math.max(1, Math.floor((room.width + TILE.gap) / (width * cell + TILE.gap)));
  const fits = (/** @type {number} */ cell) => Math.ceil(count / columnsOf(cell)) * (height * cell + TILE.caption + TILE.gap) - TILE.gap <= room.height;
  let cell = Math.max(2, Math.floor(TILE.most / side));
  while (cell * side >= TILE.least && !fits(cell)) cell--;
  if (cell * side < TILE.least) cell = Math.max(2, Math.floor(TILE.usual / side));
  const rows = Math.ceil(count / columnsOf(cell));
  const columns = Math.ceil(count / rows);
  const slack = columns > 1 ? Math.floor((room.width - columns * width * cell) / (columns - 1)) : TILE.gap;
  return { cell, gap: Math.max(TILE.gap, Math.min(TILE.widest, slack)) };
}
