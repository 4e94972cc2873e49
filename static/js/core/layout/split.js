/** Blocks of given heights into columns. */

/** The highest column may grow by this factor for columns that end where a part of the network ends. */
const SLACK = 1.16;

/**
 * How many blocks stand in each of `count` columns, so that the highest column is as low as possible.
 * @param {number[]} heights @param {number} count @returns {number[]}
 */
export function split(heights, count) {
  let [low, high] = [Math.max(...heights), heights.reduce((sum, height) => sum + height, 0)];
  for (let round = 0; round < 30; round++) {
    const middle = (low + high) / 2;
    if (filled(heights, middle).length <= count) high = middle;
    else low = middle;
  }
  return filled(heights, high);
}

/** Fill columns up to a height, one after the other. @param {number[]} heights @param {number} limit */
function filled(heights, limit) {
  const counts = [0];
  let used = 0;
  for (const height of heights) {
    if (used + height > limit && used > 0) {
      counts.push(0);
      used = 0;
    }
    used += height;
    counts[counts.length - 1]++;
  }
  return counts;
}

/**
 * As many columns, but ending behind the blocks that `ends` marks where a little more height allows it.
 * @param {number[]} heights @param {number[]} counts  As `split` gives them. @param {boolean[]} ends
 * @returns {number[]}
 */
export function splitAtEnds(heights, counts, ends) {
  let at = 0;
  const columns = counts.map((count) => heights.slice(at, (at += count)).reduce((sum, height) => sum + height, 0));
  const limit = SLACK * Math.max(...columns);
  /** @type {Map<string, {cost: number, counts: number[]}|null>} */
  const known = new Map();
  /** The fewest columns that end elsewhere, from block `first` on in `left` columns. @param {number} first @param {number} left @returns {{cost: number, counts: number[]}|null} */
  const best = (first, left) => {
    if (first === heights.length) return left === 0 ? { cost: 0, counts: [] } : null;
    if (left === 0) return null;
    const key = `${first} ${left}`;
    if (!known.has(key)) known.set(key, bestFrom(first, left));
    return known.get(key) ?? null;
  };
  const bestFrom = (/** @type {number} */ first, /** @type {number} */ left) => {
    /** @type {{cost: number, counts: number[]}|null} */
    let found = null;
    for (let end = first + 1, used = heights[first]; end <= heights.length && used <= limit; used += heights[end++]) {
      const rest = best(end, left - 1);
      if (!rest) continue;
      // Even columns break ties: the square of what a column is too high or too low counts a little.
      const cost = rest.cost + (end === heights.length || ends[end - 1] ? 0 : 1) + 0.3 * (used / limit - 0.85) ** 2;
      if (!found || cost < found.cost) found = { cost, counts: [end - first, ...rest.counts] };
    }
    return found;
  };
  return best(0, counts.length)?.counts ?? counts;
}
