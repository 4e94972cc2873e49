/**
 * The chosen unit's arithmetic: its formula with its numbers, for every point and for the probe; where weights are set by
 * hand, each of them can be changed.
 *
 * @typedef {import('../../../core/types.js').Store} Store
 * @typedef {import('../../../views.js').ViewContext} ViewContext
 * @typedef {import('../../../core/points/control.js').PointsControl} Control
 * @typedef {import('./sight.js').Sight} Sight
 * @typedef {import('../../../core/points/network.js').Network} Network
 */
import { short } from '../../../core/numbers/format.js';
import { h } from '../../dom.js';
import { formula, mi, mn, mo, row, signedNumber, sub, term } from '../../math.js';
import { numberElement } from '../../number.js';
import { unitName, unitSymbol } from './names.js';

/** @typedef {readonly [number, number]} Unit */

/** How activation functions are written in formulas. */
const SIGNS = /** @type {Record<string, string>} */ ({ sigmoid: 'σ', tanh: 'tanh', relu: 'ReLU', leaky_relu: 'LeakyReLU', elu: 'ELU', gelu: 'GELU', silu: 'SiLU', scaled_tanh: '1.7159 tanh ⅔', step: 'H', linear: '' });

/** w₁·x₁ + w₂·x₂ + b with the numbers; each summand a formula of its own, so that lines may break between them. @param {Network} network @param {Unit} unit @param {string} lang @param {readonly number[]|null} inputs  The values instead of the names. */
function summands(network, [layer, index], lang, inputs) {
  const { weights, bias } = network.layers[layer - 1];
  const parts = weights[index].map((weight, from) => {
    const factor = inputs ? term(short(inputs[from], lang)) : unitSymbol([layer - 1, from], network);
    return formula(...sign(weight, from === 0), mn(short(Math.abs(weight), lang)), mo('·'), factor);
  });
  return [...parts, formula(...sign(bias[index], false), mn(short(Math.abs(bias[index]), lang)))];
}

/** @param {number} value @param {boolean} isFirst */
function sign(value, isFirst) {
  if (isFirst) return value < 0 ? [mo('−')] : [];
  const between = mo(value < 0 ? '−' : '+');
  between.setAttribute('form', 'infix'); // it stands first in a formula of its own
  return [between];
}

/** @param {Store} store @param {ViewContext} ctx @param {Control} control @param {Sight} sight */
export function createUnitFormula(store, ctx, control, sight) {
  const { t } = ctx;
  const title = h('h3', { class: 'points-unit-title' });
  const lines = h('div', { class: 'points-formulas' });
  const body = h('tbody', {});
  const hand = h('table', { class: 'points-hand' }, h('caption', {}, t('points.hand.caption')), body);
  const note = h('p', { class: 'points-note' });
  const element = h('section', { class: 'points-formula', 'aria-label': t('points.formula') }, title, lines, hand, note);
  let edited = '';

  /** @param {Network} network @param {Unit} unit @param {string} lang */
  function formulas(network, unit, lang) {
    const [layer, index] = unit;
    const symbol = unitSymbol(unit, network);
    if (layer === 0) return [];
    const name = SIGNS[network.layers[layer - 1].activation];
    const around = (/** @type {Node} */ what, /** @type {Element[]} */ inside, /** @type {Element[]} */ behind) => h('div', { class: 'points-formula-line' },
      formula(what, mo('='), ...(name ? [mi(name)] : []), mo('(')), ...inside, formula(mo(')')), ...behind);
    const all = around(symbol, summands(network, unit, lang, null), []);
    const pass = sight.probed();
    if (!pass) return [all];
    const inputs = pass.units[layer - 1].map((values) => values[0]);
    const [sum, value] = [pass.sums[layer][index][0], pass.units[layer][index][0]];
    const behind = [formula(mo('='), ...(name ? [mi(name)] : []), mo('('), signedNumber(short(sum, lang)), mo(')')), formula(mo('='), signedNumber(short(value, lang)))];
    return [all, around(unitSymbol(unit, network), summands(network, unit, lang, inputs), behind)];
  }

  /** @param {Network} network @param {Unit} unit */
  function showHand(network, [layer, index]) {
    const isOn = control.choice().hand !== null && layer > 0;
    hand.hidden = !isOn;
    const shape = isOn ? [layer, index, network.layers.map(({ bias }) => bias.length)].join() : '';
    if (shape !== edited) {
      edited = shape;
      body.replaceChildren(...(isOn ? inputsFor(network, [layer, index]) : []));
    }
    const { weights, bias } = network.layers[layer - 1] ?? { weights: [], bias: [] };
    [...(weights[index] ?? []), bias[index]].forEach((value, i) => {
      const input = body.querySelectorAll('input')[i];
      if (input && document.activeElement !== input) input.value = String(value);
    });
  }

  /** A row for each weight, and one for the bias. @param {Network} network @param {Unit} unit */
  function inputsFor(network, [layer, index]) {
    const { weights } = network.layers[layer - 1];
    return [...weights[index].keys(), -1].map((from) => {
      const name = from < 0 ? t('points.bias') : t('points.weight_of', { unit: unitName([layer - 1, from], network, t) });
      const input = h('input', { class: 'points-number', type: 'number', step: 0.1, 'aria-label': name, on: { input: () => set(layer, index, from, input.valueAsNumber) } });
      return h('tr', {}, h('th', { scope: 'row' }, formula(from < 0 ? mi('b') : row(sub('w', String(from + 1)), mo('·'), unitSymbol([layer - 1, from], network)))), h('td', {}, input));
    });
  }

  /** @param {number} layer @param {number} unit @param {number} from  −1: the bias. @param {number} value */
  function set(layer, unit, from, value) {
    const { hand: own } = control.choice();
    if (!own || !Number.isFinite(value)) return;
    control.change({
      hand: own.map((each, i) => (i !== layer - 1 ? each : {
        ...each,
        bias: each.bias.map((old, j) => (from < 0 && j === unit ? value : old)),
        weights: each.weights.map((line, j) => line.map((old, k) => (j === unit && k === from ? value : old))),
      })),
    });
  }

  function update() {
    const { lang } = store.get();
    const { network } = control.shown();
    const unit = sight.unit();
    element.hidden = !network;
    if (!network) return;
    title.textContent = unitName(unit, network, t);
    lines.replaceChildren(...formulas(network, unit, lang));
    showHand(network, unit);
    const { probe } = control.choice();
    note.replaceChildren(...noteFor(unit, network, probe, lang));
  }

  /** @param {Unit} unit @param {Network} network @param {readonly [number, number]|null} probe @param {string} lang @returns {(Node|string)[]} */
  function noteFor([layer, index], network, probe, lang) {
    const name = layer === 0 ? null : network.layers[layer - 1].activation;
    const about = name ? `${t(`points.activation.${layer === network.layers.length && name === 'sigmoid' ? 'answer' : name}.about`)} ` : t('points.input.about');
    if (!probe) return [about, t('points.probe.none')];
    const value = sight.probed()?.units[layer][index][0] ?? NaN;
    return [about, t('points.probe.at', { x: short(probe[0], lang), y: short(probe[1], lang) }), ' ', numberElement(value, lang)];
  }

  return { element, update };
}
