/**
 * Where a quantity over a square grid is zero, as straight pieces: marching squares (Lorensen and Cline 1987, in the plane).
 *
 * @typedef {[number, number, number, number]} Piece  x1, y1, x2, y2 in shares of the square, from its top left corner.
 */

/**
 * @param {ArrayLike<number>} values  size × size, row by row.
 * @param {number} size
 * @returns {Piece[]}
 */
export function zeroLine(values, size) {
  /** @type {Piece[]} */
  const pieces = [];
  for (let row = 0; row < size - 1; row++) {
    for (let column = 0; column < size - 1; column++) pieces.push(...cell(values, size, row, column));
  }
  return pieces;
}

/** @param {ArrayLike<number>} values @param {number} size @param {number} row @param {number} column @returns {Piece[]} */
function cell(values, size, row, column) {
  const corners = [[row, column], [row, column + 1], [row + 1, column + 1], [row + 1, column]];
  const at = corners.map(([y, x]) => values[y * size + x]);
  /** @type {[number, number][]} */
  const crossings = [];
  corners.forEach(([y, x], i) => {
    const [next, a, b] = [corners[(i + 1) % 4], at[i], at[(i + 1) % 4]];
    if (a > 0 === b > 0 || !Number.isFinite(a) || !Number.isFinite(b)) return;
    const share = a / (a - b);
    crossings.push([(x + share * (next[1] - x)) / (size - 1), (y + share * (next[0] - y)) / (size - 1)]);
  });
  return pairs(crossings);
}

/** Two crossings make one piece, four make two. @param {[number, number][]} crossings @returns {Piece[]} */
function pairs(crossings) {
  return crossings.flatMap(([x, y], i) => (i % 2 === 0 && crossings[i + 1] ? [/** @type {Piece} */ ([x, y, ...crossings[i + 1]])] : []));
}

/** The pieces as the path of an SVG of that width. @param {readonly Piece[]} pieces @param {number} width */
export function pathOf(pieces, width) {
  const at = (/** @type {number} */ value) => (value * width).toFixed(1);
  return pieces.map(([x1, y1, x2, y2]) => `M${at(x1)} ${at(y1)}L${at(x2)} ${at(y2)}`).join('');
}
