/**
 * One stage as a board: where its units lie, and which unit lies at a place. Pure geometry.
 *
 * A board is a grid of tiles (feature maps), a tile a grid of square cells (units). A dense stage has tiles of one cell.
 * On the board u runs right and v runs down, the board's middle is (0, 0). In 3D boards lie flat: (x + u, level, v).
 * Flat, they stand: (x + u, level − v, 0). A colour input has one more tile on its left, as large as the board is deep:
 * the picture, whose number is PICTURE.
 *
 * @typedef {import('../types.js').Unit} Unit
 * @typedef {'3d'|'flat'} Projection
 * @typedef {[number, number, number]} Point
 *
 * @typedef {object} Board
 * @property {string} id
 * @property {[number, number, number]} shape  C, H, W.
 * @property {number} columns  Tiles in a row.
 * @property {number} rows
 * @property {number} cell     Side of a unit.
 * @property {[number, number]} pitch  From a tile to the next, right and down.
 * @property {number} width
 * @property {number} depth
 * @property {number} level    Its height.
 * @property {Projection} projection
 * @property {number} [x]        Its middle, to the right of the origin.
 * @property {number} [column]   The column it stands in, of a network that is laid out in several.
 * @property {number} [picture]  Side of a pixel of the picture of a colour input.
 * @property {number} [indent]   How far from the left edge the tiles begin.
 *
 * @typedef {{projection: Projection, boards: Map<string, Board>, min: Point, max: Point, columns?: number}} Layout
 */

/** The number of the tile that shows an input in colour. */
export const PICTURE = -1;

/** The smallest box round all boards. @param {Board[]} boards @returns {{min: Point, max: Point}} */
export function extent(boards) {
  /** @type {Point} */
  const min = [Infinity, Infinity, Infinity];
  /** @type {Point} */
  const max = [-Infinity, -Infinity, -Infinity];
  for (const board of boards) {
    for (const corner of corners(board)) {
      for (const axis of [0, 1, 2]) {
        min[axis] = Math.min(min[axis], corner[axis]);
        max[axis] = Math.max(max[axis], corner[axis]);
      }
    }
  }
  return { min, max };
}

/** The four corners of a board, clockwise from the one before channel 0's first unit. @param {Board} board @returns {Point[]} */
export function corners(board) {
  const [u, v] = [board.width / 2, board.depth / 2];
  return [toWorld(board, -u, -v), toWorld(board, u, -v), toWorld(board, u, v), toWorld(board, -u, v)];
}

/** A point of the board in the world. @param {Board} board @param {number} u @param {number} v @returns {Point} */
export function toWorld(board, u, v) {
  const x = (board.x ?? 0) + u;
  return board.projection === 'flat' ? [x, board.level - v, 0] : [x, board.level, v];
}

/** The board's (u, v) of a point of the world. @param {Board} board @param {Point} point @returns {[number, number]} */
export function toBoard(board, [x, y, z]) {
  const u = x - (board.x ?? 0);
  return board.projection === 'flat' ? [u, board.level - y] : [u, z];
}

/** The first corner of a channel's tile, or of the picture. @param {Board} board @param {number} channel @returns {[number, number]} */
export function tileCorner(board, channel) {
  if (channel === PICTURE) return [-board.width / 2, -board.depth / 2];
  const u = (channel % board.columns) * board.pitch[0] + (board.indent ?? 0) - board.width / 2;
  return [u, Math.floor(channel / board.columns) * board.pitch[1] - board.depth / 2];
}

/** Side of a cell of a channel's tile, or of a pixel of the picture. @param {Board} board @param {number} channel */
export function cellOf(board, channel) {
  return channel === PICTURE ? board.picture ?? board.cell : board.cell;
}

/** The middle of a unit's cell. @param {Board} board @param {Unit} unit @returns {Point} */
export function placeOf(board, { channel, y, x }) {
  const [u, v] = tileCorner(board, channel);
  return toWorld(board, u + (x + 0.5) * board.cell, v + (y + 0.5) * board.cell);
}

/** The unit at a point of the board; null beside the tiles. On the picture it is the pixel's first channel. @param {Board} board @param {number} u @param {number} v @returns {Unit|null} */
export function unitAtPoint(board, u, v) {
  const [channels, height, width] = board.shape;
  const [right, down] = [u + board.width / 2 - (board.indent ?? 0), v + board.depth / 2];
  if (board.picture && right < 0) return pixelAt(board, right + (board.indent ?? 0), down);
  const [column, row] = [Math.floor(right / board.pitch[0]), Math.floor(down / board.pitch[1])];
  const channel = row * board.columns + column;
  if (column < 0 || row < 0 || column >= board.columns || channel >= channels) return null;
  const x = Math.floor((right - column * board.pitch[0]) / board.cell);
  const y = Math.floor((down - row * board.pitch[1]) / board.cell);
  return x < width && y < height ? { stage: board.id, channel, y, x } : null;
}

/** @param {Board} board @param {number} right @param {number} down @returns {Unit|null} */
function pixelAt({ id, shape, picture = 1 }, right, down) {
  const [x, y] = [Math.floor(right / picture), Math.floor(down / picture)];
  return x >= 0 && y >= 0 && x < shape[2] && y < shape[1] ? { stage: id, channel: 0, y, x } : null;
}

/** The board's tile grid as units see it: the neighbour of a unit, or the unit itself at the edge. @param {Board} board @param {Unit} unit @param {number} dx @param {number} dy @returns {Unit} */
export function neighbour(board, unit, dx, dy) {
  const [channels, height, width] = board.shape;
  if (height * width > 1) {
    const clamp = (/** @type {number} */ value, /** @type {number} */ size) => Math.min(size - 1, Math.max(0, value));
    return { ...unit, y: clamp(unit.y + dy, height), x: clamp(unit.x + dx, width) };
  }
  const channel = unit.channel + dx + dy * board.columns;
  return channel >= 0 && channel < channels ? { ...unit, channel } : unit;
}
