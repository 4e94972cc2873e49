/**
 * The address of a unit's page, `/models/{model}/layers/{layer}/units/{channel}`, and the unit that it names.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').ModelSummary} ModelSummary
 * @typedef {import('../types.js').Stage} Stage
 * @typedef {import('../types.js').Layer} Layer
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Unit} Unit
 * @typedef {import('../types.js').Tensor} Tensor
 * @typedef {{model: string, layer: string, channel: number}} UnitAddress  channel: −1 where the address names none.
 *
 * @typedef {object} Subject  The unit of the page.
 * @property {Model} model
 * @property {Stage} stage
 * @property {Layer} layer
 * @property {number} channel
 * @property {[number, number, number]} shape  Of the layer's values: C, H, W; dense: C, 1, 1.
 * @property {string|null} label               The class, for an output.
 */
import { outputStage, stageOf } from './arithmetic.js';
import { nameOf, shape3 } from '../networks/graph.js';
import { channelOf } from '../maps/channel.js';
import { typeName } from '../maps/stage-layers.js';

const PATH = /^\/models\/([^/]+)\/layers\/([^/]+)\/units\/([^/]+)\/?$/;

/** @param {string} path @returns {UnitAddress|null} */
export function unitFromPath(path) {
  const found = PATH.exec(path);
  if (!found) return null;
  try {
    const [model, layer, channel] = found.slice(1).map(decodeURIComponent);
    return { model, layer, channel: /^\d{1,7}$/.test(channel) ? Number(channel) : -1 };
  } catch {
    return null; // a stray per cent sign
  }
}

/** @param {UnitAddress} address */
export function unitPath({ model, layer, channel }) {
  return `/models/${encodeURIComponent(model)}/layers/${encodeURIComponent(layer)}/units/${channel}`;
}

/** A link to the page, with the source of the weights where one was chosen. @param {UnitAddress} address @param {string|null} weights */
export function unitHref(address, weights) {
  return unitPath(address) + (weights === null ? '' : `#w=${encodeURIComponent(weights)}`);
}

/** The address of a unit that other views speak of. @param {Model} model @param {{stage: string, channel: number}} unit @returns {UnitAddress|null}  Null for a pixel. */
export function addressOf(model, { stage: id, channel }) {
  const stage = stageOf(model, id);
  return stage && stage.inputs.length > 0 ? { model: model.id, layer: stage.output, channel } : null;
}

/** The layers whose channels have a page: all but the picture. @param {Model} model */
export function unitLayers(model) {
  return model.layers.filter(({ role }) => role !== 'input');
}

/** @param {Model} model @param {UnitAddress} address @returns {Subject|null}  Null where there is no such unit. */
export function subjectAt(model, { model: id, layer: layerId, channel }) {
  const layer = unitLayers(model).find((each) => each.id === layerId);
  const stage = layer && stageOf(model, layer.stage);
  if (id !== model.id || !layer || !stage || !(channel >= 0 && channel < layer.output_shape[0])) return null;
  const isClass = stage === outputStage(model) && layer.output_shape.length === 1 && layer.output_shape[0] === model.classes.length;
  return { model, stage, layer, channel, shape: shape3(layer.output_shape), label: isClass ? model.classes[channel] : null };
}

/** What people call the layer: its stage, and the layer where it is not what the stage gives. @param {Pick<Subject, 'stage'|'layer'>} subject */
export function layerTitle({ stage, layer }) {
  return layer.id === stage.output ? nameOf(stage) : `${nameOf(stage)} · ${typeName(layer.type)}`;
}

/**
 * The pinned unit that goes with the page's: the present one where it is of the same map, else where the map is largest
 * on the present picture; its middle while that is not known.
 * @param {Subject} subject @param {Unit|null} pinned @param {Tensor} [tensor]  What the stage holds. @returns {Unit}
 */
export function pinnedFor({ stage, channel, shape: [channels] }, pinned, tensor) {
  const [count, height, width] = shape3(stage.shape);
  const own = channels === count ? channel : 0; // a layer of the stage with other channels than the stage shows
  if (pinned?.stage === stage.id && pinned.channel === own) return pinned;
  if (!tensor) return { stage: stage.id, channel: own, y: height >> 1, x: width >> 1 };
  const values = channelOf(tensor, own, count);
  const best = values.reduce((at, value, i) => (value > values[at] ? i : at), 0);
  return { stage: stage.id, channel: own, y: Math.floor(best / width), x: best % width };
}

/** Does the pinned unit belong to the address? @param {Model} model @param {UnitAddress} address @param {Unit} pinned */
export function isPinnedAt(model, address, pinned) {
  const subject = subjectAt(model, address);
  if (!subject) return false;
  const own = pinnedFor(subject, null);
  return own.stage === pinned.stage && own.channel === pinned.channel;
}

/**
 * Why there is no such unit, and what there is instead.
 * @param {Pick<State, 'models'|'model'>} state @param {UnitAddress} address
 * @returns {{what: 'model'|'layer'|'channel', links: {name: string, address: UnitAddress}[], most: number}}
 */
export function whatInstead({ models, model }, address) {
  if (!model || model.id !== address.model) {
    const close = nearest(models.map(({ id }) => id), address.model);
    const title = (/** @type {string} */ id) => models.find((each) => each.id === id)?.title ?? id;
    return { what: 'model', links: close.map((id) => ({ name: title(id), address: { ...address, model: id } })), most: 0 };
  }
  const layer = unitLayers(model).find(({ id }) => id === address.layer);
  if (layer) {
    const most = layer.output_shape[0] - 1;
    return { what: 'channel', links: [0, most].map((channel) => ({ name: String(channel), address: { ...address, channel } })), most };
  }
  const outputs = model.stages.filter(({ inputs }) => inputs.length > 0);
  const byName = new Map(outputs.flatMap((stage) => [[stage.output, stage], [nameOf(stage), stage], [stage.id, stage]]));
  const close = [...new Set(nearest([...byName.keys()], address.layer).map((key) => byName.get(key)))].flatMap((stage) => stage ?? []);
  return { what: 'layer', links: close.map((stage) => ({ name: nameOf(stage), address: { model: model.id, layer: stage.output, channel: Math.max(0, Math.min(address.channel, stage.shape[0] - 1)) } })), most: 0 };
}

/** Names in the order of their likeness: how many letters two of them share at the beginning, then in all. @param {string[]} names @param {string} name */
function nearest(names, name) {
  const score = (/** @type {string} */ other) => {
    let same = 0;
    while (same < name.length && name[same]?.toLowerCase() === other[same]?.toLowerCase()) same += 1;
    const shared = [...new Set(name)].filter((letter) => other.includes(letter)).length;
    return 4 * same + shared - Math.abs(name.length - other.length);
  };
  return [...names].sort((a, b) => score(b) - score(a)).slice(0, 8);
}
