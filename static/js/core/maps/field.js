/**
 * How a layer's maps lie over the picture that the network sees.
 *
 * @typedef {import('../types.js').Layer} Layer
 * @typedef {import('../types.js').Model} Model
 */

/**
 * The rectangle that a map covers: every cell in the middle of what it sees, as large as the step to the next.
 * Of maps without padding it is smaller than the picture.
 * @param {Model} model @param {Layer} layer
 * @returns {{top: number, left: number, height: number, width: number}}  Shares of the picture.
 */
export function mapArea({ input: { shape } }, { output_shape: [, rows = 1, columns = 1], receptive_field: { jump, start } }) {
  const along = (/** @type {0|1} */ axis, /** @type {number} */ cells) => {
    const side = shape[axis + 1];
    if (cells < 2 || jump[axis] === 0) return { from: 0, length: 1 };
    return { from: (start[axis] + 0.5 - jump[axis] / 2) / side, length: (cells * jump[axis]) / side };
  };
  const [down, across] = [along(0, rows), along(1, columns)];
  return { top: down.from, height: down.length, left: across.from, width: across.length };
}
