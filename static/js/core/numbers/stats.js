/** What a layer's values look like as numbers. Values that are not finite are left out. */

/**
 * Minimum, maximum, mean, standard deviation (population) and share of exact zeros; all 0 for nothing.
 * @param {Float32Array} values
 */
export function summary(values) {
  let [min, max, sum, squares, zeros, count] = [Infinity, -Infinity, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    if (value === 0) zeros++;
    sum += value;
    count++;
  }
  if (count === 0) return { min: 0, max: 0, mean: 0, std: 0, zeroFraction: 0 };
  const mean = sum / count;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) squares += (values[i] - mean) ** 2;
  return { min, max, mean, std: Math.sqrt(squares / count), zeroFraction: zeros / count };
}

/**
 * Counts of `bins` equal intervals from the smallest to the largest value; `edges` has one entry more.
 * @param {Float32Array} values @param {number} bins
 * @returns {{counts: number[], edges: number[]}}
 */
export function histogram(values, bins) {
  const { min, max } = summary(values);
  const width = (max - min) / bins || 1 / bins;
  const counts = new Array(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) counts[Math.min(bins - 1, Math.floor((values[i] - min) / width))]++;
  }
  return { counts, edges: Array.from({ length: bins + 1 }, (_, k) => min + k * width) };
}
