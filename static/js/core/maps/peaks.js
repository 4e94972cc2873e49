/** Where a feature map is strongest. */

/**
 * The map's highest local maxima (no neighbour is higher), the highest first; of a plateau its first cell. Fewer than
 * `count` where there are not so many; none where the map is the same everywhere.
 * @param {Float32Array} map  height × width values. @param {number} height @param {number} width @param {number} count
 * @returns {{y: number, x: number, value: number}[]}
 */
export function peaks(map, height, width, count) {
  const lowest = map.reduce((least, value) => Math.min(least, value), Infinity);
  const found = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = map[y * width + x];
      if (value > lowest && isPeak(map, height, width, y, x)) found.push({ y, x, value });
    }
  }
  return found.sort((a, b) => b.value - a.value).slice(0, count);
}

/** @param {Float32Array} map @param {number} height @param {number} width @param {number} y @param {number} x */
function isPeak(map, height, width, y, x) {
  const value = map[y * width + x];
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
      const other = map[row * width + column];
      const isBefore = row < y || (row === y && column < x);
      if (other > value || (isBefore && other === value)) return false;
    }
  }
  return true;
}
