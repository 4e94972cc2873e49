/**
 * The confusion matrix as it is shown: shares, colours' strengths, the cells that stand out, the walk by keys.
 *
 * @typedef {import('./learning-types.js').Confusion} Confusion
 * @typedef {{truth: number|null, predicted: number|null}} Cell  Null: the whole row, or the whole column.
 */

/** Sums of the rows: how many pictures each class has. @param {number[][]} matrix */
export function rowSums(matrix) {
  return matrix.map((row) => row.reduce((sum, count) => sum + count, 0));
}

/** Each count as a share of its row; 0 of an empty one. @param {number[][]} matrix */
export function rowShares(matrix) {
  const sums = rowSums(matrix);
  return matrix.map((row, i) => row.map((count) => (sums[i] ? count / sums[i] : 0)));
}

/**
 * How strongly each cell is coloured, 0…1: the diagonal by its share of the row; mistakes by the square root of their
 * share of the largest one, so that few are seen, too.
 * @param {number[][]} matrix
 */
export function strengths(matrix) {
  const shares = rowShares(matrix);
  const most = Math.max(0, ...shares.flatMap((row, i) => row.filter((_, j) => j !== i)));
  return shares.map((row, i) => row.map((share, j) => (i === j ? share : most > 0 ? Math.sqrt(share / most) : 0)));
}

/** The pairs that are mistaken most, most often first. @param {number[][]} matrix @param {number} count @returns {{truth: number, predicted: number, count: number}[]} */
export function commonMistakes(matrix, count) {
  const cells = matrix.flatMap((row, truth) => row.map((number, predicted) => ({ truth, predicted, count: number })));
  return cells.filter((cell) => cell.truth !== cell.predicted && cell.count > 0).sort((a, b) => b.count - a.count).slice(0, count);
}

/** How many pictures of a cell, a row or a column. @param {number[][]} matrix @param {Cell} cell */
export function countOf(matrix, { truth, predicted }) {
  const rows = truth === null ? matrix : [matrix[truth]];
  return rows.reduce((sum, row) => sum + (predicted === null ? row.reduce((all, count) => all + count, 0) : row[predicted]), 0);
}

/** All, and those that are wrong. @param {number[][]} matrix */
export function totals(matrix) {
  const all = rowSums(matrix).reduce((sum, count) => sum + count, 0);
  return { all, wrong: all - matrix.reduce((sum, row, i) => sum + row[i], 0) };
}

/**
 * Where a key leads in a grid of rows and columns, headings included (row 0, column 0); null: the key leads nowhere.
 * @param {string} key @param {[number, number]} at @param {number} size  Rows and columns with headings.
 * @returns {[number, number]|null}
 */
export function walk(key, [row, column], size) {
  const end = size - 1;
  const to = /** @type {Record<string, [number, number]>} */ ({
    ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
    Home: [row, 0], End: [row, end], PageUp: [0, column], PageDown: [end, column],
  })[key];
  if (!to) return null;
  const inside = to.map((value) => Math.max(0, Math.min(end, value)));
  return inside[0] === 0 && inside[1] === 0 ? [row, column] : [inside[0], inside[1]]; // the corner holds nothing
}

/** A matrix to wait with: nothing counted yet. @param {string[]} classes @param {import('./learning-types.js').Split} split @returns {Confusion} */
export function unanswered(classes, split) {
  const none = classes.map(() => null);
  return { step: 0, split, classes, matrix: classes.map(() => classes.map(() => 0)), accuracy: 0, loss: null, precision: none, recall: none, f1: none };
}
