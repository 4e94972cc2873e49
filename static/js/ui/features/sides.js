/**
 * What the view shows: one layer of one pass, or two that are compared.
 *
 * @typedef {object} FeatureSide
 * @property {import('../../core/types.js').Model} model
 * @property {import('../../core/types.js').Stage} stage
 * @property {import('../../core/types.js').Layer} layer
 * @property {import('../../core/types.js').Tensor} tensor
 * @property {import('../../core/maps/stats.js').MapStats} stats
 * @property {boolean} exact   Not half precision.
 * @property {boolean} fresh   Of the present input.
 * @property {HTMLCanvasElement|null} seen  What the network sees; null while it is on its way.
 * @property {string} title    Network and picture.
 */
import { nameOf } from '../../core/networks/graph.js';
import { typeName } from '../../core/maps/stage-layers.js';
import { isSpatial } from '../../core/unit/text.js';

/** "conv1_1", or "conv1_1 conv" where it is not the stage's output. @param {Pick<FeatureSide, 'stage'|'layer'>} side */
export function layerLabel({ stage, layer }) {
  const name = nameOf(stage);
  return layer.id === stage.output || stage.layers.length === 1 ? name : `${name} · ${typeName(layer.type)}`;
}

/** Do two sides have maps of one size? @param {FeatureSide} a @param {FeatureSide|undefined} b */
export function sameShape(a, b) {
  return b !== undefined && a.tensor.shape.join() === b.tensor.shape.join();
}

/** Has this layer maps with more than one place? @param {FeatureSide} side */
export function hasMaps({ tensor }) {
  return isSpatial(tensor.shape);
}

/** Does a cell of this layer stand for a unit of the stage? @param {FeatureSide} side */
export function isUnitLayer({ stage, layer }) {
  return stage.shape.join() === layer.output_shape.join();
}

/** The value of one cell. @param {FeatureSide} side @param {number} map @param {{y: number, x: number}} cell */
export function valueAt({ tensor: { shape: [, rows = 1, columns = 1], data } }, map, { y, x }) {
  return data[(map * rows + y) * columns + x];
}
