/**
 * How many rows of maps fit best on a board of a given size.
 *
 * @typedef {{columns: number, rows: number, cell: number, pitch: [number, number], width: number, depth: number, picture?: number, indent?: number}} Grid
 */

/** Room between maps and between dense units, as a share of a map's width. */
const GAP = { map: 0.1, dense: 0.2 };
/** So much smaller may cells be for a last row that is full. */
const FULL_ROW = 0.92;
/** A dense unit is at most so large, as a share of the board's depth. */
const LARGEST_DENSE = 0.32;
/** The planes of a colour input stand beside the picture, each so high. */
const PLANE = 0.31;

/**
 * The grid with the largest cells for maps (or dense units) on a board of at most `width` × `depth`.
 * @param {[number, number, number]} shape @param {number} width @param {number} depth @param {boolean} isDense
 * @returns {Grid}
 */
export function gridOf(shape, width, depth, isDense) {
  const [count, high, wide] = shape;
  const gap = (isDense ? GAP.dense : GAP.map) * wide;
  const largest = isDense ? LARGEST_DENSE * depth : Infinity;
  const sized = (/** @type {number} */ columns) => {
    const rows = Math.ceil(count / columns);
    const [across, down] = [columns * (wide + gap) - gap, rows * (high + gap) - gap];
    return { columns, rows, across, down, cell: Math.min(largest, width / across, depth / down) };
  };
  const { across, down, ...grid } = fullest(count, Math.sqrt((count * width * (high + gap)) / (depth * (wide + gap))), sized);
  return { ...grid, pitch: [(wide + gap) * grid.cell, (high + gap) * grid.cell], width: across * grid.cell, depth: down * grid.cell };
}

/**
 * Of the column numbers round the ideal one: the largest cells, or nearly so with a last row that is full.
 * @template {{columns: number, cell: number}} Sized
 * @param {number} count @param {number} ideal @param {(columns: number) => Sized} sized @returns {Sized}
 */
function fullest(count, ideal, sized) {
  const first = Math.max(1, Math.min(count, Math.floor(ideal * 0.8) - 2));
  const last = Math.min(count, Math.ceil(ideal * 1.25) + 3);
  const grids = Array.from({ length: last - first + 1 }, (_, i) => sized(first + i));
  const largest = Math.max(...grids.map(({ cell }) => cell));
  const full = grids.filter(({ columns, cell }) => count % columns === 0 && cell >= FULL_ROW * largest);
  return (full.length > 0 ? full : grids).reduce((best, grid) => (grid.cell > best.cell ? grid : best));
}

/** A photograph in colour with its three channels beside it. @param {[number, number, number]} shape @param {number} width @param {number} depth @returns {Grid} */
export function photoGrid([count, high, wide], width, depth) {
  const ratio = wide / high;
  const side = Math.min(depth, width / (ratio * (1.08 + PLANE)));
  const plane = PLANE * side;
  const gap = (side - count * plane) / Math.max(1, count - 1);
  const indent = side * ratio * 1.08;
  return {
    columns: 1, rows: count, cell: plane / high, pitch: [plane * ratio + gap, plane + gap], width: indent + plane * ratio, depth: side,
    picture: side / high, indent,
  };
}
