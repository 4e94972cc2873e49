/** Work that is done again only for other inputs. */

/**
 * Keeps the last result of `make` for as long as all its inputs are the same.
 * @template {unknown[]} I @template R
 * @param {(...inputs: I) => R} make
 * @returns {(...inputs: I) => R}
 */
export function lastOf(make) {
  /** @type {{inputs: I, result: R}|null} */
  let last = null;
  return (...inputs) => {
    if (!last || inputs.some((input, i) => input !== last?.inputs[i])) last = { inputs, result: make(...inputs) };
    return last.result;
  };
}
