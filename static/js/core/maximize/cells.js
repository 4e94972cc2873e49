/** A batch of pictures as the server sends it while it computes: one grid, row by row, without gaps. */

/** Columns of the grid of `count` pictures. @param {number} count */
export function gridColumns(count) {
  return Math.max(1, Math.ceil(Math.sqrt(count)));
}

/**
 * Where picture `index` of `count` stands in a grid of `width` pixels.
 * @param {number} index @param {number} count @param {number} width
 * @returns {{x: number, y: number, side: number}}
 */
export function cellOf(index, count, width) {
  const columns = gridColumns(count);
  const side = Math.floor(width / columns);
  return { x: (index % columns) * side, y: Math.floor(index / columns) * side, side };
}

/**
 * A square picture of grey pixels (RGBA, white ink on black) as a drawing of 28 × 28 bytes: its middle, where it is larger.
 * @param {Uint8ClampedArray} rgba @param {number} side
 */
export function drawingOf(rgba, side) {
  const margin = Math.floor((side - 28) / 2);
  return Uint8Array.from({ length: 784 }, (_, i) => {
    const [y, x] = [Math.floor(i / 28) + margin, (i % 28) + margin];
    return y >= 0 && x >= 0 && y < side && x < side ? rgba[4 * (y * side + x)] : 0;
  });
}
