/**
 * The calls of trainings on 2-D points.
 *
 * @typedef {import('../api.js').Api} Api
 * @typedef {import('../api.js').Options} Options
 * @typedef {import('./network.js').Network} Network
 * @typedef {import('./choice.js').PointsChoice} PointsChoice
 *
 * @typedef {[number, number, number]} Point  x, y, class (0 or 1).
 * @typedef {{train: Point[], test: Point[]}} Points
 * @typedef {{id: string, weights: (number|null)[][]|null, bias: (number|null)[]|null}} WeightsLayer
 */
import { pointsRequest } from './choice.js';

/** The smallest grid that the server computes: the page draws surfaces from the weights, not from it. */
const LEAST = 2;

/** The network of layers that came from the server: the inputs come first, without weights. @param {readonly WeightsLayer[]} layers @param {PointsChoice} choice @returns {Network} */
export function networkOf(layers, { activation, optimizer }) {
  const dense = layers.filter((layer) => layer.weights !== null && layer.weights !== undefined);
  const last = optimizer === 'perceptron' ? 'step' : 'sigmoid';
  const numbers = (/** @type {(number|null)[]} */ values) => values.map((value) => value ?? NaN); // null: no finite number any more
  return { layers: dense.map(({ weights, bias }, i) => ({ weights: (weights ?? []).map(numbers), bias: numbers(bias ?? []), activation: i === dense.length - 1 ? last : activation })) };
}

/** Points and first weights, before a training is started. @param {Api} api @param {PointsChoice} choice @param {Options} [o] @returns {Promise<{points: Points, network: Network}>} */
export async function fetchPreview(api, choice, o) {
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(pointsRequest(choice)), ...o };
  const { points, layers } = await api.json('/trainings/previews', init);
  return { points, network: networkOf(layers, choice) };
}

/** @param {Api} api @param {string} training @param {Options} [o] @returns {Promise<Points>} */
export const fetchPoints = (api, training, o) => api.json(`/trainings/${encodeURIComponent(training)}/points`, o);

/**
 * The newest weights, and the last step of the perceptron's rule. @param {Api} api @param {string} training @param {PointsChoice} choice @param {Options} [o]
 * @returns {Promise<{step: number, network: Network, update: import('../train/types.js').Update|null}>}
 */
export async function fetchNewest(api, training, choice, o) {
  const { step, layers, update } = await api.json(`/trainings/${encodeURIComponent(training)}/network`, o);
  return { step, network: networkOf(layers, choice), update };
}

/** The weights of a moment. @param {Api} api @param {string} training @param {number} step @param {PointsChoice} choice @param {Options} [o] @returns {Promise<{step: number, network: Network, update: null}>} */
export async function fetchMoment(api, training, step, choice, o) {
  const surface = await api.json(`/trainings/${encodeURIComponent(training)}/checkpoints/${step}/surface?size=${LEAST}`, o);
  return { step: surface.step, network: networkOf(surface.layers, choice), update: null };
}
