/**
 * The units of a stage that stand out.
 *
 * @typedef {import('../types.js').Stage} Stage
 * @typedef {import('../types.js').Tensor} Tensor
 * @typedef {import('../types.js').Unit} Unit
 */

/**
 * The `count` units with the largest |value|, the largest first; ties in the order of the data.
 * @param {Stage} stage @param {Tensor} tensor @param {number} count
 * @returns {{unit: Unit, value: number}[]}
 */
export function strongestUnits(stage, { data }, count) {
  const [, height = 1, width = 1] = stage.shape;
  const order = Array.from(data, (_, i) => i).sort((a, b) => Math.abs(data[b]) - Math.abs(data[a]) || a - b);
  return order.slice(0, count).map((i) => {
    const row = Math.floor(i / width);
    return { unit: { stage: stage.id, channel: Math.floor(row / height), y: row % height, x: i % width }, value: data[i] };
  });
}
