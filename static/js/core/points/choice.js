/**
 * What the playground of 2-D points is set to: data, network, how it learns, and what is looked at. It is the state of
 * its own (`store.playground`), goes into the address as a short text, and becomes the request of a training.
 *
 * @typedef {import('../train/types.js').TrainingRequest} TrainingRequest
 * @typedef {import('./network.js').DenseLayer} DenseLayer
 *
 * @typedef {object} PointsChoice
 * @property {string} set          One of `POINT_SETS`.
 * @property {number} count
 * @property {number} noise        0…1; the playground offers up to 0.5.
 * @property {number} testShare
 * @property {number} seed
 * @property {readonly number[]} layers  Units of each hidden layer.
 * @property {string} activation   Of the hidden units.
 * @property {string} initialisation
 * @property {string} optimizer    'perceptron' is Rosenblatt's rule, for a network without hidden units.
 * @property {number} rate
 * @property {number} decay
 * @property {number} batch
 * @property {number} epochs
 * @property {number} speed        Steps a second; 0: as fast as it goes.
 * @property {boolean} discretise
 * @property {boolean} showTest
 * @property {readonly [number, number]|null} unit   The unit that is shown large: layer (0: inputs) and index; null: the answer.
 * @property {readonly [number, number]|null} probe
 * @property {readonly DenseLayer[]|null} hand       Weights that the reader has set by hand; null: learnt ones.
 */

export const POINT_SETS = /** @type {const} */ (['circle', 'xor', 'gauss', 'spiral', 'moons', 'line', 'gate_and', 'gate_or', 'gate_xor']);
export const ACTIVATION_NAMES = /** @type {const} */ (['tanh', 'relu', 'sigmoid', 'leaky_relu', 'elu', 'gelu', 'silu', 'scaled_tanh', 'linear', 'step']);
export const OPTIMIZER_NAMES = /** @type {const} */ (['perceptron', 'sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adadelta', 'adam', 'adamw']);
export const INITIALISATIONS = /** @type {const} */ (['default', 'xavier_uniform', 'xavier_normal', 'kaiming_uniform', 'kaiming_normal', 'orthogonal', 'normal', 'zeros']);
export const RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
export const DECAYS = [0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1];
export const SPEEDS = [1, 3, 10, 30, 100, 300, 1000, 0];
export const BATCHES = [1, 4, 10, 20, 50, 100, 5000];
export const COUNTS = [50, 100, 200, 400, 1000];
export const MOST_LAYERS = 6;
export const MOST_UNITS = 8;

/** @type {Readonly<PointsChoice>} */
export const FIRST_POINTS = Object.freeze({
  set: 'circle', count: 400, noise: 0.1, testShare: 0.5, seed: 1,
  layers: Object.freeze([4, 2]), activation: 'tanh', initialisation: 'default',
  optimizer: 'adam', rate: 0.03, decay: 0, batch: 10, epochs: 300, speed: 100,
  discretise: false, showTest: false, unit: null, probe: null, hand: null,
});

/** Is the set one of the gates: all four points, coordinates 0 and 1? @param {string} set */
export function isGate(set) {
  return set.startsWith('gate_');
}

/** From where to where x and y are shown. @param {string} set @returns {[number, number]} */
export function rangeOf(set) {
  return isGate(set) ? [-0.5, 1.5] : [-6, 6];
}

/** Does Rosenblatt's rule set the weights? @param {Pick<PointsChoice, 'optimizer'|'hand'>} choice */
export function isPerceptron({ optimizer, hand }) {
  return optimizer === 'perceptron' && hand === null;
}

/** Threshold units that compute a gate: the weights of every textbook. */
const HAND = /** @type {Record<string, DenseLayer[]>} */ ({
  gate_and: [{ weights: [[1, 1]], bias: [-1.5], activation: 'step' }],
  gate_or: [{ weights: [[1, 1]], bias: [-0.5], activation: 'step' }],
  gate_xor: [
    { weights: [[1, 1], [1, 1]], bias: [-0.5, -1.5], activation: 'step' }, // OR, AND
    { weights: [[1, -1]], bias: [-0.5], activation: 'step' }, // OR and not AND
  ],
});

const PERCEPTRON = Object.freeze({ layers: [], optimizer: 'perceptron', rate: 0.1, decay: 0, batch: 1, initialisation: 'zeros' });
const GATE = Object.freeze({ count: 4, noise: 0, testShare: 0 });

/** @param {string} set @returns {Partial<PointsChoice>} */
function gateByHand(set) {
  return { ...GATE, set, hand: HAND[set], layers: HAND[set].slice(0, -1).map(({ bias }) => bias.length), activation: 'step' };
}

