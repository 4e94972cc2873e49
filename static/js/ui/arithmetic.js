/**
 * The arithmetic of a unit as numbers that add up: products + bias = sum, then step by step to the output.
 * All numbers are the server's (float64 sums over the network's own values).
 *
 * @typedef {import('../core/types.js').Context} Context
 * @typedef {import('../core/unit-view.js').UnitView} UnitView
 *
 * @typedef {{layer: string, type: string, formula: string, input: number, output: number}} Step
 * @typedef {object} Neuron  What the neuron endpoint gives (app/schemas.py).
 * @property {string} layer
 * @property {number} channel
 * @property {number|null} y
 * @property {number|null} x
 * @property {number[]} products
 * @property {number} bias
 * @property {number} sum
 * @property {Step[]} steps
 * @property {number} output
 */
import { balance, curveOf } from '../core/arithmetic.js';
import { short } from '../core/format.js';
import { columnFormat } from '../core/unit-text.js';
import { curvePlot } from './curve.js';
import { h } from './dom.js';
import { activationFormula, batchNormFormula, formula, mi, mo, primed, row, sigma, signedNumber, softmaxFormula, sub, term } from './math.js';
import { numberElement } from './number.js';

/** @param {Context} ctx */
export function createArithmetic(ctx) {
  const title = h('h3', {});
  const formulas = h('div', { class: 'formulas' });
  const bar = createBalance();
  const column = h('dl', { class: 'column-sum' });
  const plot = h('div', { class: 'curve-row' });
  const element = h('section', { class: 'arithmetic' }, title, formulas, bar.element, column, plot);

  /** @param {UnitView} view @param {Neuron|null} neuron @param {string} lang */
  function update(view, neuron, lang) {
    element.hidden = view.terms.length === 0;
    title.textContent = ctx.t('panel.arithmetic');
    element.classList.toggle('is-waiting', neuron === null);
    if (element.hidden || neuron === null) return;
    const steps = neuron.steps.filter((step) => step.type !== 'Dropout');
    formulas.replaceChildren(...formulasOf(view, neuron, steps, lang));
    bar.update(balance(neuron.products), neuron.bias, view.maximum);
    const format = columnFormat([neuron.sum, neuron.output, ...Object.values(balance(neuron.products))], lang);
    column.replaceChildren(...lines(view, neuron, steps, ctx).flatMap(([name, value, kind]) => line(name, value, kind, format, lang)));
    const active = steps.find((step) => curveOf(step.type));
    plot.hidden = !active;
    if (active) plot.replaceChildren(...curveWithWords(active, lang, ctx));
  }

  return { element, update };
}

/** @param {UnitView} view @param {Neuron} neuron @param {Step[]} steps @param {Context} ctx @returns {[string, number, string][]} */
function lines({ maximum, terms }, neuron, steps, { t }) {
  const { positive, negative } = balance(neuron.products);
  /** @type {[string, number, string][]} */
  const top = maximum
    ? [[t('panel.sum.maximum', { count: terms.length }), neuron.sum, 'is-result']]
    : [
      [t('panel.sum.positive'), positive, ''], [t('panel.sum.negative'), negative, ''],
      [t('panel.sum.bias'), neuron.bias, ''], [t('panel.sum.sum'), neuron.sum, 'is-result'],
    ];
  const below = steps.map((step) => /** @type {[string, number, string]} */ ([`→ ${operation(step.type, t)}`, step.output, '']));
  return [...top, ...below, [t('panel.sum.output'), neuron.output, 'is-result is-output']];
}

/** The name of a layer type, in words if we have them. @param {string} type @param {import('../core/types.js').Translate} t */
export function operation(type, t) {
  const key = `op.${type}`;
  const name = t(key);
  return name === key ? type : name;
}

/** @param {string} name @param {number} value @param {string} kind @param {(value: number) => string} format @param {string} lang */
function line(name, value, kind, format, lang) {
  return [h('dt', { class: kind }, name), h('dd', { class: kind }, numberElement(value, lang, { text: format(value), focusable: true }))];
}

/** @param {UnitView} view @param {Neuron} neuron @param {Step[]} steps @param {string} lang @returns {Element[]} */
function formulasOf({ maximum, terms, isOutput, frame, unit }, neuron, steps, lang) {
  const result = (/** @type {number} */ value) => signedNumber(short(value, lang));
  if (maximum) {
    const inputs = [sub('x', '1'), mo(','), mi('…'), mo(','), sub('x', String(terms.length))];
    return [formula(mi('a'), mo('='), mi('max'), mo('('), ...inputs, mo(')'), mo('='), result(neuron.output))];
  }
  const products = balance(neuron.products).sum;
  const sum = formula(mi('z'), mo('='), sigma(terms.length), sub('w', 'i'), sub('x', 'i'), mo('+'), mi('b'),
    mo('='), result(products), mo('+'), term(short(neuron.bias, lang)), mo('='), result(neuron.sum));
  const chain = [sum, ...steps.map((step, i) => stepFormula(step, i, steps.length, result(step.output), lang))];
  const score = isOutput ? frame.prediction.top.find((each) => each.class === unit.channel) : undefined;
  return score ? [...chain, softmaxFormula(score.probability, lang)] : chain;
}

/** z → z′ → a: a step's formula with its result. @param {Step} step @param {number} i @param {number} count @param {Node} result @param {string} lang */
function stepFormula(step, i, count, result, lang) {
  const input = primed('z', i);
  const output = i === count - 1 ? mi('a') : primed('z', i + 1);
  const applied = activationFormula(step.type, input, lang) ?? batchNormFormula(step.formula, input, lang) ?? row(mi(step.type), mo('('), input, mo(')'));
  return formula(output, mo('='), applied, mo('='), result);
}

/** @param {Step} step @param {string} lang @param {Context} ctx @returns {(Node|string)[]} */
function curveWithWords({ type, input, output }, lang, { t }) {
  const numbers = { name: operation(type, t), input: short(input, lang), output: short(output, lang) };
  const plot = curvePlot(type, input, output, t('panel.curve.label', numbers));
  const words = h('p', {}, h('b', {}, numbers.name), h('span', {}, t('panel.curve', numbers)), h('small', {}, t(`op.${type}.about`)));
  return plot ? [plot, words] : [words];
}

/** What speaks for (right) and against (left), on one scale, with the net as a tick. */
function createBalance() {
  const negative = h('span', { class: 'balance-negative' });
  const positive = h('span', { class: 'balance-positive' });
  const net = h('span', { class: 'balance-net' });
  const element = h('div', { class: 'balance', 'aria-hidden': 'true' }, negative, positive, net);

  /** @param {{positive: number, negative: number, sum: number}} parts @param {number} bias @param {boolean} maximum */
  function update(parts, bias, maximum) {
    element.hidden = maximum;
    const most = Math.max(parts.positive, -parts.negative, Math.abs(parts.sum + bias), 1e-9);
    negative.style.width = `${(-parts.negative / most) * 50}%`;
    positive.style.width = `${(parts.positive / most) * 50}%`;
    net.style.left = `${50 + ((parts.sum + bias) / most) * 50}%`;
  }

  return { element, update };
}
