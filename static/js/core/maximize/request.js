/**
 * Feature maximization as the reader asks for it: the unit, the choices, their short text in the address, the request.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Stage} Stage
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Unit} Unit
 * @typedef {'activation'|'negative'|'diversity'|'joint'|'interpolation'|'contrast'|'deepdream'|'caricature'|'inversion'} Objective
 * @typedef {'fourier'|'maco'|'pixels'} Method
 * @typedef {'fast'|'fine'} Preset
 * @typedef {'auto'|'float32'|'bfloat16'} Precision
 *
 * @typedef {object} Choice  What the reader has chosen beside the unit; null: the server's or the network's own.
 * @property {Objective} objective
 * @property {Method} method
 * @property {Preset} preset
 * @property {Precision} precision
 * @property {boolean} transforms
 * @property {'channel'|'neuron'} aim  The mean over the whole map, or one position of it.
 * @property {number} seed
 * @property {number|null} steps
 * @property {number|null} size    Side of the picture in pixels.
 * @property {number|null} count   Pictures of "diversity" and "interpolation".
 * @property {number|null} other   The second unit of a pair.
 * @property {string|null} layer   Layer of the stage; null: its output.
 *
 * @typedef {object} Subject  The unit as the server knows it.
 * @property {Stage} stage
 * @property {string} layer
 * @property {number} channel
 * @property {number} y
 * @property {number} x
 * @property {number} channels   How many the layer has.
 * @property {boolean} isMap     Channels are maps of more than one position.
 * @property {boolean} isClass   Channels are the network's classes.
 */
import { outputStage, stageOf } from '../unit/arithmetic.js';
import { isSpatial } from '../unit/text.js';

export const OBJECTIVES = /** @type {const} */ (['activation', 'diversity', 'negative', 'contrast', 'joint', 'interpolation', 'deepdream', 'caricature', 'inversion']);
export const METHODS = /** @type {const} */ (['fourier', 'maco', 'pixels']);
export const PRESETS = /** @type {const} */ (['fast', 'fine']);
export const PRECISIONS = /** @type {const} */ (['auto', 'float32', 'bfloat16']);
/** Objectives of two units, of a whole layer, and of the present picture. */
const PAIRS = ['joint', 'interpolation', 'contrast'];
const WHOLE = ['deepdream', 'caricature', 'inversion'];
const PICTURED = ['caricature', 'inversion'];
/** So many pictures, where the reader says nothing. */
const COUNTS = /** @type {Record<string, number>} */ ({ diversity: 4, interpolation: 5 });
const MOST = /** @type {const} */ ({ seed: 2 ** 31 - 1, steps: 4096, size: 512, count: 16, other: 1e6 });
/** Numbers that may be in the address, by their short names. */
const NUMBERS = /** @type {[string, keyof typeof MOST][]} */ ([['seed', 'seed'], ['steps', 'steps'], ['size', 'size'], ['count', 'count'], ['with', 'other']]);

/** What a fresh page chooses. @type {Readonly<Choice>} */
export const STANDARD = Object.freeze({
  objective: 'activation', method: 'fourier', preset: 'fast', precision: 'auto', transforms: true, aim: 'channel',
  seed: 0, steps: null, size: null, count: null, other: null, layer: null,
});

/** @param {{objective: Objective}} choice */
export function takesPair({ objective }) {
  return PAIRS.includes(objective);
}

/** @param {{objective: Objective}} choice */
export function takesLayer({ objective }) {
  return WHOLE.includes(objective);
}

/** @param {{objective: Objective}} choice */
export function takesPicture({ objective }) {
  return PICTURED.includes(objective);
}

/** How many pictures come. @param {Choice} choice */
export function pictureCount({ objective, count }) {
  return objective in COUNTS ? count ?? COUNTS[objective] : 1;
}

/** The choices that differ from the standard, as in `negative,maco,seed.3`; null: none does. @param {Choice} choice */
export function choiceToText(choice) {
  const words = /** @type {const} */ (['objective', 'method', 'preset', 'precision', 'aim']).filter((key) => choice[key] !== STANDARD[key]).map((key) => choice[key]);
  if (!choice.transforms) words.push(/** @type {any} */ ('still'));
  const numbers = NUMBERS.filter(([, key]) => choice[key] !== STANDARD[key]).map(([name, key]) => `${name}.${choice[key]}`);
  const layer = choice.layer === null ? [] : [`layer.${choice.layer}`];
  return [...words, ...numbers, ...layer].join(',') || null;
}

/** @param {string|null} text @returns {Choice|null}  Null where there is nothing; what cannot be read is left out. */
export function choiceFromText(text) {
  if (!text) return null;
  /** @type {Choice} */
  const choice = { ...STANDARD };
  for (const part of text.split(',')) readPart(choice, part);
  return choice;
}

