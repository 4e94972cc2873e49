/**
 * Experiments to begin with: each is one training, or two that differ in one thing.
 *
 * @typedef {import('./types.js').TrainingRequest} TrainingRequest
 * @typedef {{id: string, runs: {name: string, request: TrainingRequest}[]}} Experiment  name: of one of two, the part of the key behind `train.run.` and the experiment's id.
 */

/** LeNet's shape with another activation, or with a layer before each. @param {string} name @param {string} title @param {import('./types.js').DesignLayer[]} before */
function lenet(name, title, before = []) {
  const activation = [...before, { type: 'activation', name }];
  return {
    name: title,
    layers: [
      { type: 'conv', channels: 6, kernel: 5, padding: 2 }, ...activation, { type: 'pool', kind: 'average', kernel: 2 },
      { type: 'conv', channels: 16, kernel: 5 }, ...activation, { type: 'pool', kind: 'average', kernel: 2 },
      { type: 'dense', units: 120 }, ...activation, { type: 'dense', units: 84 }, ...activation,
    ],
  };
}

const FEW = { id: 'mnist', share: 0.02 };
const FIFTH = { id: 'mnist', share: 0.2 };
const CONSTANT = /** @type {const} */ ({ name: 'constant' });

/** @type {readonly Experiment[]} */
export const EXPERIMENTS = Object.freeze([
  { id: 'dropout', runs: [['without', 0], ['with', 0.6]].map(([name, dropout]) => ({ name: String(name), request: {
    model: 'mlp', dataset: FEW, augmentation: {}, schedule: CONSTANT, optimizer: { name: 'adam', learning_rate: 0.001, decay: 0 }, epochs: 40, batch: 64, dropout: Number(dropout) } })) },
  { id: 'broken', runs: [{ name: 'broken', request: {
    design: lenet('relu', 'LeNet, ReLU'), dataset: FIFTH, augmentation: {}, schedule: CONSTANT, optimizer: { name: 'momentum', learning_rate: 30, decay: 0 }, epochs: 1, batch: 64 } }] },
  { id: 'sigmoid', runs: [['sigmoid', 'LeNet, sigmoid'], ['relu', 'LeNet, ReLU']].map(([name, title]) => ({ name, request: {
    design: lenet(name, title), dataset: FIFTH, augmentation: {}, schedule: CONSTANT, optimizer: { name: 'adam', learning_rate: 0.002, decay: 0 }, epochs: 3, batch: 64 } })) },
  { id: 'adam', runs: [{ name: 'sgd', optimizer: { name: 'sgd', learning_rate: 0.01, decay: 0 } }, { name: 'adam', optimizer: { name: 'adam', learning_rate: 0.001, decay: 0 } }].map(({ name, optimizer }) => ({ name, request: {
    model: 'lenet5', dataset: FIFTH, augmentation: {}, schedule: CONSTANT, optimizer, epochs: 3, batch: 64 } })) },
  { id: 'norm', runs: [{ name: 'without', before: [] }, { name: 'with', before: [{ type: 'batch_norm' }] }].map(({ name, before }) => ({ name, request: {
    design: lenet('sigmoid', before.length ? 'LeNet, sigmoid, batch norm' : 'LeNet, sigmoid', before), dataset: FIFTH, augmentation: {}, schedule: CONSTANT, optimizer: { name: 'momentum', learning_rate: 0.05, decay: 0 }, epochs: 3, batch: 64 } })) },
  { id: 'averaging', runs: [{ name: 'without', decay: 0 }, { name: 'with', decay: 0.99 }].map(({ name, decay }) => ({ name, request: {
    model: 'lenet5', dataset: FIFTH, augmentation: {}, schedule: CONSTANT, optimizer: { name: 'adam', learning_rate: 0.004, decay: 0 }, epochs: 4, batch: 64, ema_decay: decay } })) },
  { id: 'memorise', runs: [{ name: 'memorise', request: {
    model: 'mlp', dataset: { ...FEW, shuffled: 1 }, augmentation: {}, schedule: CONSTANT, optimizer: { name: 'adam', learning_rate: 0.001, decay: 0 }, epochs: 80, batch: 64, dropout: 0 } }] },
]);

/** Does `whole` say all that `part` says? @param {unknown} part @param {unknown} whole @returns {boolean} */
function holds(part, whole) {
  if (typeof part !== 'object' || part === null) return Object.is(part, whole);
  if (typeof whole !== 'object' || whole === null) return false;
  return Object.entries(part).every(([key, value]) => holds(value, /** @type {Record<string, unknown>} */ (whole)[key]));
}

/** The experiment that a training belongs to, by what it does. @param {TrainingRequest} request @returns {Experiment|null} */
export function experimentOf(request) {
  return EXPERIMENTS.find(({ runs }) => runs.some((run) => holds(run.request, request) && hasNoMore(request, run.request))) ?? null;
}

/** Augmentation that the experiment does without, and its kind of network. @param {TrainingRequest} request @param {TrainingRequest} wanted */
function hasNoMore({ augmentation, design }, wanted) {
  return Object.values(augmentation ?? {}).every((value) => !value) && (design?.layers.length ?? 0) === (wanted.design?.layers.length ?? 0);
}

/** The requests of an experiment, with their titles. @param {Experiment} experiment @param {import('../types.js').Translate} t @returns {TrainingRequest[]} */
export function requestsOf({ id, runs }, t) {
  return runs.map(({ name, request }) => ({ ...request, title: t(runs.length > 1 ? `train.run.${id}.${name}` : `train.experiment.${id}`) }));
}
