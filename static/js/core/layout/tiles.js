/**
 * How a layer's maps are laid out as tiles.
 *
 * @typedef {import('../types.js').Tensor} Tensor
 */
import { gridColumns } from '../unit/patch.js';

/** A tile's longer side in CSS pixels: as large as lets all maps be seen at once, within these limits. */
const TILE = { least: 40, most: 112 };
/** Between tiles, and with the name under each. */
const SPACE = { across: 8, down: 26 };
const CELL = { least: 8, most: 22, row: 40 };
/** Up to this many units of a dense layer stand in one row. */
const ONE_ROW = 16;

/**
 * @typedef {object} Plan
 * @property {'maps'|'strip'} kind  A tile a channel, or all units of a dense layer in one picture.
 * @property {number} channels
 * @property {number} height  Of a map, or of the strip, in cells.
 * @property {number} width
 * @property {number} cell    CSS pixels a value.
 */

/**
 * @param {readonly number[]} shape
 * @param {{width: number, height: number}} room  What the tiles may take, in CSS pixels.
 * @returns {Plan}
 */
export function tilePlan(shape, room) {
  const [channels, height = 1, width = 1] = shape;
  if (height * width > 1) return { kind: 'maps', channels, height, width, cell: tileCell(channels, height, width, room) };
  const columns = channels <= ONE_ROW ? channels : gridColumns(channels);
  const rows = Math.ceil(channels / columns);
  const most = rows === 1 ? CELL.row : CELL.most;
  const cell = Math.min(most, Math.max(CELL.least, Math.floor(Math.min(room.height / rows, room.width / columns))));
  return { kind: 'strip', channels, height: rows, width: columns, cell };
}

/** @param {number} channels @param {number} height @param {number} width @param {{width: number, height: number}} room */
function tileCell(channels, height, width, room) {
  const side = Math.max(height, width);
  const least = Math.ceil(TILE.least / side);
  for (let cell = Math.floor(TILE.most / side); cell > least; cell -= 1) {
    const across = Math.max(1, Math.floor((room.width + SPACE.across) / (width * cell + SPACE.across)));
    if (Math.ceil(channels / across) * (height * cell + SPACE.down) <= room.height) return cell;
  }
  return least;
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
