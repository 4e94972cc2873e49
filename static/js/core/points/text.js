/**
 * The playground's state as a short text for the address: six parts with slashes between, values with commas.
 * `circle,400,0.1,0.5,1/4,2/tanh,default/adam,0.03,0,10,300,100/d,u1.0,p1.5_-2/…` The last part holds weights set by hand.
 *
 * @typedef {import('./choice.js').PointsChoice} PointsChoice
 * @typedef {import('./network.js').DenseLayer} DenseLayer
 */
import { ACTIVATION_NAMES, INITIALISATIONS, MOST_LAYERS, MOST_UNITS, OPTIMIZER_NAMES, POINT_SETS } from './choice.js';

/** @param {PointsChoice|null} choice @returns {string|null} */
export function pointsToText(choice) {
  if (choice === null) return null;
  const { set, count, noise, testShare, seed, layers, activation, initialisation, optimizer, rate, decay, batch, epochs, speed } = choice;
  const parts = [
    [set, count, noise, testShare, seed], layers, [activation, initialisation], [optimizer, rate, decay, batch, epochs, speed],
    viewToText(choice), (choice.hand ?? []).map(layerToText),
  ];
  return parts.map((part) => part.join(',')).join('/');
}

/** @param {PointsChoice} choice */
function viewToText({ discretise, showTest, unit, probe }) {
  return [discretise && 'd', showTest && 't', unit && `u${unit.join('.')}`, probe && `p${probe.map((v) => Number(v.toFixed(3))).join('_')}`].filter(Boolean);
}

/** step!1_1_-0.5!1_1_-1.5: the activation, then each unit's weights and its bias. @param {DenseLayer} layer */
function layerToText({ weights, bias, activation }) {
  return [activation, ...weights.map((row, i) => [...row, bias[i]].map((v) => Number(v.toPrecision(6))).join('_'))].join('!');
}

/** @param {string|null} text @returns {PointsChoice|null}  Null for what cannot be read. */
export function pointsFromText(text) {
  const [data, layers, network, learning, view, hand] = (text ?? '').split('/').map((part) => part.split(',').filter(Boolean));
  if (!learning || data.length !== 5) return null;
  const [count, noise, testShare, seed] = data.slice(1).map(Number);
  const [rate, decay, batch, epochs, speed] = learning.slice(1).map(Number);
  const choice = {
    set: data[0], count, noise, testShare, seed, layers: layers.map(Number), activation: network[0], initialisation: network[1],
    optimizer: learning[0], rate, decay, batch, epochs, speed, ...viewFromText(view ?? []), hand: handFromText(hand ?? []),
  };
  return isSound(choice) ? choice : null;
}

/** @param {string[]} view */
function viewFromText(view) {
  const unit = pairOf(view, 'u', '.');
  const probe = pairOf(view, 'p', '_');
  return { discretise: view.includes('d'), showTest: view.includes('t'), unit, probe };
}

/** @param {string[]} view @param {string} key @param {string} between @returns {[number, number]|null} */
function pairOf(view, key, between) {
  const pair = view.find((each) => each.startsWith(key))?.slice(1).split(between).map(Number);
  return pair?.length === 2 && pair.every(Number.isFinite) ? [pair[0], pair[1]] : null;
}

/** @param {string[]} texts @returns {DenseLayer[]|null} */
function handFromText(texts) {
  const layers = texts.map((text) => {
    const [activation, ...rows] = text.split('!');
    const numbers = rows.map((row) => row.split('_').map(Number));
    return { activation, weights: numbers.map((row) => row.slice(0, -1)), bias: numbers.map((row) => row[row.length - 1]) };
  });
  return layers.length > 0 ? layers : null;
}

/** @param {PointsChoice} choice */
function isSound(choice) {
  const { set, layers, activation, initialisation, optimizer, hand } = choice;
  const numbers = /** @type {const} */ (['count', 'noise', 'testShare', 'seed', 'rate', 'decay', 'batch', 'epochs', 'speed']);
  const within = numbers.every((key) => Number.isFinite(choice[key]) && choice[key] >= 0) && choice.rate > 0 && choice.batch >= 1 && choice.epochs > 0 && choice.count >= 4;
  const small = choice.count <= 5000 && choice.noise <= 1 && choice.testShare < 1 && choice.epochs <= 10_000 && choice.rate <= 1000 && choice.decay <= 10;
  const named = /** @type {readonly string[]} */ (POINT_SETS).includes(set) && /** @type {readonly string[]} */ (ACTIVATION_NAMES).includes(activation)
    && /** @type {readonly string[]} */ (INITIALISATIONS).includes(initialisation) && /** @type {readonly string[]} */ (OPTIMIZER_NAMES).includes(optimizer);
  const built = layers.length <= MOST_LAYERS && layers.every((units) => Number.isInteger(units) && units >= 1 && units <= MOST_UNITS);
  return within && small && named && built && (hand === null || isHand(hand, layers));
}

/** Do weights set by hand fit the network? @param {readonly DenseLayer[]} hand @param {readonly number[]} layers */
function isHand(hand, layers) {
  const widths = [2, ...layers, 1];
  return hand.length === widths.length - 1 && hand.every(({ weights, bias, activation }, i) =>
    /** @type {readonly string[]} */ (ACTIVATION_NAMES).includes(activation) && weights.length === widths[i + 1]
    && weights.every((row) => row.length === widths[i] && row.every(Number.isFinite)) && bias.every(Number.isFinite));
}
