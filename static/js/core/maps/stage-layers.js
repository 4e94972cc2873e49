/**
 * The layers of a stage that a reader may look at: what differs from what comes before, by short names.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Stage} Stage
 */

/** What people call a type of layer. @type {[RegExp, string][]} */
const NAMES = [
  [/^(Same|Sparse)?Conv/, 'conv'], [/^BatchNorm/, 'norm'], [/^LocalResponseNorm|^LRN/, 'LRN'], [/^Linear/, 'dense'], [/^Input/, 'input'],
  [/^MaxPool/, 'max pool'], [/^MinPool/, 'min pool'], [/^BinaryStep/, 'step'], [/Avg(Pool)?/, 'mean pool'],
];

/** Layers that hand values on as they are (dropout only while training). */
const SAME = /^(Dropout|Flatten|Identity)/;

/** @param {string} type */
export function typeName(type) {
  return NAMES.find(([pattern]) => pattern.test(type))?.[1] ?? type;
}

/**
 * The stage's layers in their order; by id where two are of one type.
 * @param {Model} model @param {Stage} stage
 * @returns {{id: string, title: string}[]}
 */
export function layerTitles(model, stage) {
  const layers = stage.layers.flatMap((id) => model.layers.find((layer) => layer.id === id) ?? [])
    .filter(({ id, type }) => id === stage.output || !SAME.test(type));
  const names = layers.map(({ type }) => typeName(type));
  return layers.map(({ id }, i) => ({ id, title: names.indexOf(names[i]) === names.lastIndexOf(names[i]) ? names[i] : id }));
}

/**
 * The stage of another network that one would compare with a stage: of the same name, else of maps as large at about the
 * same depth, else at the same depth.
 * @param {Model} other @param {Model} model @param {Stage} stage @returns {Stage}
 */
export function matchingStage(other, model, stage) {
  const depth = (/** @type {Model} */ { stages }, /** @type {Stage} */ one) => stages.indexOf(one) / Math.max(1, stages.length - 1);
  const own = depth(model, stage);
  const named = other.stages.find(({ id, name }) => (stage.name ? name === stage.name : id === stage.id));
  if (named) return named;
  const alike = other.stages.filter((one) => one.shape.slice(1).join() === stage.shape.slice(1).join());
  return (alike.length ? alike : other.stages).reduce((best, one) => (Math.abs(depth(other, one) - own) < Math.abs(depth(other, best) - own) ? one : best));
}
