/**
 * Two trainings beside each other: in what their requests differ, and what came of them.
 *
 * @typedef {import('./types.js').Training} Training
 * @typedef {{path: string, values: [unknown, unknown]}} Difference  path: "optimizer.learning_rate".
 * @typedef {'largest'|'smallest'|null} Better
 * @typedef {{key: string, values: [number|null, number|null], better: Better}} Result
 */

/** What says nothing of how a network learns. */
const PLAIN = ['title', 'paused', 'speed'];
/** Results, and which of two numbers is the better one. */
const RESULTS = /** @type {[string, Better][]} */ ([
  ['test_accuracy', 'largest'], ['best_test_accuracy', 'largest'], ['accuracy', 'largest'], ['gap', 'smallest'], ['test_loss', 'smallest'], ['loss', 'smallest'],
  ['parameters', null], ['step', null], ['images_per_second', 'largest'], ['seconds', 'smallest'],
]);

/** The leaves of a request by their paths; a list is one leaf. @param {unknown} value @param {string} [path] @returns {[string, unknown][]} */
function leaves(value, path = '') {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || path === 'design') return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}

/** Settings of what is not there: a schedule's warm-up where there is none. @param {string} path @param {Map<string, unknown>} leaf */
function isIdle(path, leaf) {
  const used = /** @type {Record<string, string[]>} */ ({
    'schedule.warmup': ['one_cycle'], 'schedule.factor': ['step'], 'schedule.epochs': ['step'], 'schedule.lowest': ['range'], 'schedule.highest': ['range'],
  })[path];
  if (used) return !used.includes(String(leaf.get('schedule.name')));
  const optimizers = /** @type {Record<string, string[]>} */ ({ 'optimizer.momentum': ['momentum', 'nesterov', 'rmsprop'], 'optimizer.betas': ['adam', 'adamw'] })[path];
  return optimizers ? !optimizers.includes(String(leaf.get('optimizer.name'))) : false;
}

/** Is a value the same as another, where null and absent say the same? @param {unknown} a @param {unknown} b */
function same(a, b) {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** In what two requests differ, in their order. @param {Record<string, any>} first @param {Record<string, any>} second @returns {Difference[]} */
export function differences(first, second) {
  const [a, b] = [new Map(leaves(first)), new Map(leaves(second))];
  const paths = [...new Set([...a.keys(), ...b.keys()])].filter((path) => !PLAIN.includes(path) && !(isIdle(path, a) && isIdle(path, b)));
  return paths.filter((path) => !same(a.get(path), b.get(path))).map((path) => ({ path, values: [a.get(path) ?? null, b.get(path) ?? null] }));
}

/** A design in one line: "conv 6 5×5 · relu · max 2 · dense 10". @param {{layers: Record<string, any>[]}} design */
export function designText({ layers }) {
  return layers.map(layerText).join(' · ') || '–';
}

/** @param {Record<string, any>} layer */
function layerText(layer) {
  switch (layer.type) {
    case 'conv': return `conv ${layer.channels} ${layer.kernel ?? 3}×${layer.kernel ?? 3}`;
    case 'pool': return `${layer.kind ?? 'max'} ${layer.kernel ?? 2}`;
    case 'activation': return String(layer.name ?? 'relu');
    case 'dense': return `dense ${layer.units}`;
    case 'dropout': return `dropout ${layer.probability ?? 0.5}`;
    case 'residual': return `residual ${layer.channels}`;
    default: return String(layer.type).replaceAll('_', ' ');
  }
}

/** How much better a network knows its training pictures. @param {Training} training */
function gap({ accuracy, test_accuracy: test }) {
  return accuracy === null || accuracy === undefined || test === null || test === undefined ? null : accuracy - test;
}

/** What came of two trainings; what neither knows is left out. @param {Training} first @param {Training} second @returns {Result[]} */
export function results(first, second) {
  const read = (/** @type {Training} */ training, /** @type {string} */ key) =>
    (key === 'gap' ? gap(training) : /** @type {number|null|undefined} */ (/** @type {any} */ (training)[key]) ?? null);
  return RESULTS.map(([key, better]) => ({ key, better, values: /** @type {[number|null, number|null]} */ ([read(first, key), read(second, key)]) }))
    .filter(({ values }) => values.some((value) => value !== null));
}

/** Which of the two is the better one: 0, 1 or neither (−1). @param {Result} result */
export function winner({ values: [a, b], better }) {
  if (better === null || a === null || b === null || a === b) return -1;
  return (a > b) === (better === 'largest') ? 0 : 1;
}
