/** Where tiles of one size stand in a grid, which of them are in sight, and where the keys lead. */

/**
 * @typedef {object} GridPlan  In CSS pixels.
 * @property {number} count
 * @property {number} columns
 * @property {number} rows
 * @property {number} width    Of a picture.
 * @property {number} height
 * @property {number} across   From one tile to the next.
 * @property {number} down
 * @property {number} total    Height of the whole grid.
 */

/** Between tiles; below each stands its number. */
const GAP = 8;
const NAME = 18;
/** The sizes that a reader can choose. */
export const TILE = Object.freeze({ least: 40, most: 320, step: 8, shown: { least: 72, most: 208 } });

/**
 * Tiles at least `tile` wide that fill the width. @param {number} count @param {number} room  Width. @param {number} tile
 * @param {number} ratio  Height of a map by its width.
 * @returns {GridPlan}
 */
export function planGrid(count, room, tile, ratio) {
  const columns = Math.max(1, Math.floor((room + GAP) / (Math.min(tile, room) + GAP)));
  const rows = Math.ceil(count / columns);
  const width = rows > 1 ? Math.floor((room + GAP) / columns) - GAP : Math.min(tile, room);
  const height = Math.round(width * ratio);
  const down = height + NAME + GAP;
  return { count, columns, rows, width, height, across: width + GAP, down, total: Math.max(0, rows * down - GAP) };
}

/** The largest tiles that show all maps at once, or the smallest that are pleasant. @param {number} count @param {{width: number, height: number}} room @param {number} ratio */
export function fittingTile(count, room, ratio) {
  const { least, most } = TILE.shown;
  for (let tile = most; tile > least; tile -= TILE.step) {
    if (tile <= room.width && planGrid(count, room.width, tile, ratio).total <= room.height) return tile;
  }
  return least;
}

/** Tiles to draw: first ≤ i < last, a row more on each side. @param {GridPlan} plan @param {number} top @param {number} height */
export function inSight({ count, columns, down }, top, height) {
  const first = Math.max(0, Math.floor(top / down) - 1) * columns;
  const last = (Math.ceil((top + Math.max(height, 1)) / down) + 1) * columns;
  return { first: Math.min(first, count), last: Math.min(last, count) };
}

/** Left upper corner of a tile. @param {GridPlan} plan @param {number} at */
export function placeAt({ columns, across, down }, at) {
  return { x: (at % columns) * across, y: Math.floor(at / columns) * down };
}

/** Where a key leads from tile `at`; null for other keys. @param {GridPlan} plan @param {number} at @param {string} key @param {number} page  Rows a page. */
export function stepTo({ count, columns }, at, key, page) {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, PageDown: columns * page, PageUp: -columns * page }[key];
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (step === undefined) return null;
  const next = at + step;
  if (next >= 0 && next < count) return next;
  if (key.startsWith('Page')) return next < 0 ? at % columns : count - 1;
  return at;
}

/** How far to scroll so that a tile is in sight. @param {GridPlan} plan @param {number} at @param {number} top @param {number} height */
export function scrollFor(plan, at, top, height) {
  const { y } = placeAt(plan, at);
  if (y < top) return y;
  return y + plan.down > top + height ? y + plan.down - height : top;
}
