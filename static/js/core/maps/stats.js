/**
 * Each feature map of a layer as numbers, and the maps in an order: sorted, searched, without those that are dead.
 *
 * @typedef {import('../types.js').Tensor} Tensor
 * @typedef {'index'|'mean'|'max'|'variance'|'zeros'} Sort
 *
 * @typedef {object} MapStats  One entry a map; values that are not finite are left out.
 * @property {number} count
 * @property {number} size       Values a map.
 * @property {Float32Array} min
 * @property {Float32Array} max
 * @property {Float64Array} mean
 * @property {Float64Array} variance  Of the population.
 * @property {Float64Array} zeros     Share of exact zeros, 0…1.
 */

export const SORTS = /** @type {const} */ (['index', 'mean', 'max', 'variance', 'zeros']);

/** @type {WeakMap<Tensor, MapStats>} */
const known = new WeakMap();

/** The statistics of every map, found once a tensor. @param {Tensor} tensor @returns {MapStats} */
export function statsOf(tensor) {
  const found = known.get(tensor) ?? mapStats(tensor);
  known.set(tensor, found);
  return found;
}

/** @param {Pick<Tensor, 'shape'|'data'>} tensor @returns {MapStats} */
export function mapStats({ shape, data }) {
  const count = shape[0];
  const size = count > 0 ? data.length / count : 0;
  const stats = {
    count, size, min: new Float32Array(count), max: new Float32Array(count),
    mean: new Float64Array(count), variance: new Float64Array(count), zeros: new Float64Array(count),
  };
  for (let map = 0; map < count; map++) measure(stats, map, data.subarray(map * size, (map + 1) * size));
  return stats;
}

/** @param {MapStats} stats @param {number} map @param {Float32Array} values */
function measure(stats, map, values) {
  let [min, max, sum, squares, zeros, count] = [Infinity, -Infinity, 0, 0, 0, 0];
  // Deviations from the first value: its squares stay small, so that the variance of a constant map is exactly 0.
  const middle = Number.isFinite(values[0]) ? values[0] : 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!(value - value === 0)) continue; // infinite or not a number
    if (value < min) min = value;
    if (value > max) max = value;
    if (value === 0) zeros++;
    const off = value - middle;
    sum += off;
    squares += off * off;
    count++;
  }
  if (count === 0) return;
  stats.min[map] = min;
  stats.max[map] = max;
  stats.mean[map] = middle + sum / count;
  stats.variance[map] = Math.max(0, squares / count - (sum / count) ** 2);
  stats.zeros[map] = zeros / count;
}

/**
 * Does this map say nothing of this input? 'zeros' where it is 0 everywhere, 'constant' where it is the same everywhere.
 * @param {MapStats} stats @param {number} map @returns {'zeros'|'constant'|null}
 */
export function deadness({ min, max, size }, map) {
  if (size < 2 || min[map] !== max[map]) return null;
  return min[map] === 0 ? 'zeros' : 'constant';
}

/** How many maps are dead for this input. @param {MapStats} stats */
export function countDead(stats) {
  let dead = 0;
  for (let map = 0; map < stats.count; map++) if (deadness(stats, map)) dead++;
  return dead;
}

/**
 * Maps named in a search: `17`, `3-9`, `5, 8`, `500-`, `-7`. Null where nothing was typed: all of them.
 * @param {string} text @param {number} count
 * @returns {{indices: Set<number>|null, readable: boolean}}
 */
export function parseIndices(text, count) {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  if (parts.length === 0) return { indices: null, readable: true };
  /** @type {Set<number>} */
  const indices = new Set();
  let readable = true;
  for (const part of parts) {
    const found = /^(\d*)([-–…]?)(\d*)$/.exec(part);
    if (!found || (found[1] === '' && found[3] === '')) { readable = false; continue; }
    const first = Number(found[1]);
    const last = found[2] === '' ? first : found[3] === '' ? count - 1 : Number(found[3]);
    for (let map = first; map <= Math.min(last, count - 1); map++) indices.add(map);
  }
  return { indices, readable };
}

/**
 * The maps to show, in their order: by index upwards, else the largest first; equal ones by index.
 * @param {MapStats} stats @param {{sort: Sort, indices: Set<number>|null, hideDead: boolean}} choice
 * @returns {number[]}
 */
export function orderMaps(stats, { sort, indices, hideDead }) {
  const maps = Array.from({ length: stats.count }, (_, map) => map)
    .filter((map) => (indices === null || indices.has(map)) && !(hideDead && deadness(stats, map)));
  if (sort === 'index') return maps;
  const by = stats[sort];
  return maps.sort((a, b) => by[b] - by[a] || a - b);
}

/**
 * The order of the maps on one side or two (null: there is no second), with what the search came to. Sides with as many
 * maps share the order of the first, so that the same map stands in the same place.
 * @param {MapStats} first @param {MapStats|null} second @param {Sort} sort @param {string} search @param {boolean} hideDead
 * @returns {{orders: number[][], readable: boolean, dead: number}}
 */
export function arrange(first, second, sort, search, hideDead) {
  const { indices, readable } = parseIndices(search, first.count);
  const order = orderMaps(first, { sort, indices, hideDead });
  const other = second && second.count !== first.count ? orderMaps(second, { sort, indices: parseIndices(search, second.count).indices, hideDead }) : order;
  return { orders: [order, other], readable, dead: countDead(first) };
}