/** Settings to begin with; words are `points.preset.<id>`. @type {readonly {id: string, patch: Partial<PointsChoice>}[]} */
export const PRESETS = Object.freeze([
  { id: 'line', patch: { ...PERCEPTRON, set: 'line', noise: 0, count: 200, epochs: 20, speed: 10 } },
  { id: 'perceptron_xor', patch: { ...PERCEPTRON, ...GATE, set: 'gate_xor', rate: 0.5, epochs: 100, speed: 3 } },
  { id: 'and', patch: gateByHand('gate_and') },
  { id: 'or', patch: gateByHand('gate_or') },
  { id: 'xor', patch: gateByHand('gate_xor') },
  { id: 'and_learnt', patch: { ...PERCEPTRON, ...GATE, set: 'gate_and', rate: 0.5, epochs: 20, speed: 3 } },
  { id: 'xor_learnt', patch: { ...GATE, set: 'gate_xor', layers: [2], activation: 'sigmoid', optimizer: 'adam', rate: 0.1, batch: 4, epochs: 300, speed: 30, seed: 2 } },
  { id: 'circle', patch: { set: 'circle', layers: [4, 2] } },
  { id: 'spiral', patch: { set: 'spiral', noise: 0, layers: [8, 8], activation: 'relu', rate: 0.01, batch: 20, epochs: 400, speed: 300 } },
].map(({ id, patch }) => ({ id, patch: { ...withoutView(FIRST_POINTS), ...patch } })));

/** @param {Readonly<PointsChoice>} choice @returns {Partial<PointsChoice>} */
function withoutView({ discretise: _, showTest: __, ...rest }) {
  return rest;
}

/** What a change makes of the rest: Rosenblatt's rule has no hidden units, a gate no noise; other weights end those set by hand. @param {PointsChoice} choice @param {Partial<PointsChoice>} patch @returns {PointsChoice} */
export function changed(choice, patch) {
  const next = { ...choice, ...patch };
  if (patch.optimizer === 'perceptron') return { ...next, layers: [], batch: 1, unit: null };
  if (next.optimizer === 'perceptron' && next.layers.length > 0) Object.assign(next, { optimizer: 'adam', rate: 0.03, batch: 10, epochs: FIRST_POINTS.epochs, speed: FIRST_POINTS.speed, initialisation: 'default' });
  if (patch.set && isGate(patch.set) !== isGate(choice.set)) Object.assign(next, isGate(patch.set) ? GATE : { count: FIRST_POINTS.count, noise: FIRST_POINTS.noise, testShare: FIRST_POINTS.testShare }, { probe: null });
  const { unit } = next;
  const widths = [2, ...next.layers, 1];
  if (unit && !(unit[1] < (widths[unit[0]] ?? 0))) next.unit = null;
  return next;
}

/** A hidden layer more, behind the others, as wide as the last one. @param {PointsChoice} choice */
export function withLayer(choice) {
  if (choice.layers.length >= MOST_LAYERS) return choice;
  return changed(choice, { layers: [...choice.layers, choice.layers.at(-1) ?? 4], unit: null, hand: null });
}

/** Without the last hidden layer. @param {PointsChoice} choice */
export function withoutLayer(choice) {
  return changed(choice, { layers: choice.layers.slice(0, -1), unit: null, hand: null });
}

/** A hidden layer with one unit more or less. @param {PointsChoice} choice @param {number} index @param {1|-1} by */
export function withUnits(choice, index, by) {
  const layers = choice.layers.map((units, i) => (i === index ? Math.max(1, Math.min(MOST_UNITS, units + by)) : units));
  return changed(choice, { layers, hand: null });
}

/** Do two choices ask for the same training? What is looked at, and how fast, makes no other network. @param {PointsChoice} a @param {PointsChoice} b */
export function sameTraining(a, b) {
  return JSON.stringify(pointsRequest({ ...a, speed: 0 })) === JSON.stringify(pointsRequest({ ...b, speed: 0 }));
}

/** The request that trains it. @param {PointsChoice} choice @param {string} [title] @returns {TrainingRequest} */
export function pointsRequest(choice, title) {
  const hidden = choice.layers.flatMap((units) => [{ type: 'dense', units }, { type: 'activation', name: choice.activation }]);
  const { name, learning_rate, decay } = { name: choice.optimizer, learning_rate: choice.rate, decay: choice.decay };
  return {
    design: { name: ['2', ...choice.layers.map(String), '1'].join('–'), layers: hidden },
    ...(title && { title }),
    dataset: { id: 'points', points: choice.set, count: choice.count, noise: choice.noise, test_share: choice.testShare },
    optimizer: { name, learning_rate, decay },
    schedule: { name: 'constant' },
    epochs: choice.epochs, batch: choice.batch, initialisation: choice.initialisation, seed: choice.seed,
    ...(choice.speed > 0 && { speed: choice.speed }),
  };
}

/** The choice that a training of points was made of; what is looked at comes from `view`. @param {TrainingRequest} request @param {PointsChoice} view @returns {PointsChoice} */
export function choiceOf({ design, dataset, optimizer, epochs, batch, initialisation, seed, speed }, view) {
  const layers = design?.layers ?? [];
  return {
    ...view, unit: null, hand: null,
    set: dataset?.points ?? FIRST_POINTS.set, count: dataset?.count ?? FIRST_POINTS.count, noise: dataset?.noise ?? FIRST_POINTS.noise, testShare: dataset?.test_share ?? FIRST_POINTS.testShare,
    layers: layers.filter(({ type }) => type === 'dense').map(({ units }) => Number(units)),
    activation: String(layers.find(({ type }) => type === 'activation')?.name ?? view.activation),
    optimizer: optimizer?.name ?? FIRST_POINTS.optimizer, rate: optimizer?.learning_rate ?? FIRST_POINTS.rate, decay: optimizer?.decay ?? 0,
    epochs: epochs ?? FIRST_POINTS.epochs, batch: batch ?? FIRST_POINTS.batch, initialisation: initialisation ?? 'default', seed: seed ?? 1, speed: speed ?? 0,
  };
}
