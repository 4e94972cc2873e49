/**
 * What can be said of a source of weights without knowing a language.
 *
 * @typedef {import('../types.js').InputInfo} InputInfo
 * @typedef {import('../types.js').WeightsSource} WeightsSource
 * @typedef {import('../types.js').ModelSummary} ModelSummary
 * @typedef {import('../types.js').Download} Download
 */

const LEVELS = 255;
const DIGITS = 4;

/** @param {number} a @param {number} b */
const near = (a, b) => Math.abs(a - b) < 1e-4 * Math.max(1, Math.abs(b));

/** @param {number} value */
const rounded = (value) => Number(value.toPrecision(DIGITS + 2));

/**
 * The normalisation as people write it: on pixels 0…255 where the division is by a whole number (or by nothing), else on 0…1.
 * @param {Pick<InputInfo, 'mean'|'std'>} input
 * @returns {{top: 1|255, mean: number[], std: number[]}}  One number where all channels have the same.
 */
export function normalisation({ mean, std }) {
  const wide = std.every((value) => near(value * LEVELS, Math.round(value * LEVELS)));
  const scale = wide ? LEVELS : 1;
  const list = (/** @type {number[]} */ values) => {
    const scaled = values.map((value) => rounded(value * scale));
    return scaled.every((value) => value === scaled[0]) ? scaled.slice(0, 1) : scaled;
  };
  return { top: wide ? 255 : 1, mean: list(mean), std: list(std) };
}

/** What a network's row says of its weights: ready, downloading, how much there is to fetch, or that there is nothing to be had. @param {ModelSummary} model */
export function weightsState({ weights }) {
  if (weights.status === 'ready') return { status: /** @type {const} */ ('ready'), size: null };
  if (weights.status === 'downloading') return { status: /** @type {const} */ ('downloading'), size: null };
  const source = weights.sources.find(({ status }) => status === 'downloadable');
  return source ? { status: /** @type {const} */ ('downloadable'), size: source.download_bytes } : { status: /** @type {const} */ ('missing'), size: null };
}

/** The accuracy that says most, and the name of its test set; null where none was measured. @param {Record<string, number>} shares */
export function mainAccuracy(shares) {
  const test = ['mnist_test', 'cifar10_test', 'test'].find((name) => name in shares) ?? Object.keys(shares)[0];
  return test === undefined ? null : { test, share: shares[test] };
}

/** How much of a download is here, 0…1; null while nobody knows. @param {Download} download */
export function shareDone({ job }) {
  const { done = 0, total = null } = job?.progress ?? {};
  return total ? Math.min(1, done / total) : null;
}

/**
 * What a source says of itself, in the reader's language: of this network's source, of all of its kind, or in the server's own words.
 * @param {import('../types.js').Translate} t
 * @param {string} model
 * @param {import('../types.js').WeightsSource} source
 * @param {'title'|'licence'|'note'} field
 * @returns {string|null}
 */
export function sourceWords(t, model, source, field) {
  if (!source[field]) return null;
  const known = [`source.${source.id}.${model}.${field}`, `source.${source.id}.${field}`].find((key) => t(key) !== key);
  return known ? t(known) : source[field];
}
