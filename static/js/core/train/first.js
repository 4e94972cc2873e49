/**
 * What the form of a training holds before anybody has changed it: something that learns within minutes, from pictures of
 * the kind that is being looked at.
 *
 * @typedef {import('./types.js').TrainingRequest} TrainingRequest
 * @typedef {import('./types.js').DatasetInfo} DatasetInfo
 * @typedef {import('../types.js').Model} Model
 */
import { FIRST } from './request.js';

/** The network that learns from photographs within minutes. */
const NETWORK = 'alexnet_small';
/** @type {Map<string, Readonly<TrainingRequest>>}  By data: each is made once, so that it can be told from a reader's own. */
const beside = new Map();

/** @param {string} id */
function fromPhotographs(id) {
  const known = beside.get(id) ?? Object.freeze({ model: NETWORK, dataset: Object.freeze({ id }) });
  beside.set(id, known);
  return known;
}

/**
 * The draft as the form opens; null: LeNet-5 on MNIST. Beside a network for photographs it is AlexNet, small, on the first
 * photographs that this server has, if any.
 * @param {Model|null} model The present network. @param {DatasetInfo[]} datasets
 */
export function firstDraft(model, datasets) {
  if (model?.input.preprocessing !== 'photo') return null;
  const data = datasets.find(({ missing, models }) => missing === null && models.includes(NETWORK));
  return data ? fromPhotographs(data.id) : null;
}

/** Has nobody changed it? @param {TrainingRequest|null} draft */
export function isUntouched(draft) {
  return draft === null || [...beside.values()].includes(draft);
}

/** Will a network of this draft look at the same kind of pictures as the present one? @param {Model} model @param {TrainingRequest|null} draft */
export function asksTheSame({ input }, draft) {
  const isPhoto = ['cifar10', 'folder'].includes((draft ?? FIRST).dataset?.id ?? '');
  return isPhoto === (input.preprocessing === 'photo');
}