/** @param {Choice} choice @param {string} part */
function readPart(choice, part) {
  const lists = /** @type {const} */ ({ objective: OBJECTIVES, method: METHODS, preset: PRESETS, precision: PRECISIONS, aim: ['neuron'] });
  for (const [key, words] of Object.entries(lists)) {
    if (/** @type {readonly string[]} */ (words).includes(part)) return void Object.assign(choice, { [key]: part });
  }
  if (part === 'still') return void Object.assign(choice, { transforms: false });
  const [, name, value] = /^(\w+)\.(.+)$/.exec(part) ?? [];
  if (name === 'layer') return void Object.assign(choice, { layer: value.slice(0, 200) });
  const key = NUMBERS.find(([short]) => short === name)?.[1];
  if (key && /^\d{1,10}$/.test(value) && Number(value) <= MOST[key]) Object.assign(choice, { [key]: Number(value) });
}

/** Are the stage's channels the network's classes? @param {Model} model @param {Stage} stage */
export function isClassStage(model, stage) {
  return stage === outputStage(model) && stage.shape.length === 1 && stage.shape[0] === model.classes.length;
}

/** The network's classes as units, where its weights have a classifier. @param {Model} model @returns {Stage|null} */
export function classStage(model) {
  const stage = outputStage(model);
  return isClassStage(model, stage) ? stage : null;
}

/** The pinned unit as the server knows it; null without one, or for a pixel. @param {Pick<State, 'model'|'pinned'|'maximize'>} state @returns {Subject|null} */
export function subjectOf({ model, pinned, maximize }) {
  const stage = model && pinned ? stageOf(model, pinned.stage) : undefined;
  if (!model || !pinned || !stage || stage === model.stages[0]) return null;
  const layer = maximize.layer !== null && stage.layers.includes(maximize.layer) ? maximize.layer : stage.output;
  const shape = model.layers.find(({ id }) => id === layer)?.output_shape ?? stage.shape;
  return {
    stage, layer, channel: Math.min(pinned.channel, shape[0] - 1), y: pinned.y, x: pinned.x, channels: shape[0],
    isMap: isSpatial(shape), isClass: layer === stage.output && isClassStage(model, stage),
  };
}

/** The second unit of a pair: the chosen one, or the next. @param {Choice} choice @param {Subject} subject */
export function otherOf({ other }, { channel, channels }) {
  return other !== null && other < channels ? other : (channel + 1) % channels;
}

/**
 * The body of `POST /models/{model}/maximizations`; what is standard is left out.
 * @param {Choice} choice @param {Subject} subject @param {string|null} picture  Id of the present input's kept pass.
 * @returns {Record<string, unknown>}
 */
export function requestOf(choice, subject, picture) {
  const { objective, method, preset, precision, transforms, seed, steps, size } = choice;
  /** @type {Record<string, unknown>} */
  const request = { ...targetOf(choice, subject) };
  if (objective !== 'activation') request.objective = objective;
  if (takesPicture(choice) && picture !== null) request.picture = picture;
  if (method !== 'fourier') request.method = method;
  if (preset !== 'fast') request.preset = preset;
  if (objective in COUNTS) request.count = pictureCount(choice);
  if (steps !== null) request.steps = steps;
  if (size !== null) request.size = size;
  if (seed !== 0) request.seed = seed;
  if (!transforms) request.transforms = false;
  if (precision !== 'auto') request.precision = precision;
  return request;
}

/** @param {Choice} choice @param {Subject} subject */
function targetOf(choice, subject) {
  const { layer, channel, y, x, isClass, isMap } = subject;
  if (takesLayer(choice)) return { layer };
  const channels = takesPair(choice) ? [channel, otherOf(choice, subject)] : [channel];
  const one = (/** @type {unknown[]} */ list) => (list.length === 1 ? list[0] : list);
  if (isClass) return { class: one(channels) };
  if (isMap && choice.aim === 'neuron') return { layer, neuron: one(channels.map((each) => [each, y, x])) };
  return { layer, channel: one(channels) };
}

/** Does a picture start to form as soon as the choice is made? The slow ones and those of a picture wait for a click. @param {Choice} choice */
export function isAutomatic(choice) {
  return choice.preset === 'fast' && !takesPicture(choice) && (choice.steps ?? 0) <= 512;
}

/**
 * The stage to open with, where nothing is pinned: the classes; without a classifier the last layer with a convolution
 * whose maps are of a middling size, where units are richest to look at.
 * @param {Model} model @returns {Stage}
 */
export function firstStage(model) {
  const classes = classStage(model);
  if (classes) return classes;
  const [, side] = model.input.shape;
  const maps = model.stages.slice(1).filter(({ shape, layers }) => shape.length === 3 && layers.some((id) => /Conv/.test(model.layers.find((layer) => layer.id === id)?.type ?? '')));
  return maps.findLast(({ shape }) => shape[1] >= side / 12) ?? maps.at(-1) ?? outputStage(model);
}

/** The unit of a stage that answers most to the present input, else its first. @param {Stage} stage @param {State['frame']} frame @returns {Unit} */
export function strongestUnit(stage, frame) {
  const tensor = frame?.tensors.get(stage.output);
  if (!tensor) return { stage: stage.id, channel: 0, y: (stage.shape[1] ?? 1) >> 1, x: (stage.shape[2] ?? 1) >> 1 };
  const [, height = 1, width = 1] = tensor.shape;
  let best = 0;
  for (let i = 1; i < tensor.data.length; i++) if (tensor.data[i] > tensor.data[best]) best = i;
  return { stage: stage.id, channel: Math.floor(best / (height * width)), y: Math.floor(best / width) % height, x: best % width };
}
