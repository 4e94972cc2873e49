/**
 * The filters of a network's first layer: of small networks from the kernels that the page has, of large ones from the server.
 *
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Stage} Stage
 * @typedef {import('./kernels.js').Filters} Filters
 * @typedef {{filters: Filters, layer: string, weightsOf: (channel: number) => Float32Array|null}} FirstFilters
 */
import { describeFilters, filterStages } from './kernels.js';
import { nodeOf } from '../networks/graph.js';

/** The first stage with filters. @param {Model} model @returns {Stage|undefined} */
export function firstStage(model) {
  return filterStages(model)[0];
}

/** The form of the first filters; their numbers are not known here. @param {Model} model @returns {Filters|null} */
export function describeFirst(model) {
  const stage = firstStage(model);
  if (!stage) return null;
  const { layer, sources } = nodeOf(model, stage.id);
  const [source] = sources;
  const inputs = source.shape[0] / (layer.groups ?? 1);
  const shape = layer.kernel_size ? [stage.shape[0], inputs, ...layer.kernel_size] : [stage.shape[0], source.stage.units];
  return describeFilters(model, stage, { model: model.id, layer: stage.id, shape, source: source.stage.id, filters: [] });
}

/** The first filters by the kernels of a small network; null where the page has none. @param {Pick<State, 'model'|'kernels'>} state @returns {FirstFilters|null} */
export function firstFilters({ model, kernels }) {
  const filters = model && describeFirst(model);
  if (!model || !filters || !kernels) return null;
  const layer = nodeOf(model, filters.stage.id).layer.id;
  const tensor = kernels.get(layer);
  if (!tensor) return null;
  const size = tensor.data.length / filters.count;
  return { filters, layer, weightsOf: (channel) => tensor.data.subarray(channel * size, (channel + 1) * size) };
}

/** The largest absolute weight of filters. @param {Iterable<Float32Array|null>} all */
export function largest(all) {
  let most = 0;
  for (const weights of all) for (const weight of weights ?? []) if (Math.abs(weight) > most) most = Math.abs(weight);
  return most || 1;
}
