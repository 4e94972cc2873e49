/**
 * A list of layers that is put together by hand.
 *
 * @typedef {import('./types.js').Design} Design
 * @typedef {import('./types.js').DesignLayer} DesignLayer
 *
 * @typedef {{key: string, kind: 'number', least: number, most: number, step?: number, optional?: boolean}} NumberField  optional: empty is null.
 * @typedef {{key: string, kind: 'choice', values: readonly string[]}} ChoiceField
 * @typedef {{key: string, kind: 'switch'}} SwitchField
 * @typedef {{key: 'padding', kind: 'padding'}} PaddingField  A number, or 'same'.
 * @typedef {NumberField|ChoiceField|SwitchField|PaddingField} Field
 */

const ACTIVATIONS = /** @type {const} */ (['relu', 'leaky_relu', 'elu', 'gelu', 'silu', 'sigmoid', 'tanh', 'scaled_tanh', 'step', 'linear']);

/** A new layer of each type, as it is added. @type {Readonly<Record<string, DesignLayer>>} */
export const NEW_LAYERS = Object.freeze({
  conv: { type: 'conv', channels: 16, kernel: 3, stride: 1, padding: 'same', bias: true },
  activation: { type: 'activation', name: 'relu' },
  pool: { type: 'pool', kind: 'max', kernel: 2, stride: null, padding: 0 },
  batch_norm: { type: 'batch_norm' },
  dropout: { type: 'dropout', probability: 0.5, maps: false },
  dense: { type: 'dense', units: 64, bias: true },
  global_pool: { type: 'global_pool' },
  residual: { type: 'residual', channels: 32, stride: 1 },
  response_norm: { type: 'response_norm', size: 5, alpha: 1e-4, beta: 0.75, k: 2 },
});

/** What of a layer can be chosen. @type {Readonly<Record<string, readonly Field[]>>} */
export const FIELDS = Object.freeze({
  conv: [number('channels', 1, 4096), number('kernel', 1, 15), number('stride', 1, 8), { key: 'padding', kind: 'padding' }, { key: 'bias', kind: 'switch' }],
  activation: [{ key: 'name', kind: 'choice', values: ACTIVATIONS }],
  pool: [{ key: 'kind', kind: 'choice', values: ['max', 'average', 'min'] }, number('kernel', 1, 15), { ...number('stride', 1, 8), optional: true }, number('padding', 0, 7)],
  batch_norm: [],
  dropout: [number('probability', 0, 0.95, 0.05), { key: 'maps', kind: 'switch' }],
  dense: [number('units', 1, 4096), { key: 'bias', kind: 'switch' }],
  global_pool: [],
  residual: [number('channels', 1, 4096), number('stride', 1, 8)],
  response_norm: [number('size', 1, 64), number('alpha', 1e-6, 10, 1e-5), number('beta', 0.01, 10, 0.05), number('k', 0.1, 10, 0.1)],
});

/** @param {string} key @param {number} least @param {number} most @param {number} [step] @returns {NumberField} */
function number(key, least, most, step = 1) {
  return { key, kind: 'number', least, most, step };
}

/** @param {Design} design @param {DesignLayer[]} layers @returns {Design} */
const withLayers = (design, layers) => ({ ...design, layers });

/** @param {Design} design @param {number} index  Where it goes. @param {string} type */
export function added(design, index, type) {
  return withLayers(design, [...design.layers.slice(0, index), { ...NEW_LAYERS[type] }, ...design.layers.slice(index)]);
}

/** @param {Design} design @param {number} index */
export function removed(design, index) {
  return withLayers(design, design.layers.filter((_, i) => i !== index));
}

/** One place up or down; nothing happens at the ends. @param {Design} design @param {number} index @param {-1|1} by */
export function moved(design, index, by) {
  const to = index + by;
  if (to < 0 || to >= design.layers.length) return design;
  const layers = [...design.layers];
  [layers[index], layers[to]] = [layers[to], layers[index]];
  return withLayers(design, layers);
}

/** @param {Design} design @param {number} index @param {Record<string, unknown>} patch */
export function changed(design, index, patch) {
  return withLayers(design, design.layers.map((layer, i) => (i === index ? { ...layer, ...patch } : layer)));
}

/** What was typed, as the field's value; undefined where it is none. @param {NumberField|PaddingField} field @param {string} text @returns {number|'same'|null|undefined} */
export function fieldValue(field, text) {
  const words = text.trim().toLowerCase();
  if (field.kind === 'padding') {
    if (words === 'same' || words === '') return 'same';
    return /^\d+$/.test(words) ? Math.min(7, Number(words)) : undefined;
  }
  if (words === '') return field.optional ? null : undefined;
  const value = Number(words.replace(',', '.'));
  if (!Number.isFinite(value)) return undefined;
  const whole = (field.step ?? 1) === 1 ? Math.round(value) : value;
  return Math.max(field.least, Math.min(field.most, whole));
}
