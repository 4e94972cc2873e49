/**
 * How a layer's maps are laid out as tiles.
 *
 * @typedef {import('./types.js').Tensor} Tensor
 */
import { gridColumns } from './patch.js';

/** Tiles come near this many CSS pixels, in whole pixels a value: few maps are shown larger. */
const TILE = { few: 112, some: 84, many: 60 };
const CELL = { least: 8, most: 22, row: 40 };
/** Up to this many units of a dense layer stand in one row. */
const ONE_ROW = 16;
const STRIP_HEIGHT = 168;

/**
 * @typedef {object} Plan
 * @property {'maps'|'strip'} kind  A tile a channel, or all units of a dense layer in one picture.
 * @property {number} channels
 * @property {number} height  Of a map, or of the strip, in cells.
 * @property {number} width
 * @property {number} cell    CSS pixels a value.
 */

/** @param {readonly number[]} shape @returns {Plan} */
export function tilePlan(shape) {
  const [channels, height = 1, width = 1] = shape;
  if (height * width > 1) return { kind: 'maps', channels, height, width, cell: Math.max(1, Math.round(tileSize(channels) / Math.max(height, width))) };
  const columns = channels <= ONE_ROW ? channels : gridColumns(channels);
  const rows = Math.ceil(channels / columns);
  const cell = Math.min(rows === 1 ? CELL.row : CELL.most, Math.max(CELL.least, Math.floor(STRIP_HEIGHT / rows)));
  return { kind: 'strip', channels, height: rows, width: columns, cell };
}

/** @param {number} channels */
function tileSize(channels) {
  if (channels <= 8) return TILE.few;
  return channels <= 16 ? TILE.some : TILE.many;
}

/**
 * The values of a strip with its last row filled up with zeros.
 * @param {Tensor} tensor @param {Plan} plan
 */
export function stripValues({ data }, { height, width }) {
  if (data.length === height * width) return data;
  const filled = new Float32Array(height * width);
  filled.set(data);
  return filled;
}
