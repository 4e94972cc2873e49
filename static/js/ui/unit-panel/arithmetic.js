/**
 * The arithmetic of a unit as numbers that add up: products + bias = sum, then step by step to the output.
 * All numbers are the server's (float64 sums over the network's own values).
 *
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/unit/view.js').UnitView} UnitView
 * @typedef {import('../../core/unit/neurons.js').Neuron} Neuron
 * @typedef {import('../../core/unit/neurons.js').Step} Step
 */
import { balance, curveOf } from '../../core/unit/arithmetic.js';
import { short } from '../../core/numbers/format.js';
import { columnFormat, unitLabel } from '../../core/unit/text.js';
import { curvePlot } from './curve.js';
import { takesOne } from '../../core/unit/view.js';
import { h } from '../dom.js';
import { formulasOf } from './formulas.js';
import { numberElement } from '../number.js';

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
    element.hidden = view.form === 'input';
    title.textContent = ctx.t('panel.arithmetic');
    element.classList.toggle('is-waiting', neuron === null);
    if (element.hidden || neuron === null) return;
    const steps = neuron.steps.filter((step) => step.type !== 'Dropout');
    formulas.replaceChildren(...formulasOf(view, neuron, steps, lang));
    bar.update(balance(neuron.products), neuron.bias, view.form !== 'sum');
    const format = columnFormat([neuron.sum, neuron.output, ...Object.values(balance(neuron.products))], lang);
    column.replaceChildren(...lines(view, neuron, steps, ctx).flatMap(([name, value, kind]) => line(name, value, kind, format, lang)));
    const active = steps.find((step) => curveOf(step.type));
    plot.hidden = !active;
    if (active) plot.replaceChildren(...curveWithWords(active, lang, ctx));
  }

  return { element, update };
}

/** @param {UnitView} view @param {Neuron} neuron @param {Step[]} steps @param {Context} ctx @returns {[string, number, string][]} */
function lines(view, neuron, steps, ctx) {
  const below = steps.map((step) => /** @type {[string, number, string]} */ ([`→ ${operation(step.type, ctx.t)}`, step.output, '']));
  return [...gathered(view, neuron, ctx), ...below, [ctx.t('panel.sum.output'), neuron.output, 'is-result is-output']];
}

/** From what the unit reads to its sum. @param {UnitView} view @param {Neuron} neuron @param {Context} ctx @returns {[string, number, string][]} */
function gathered({ model, form, terms }, { products, bias, sum }, { t }) {
  const { positive, negative } = balance(products);
  if (takesOne(form)) return [[t(`panel.sum.${form}`, { count: terms.length }), sum, 'is-result']];
  if (form === 'average') return [[t('panel.sum.average', { count: terms.length }), sum, 'is-result']];
  if (form === 'addition' || form === 'concatenation') {
    const parts = terms.map(({ from, product }) => /** @type {[string, number, string]} */ ([unitLabel(model, from), product, '']));
    return form === 'addition' ? [...parts, [t('panel.sum.addition'), sum, 'is-result']] : parts;
  }
  return [
    [t('panel.sum.positive'), positive, ''], [t('panel.sum.negative'), negative, ''],
    [t('panel.sum.bias'), bias, ''], [t('panel.sum.sum'), sum, 'is-result'],
  ];
}

/** The name of a layer type, in words if we have them. @param {string} type @param {import('../../core/types.js').Translate} t */
export function operation(type, t) {
  const key = `op.${type}`;
  const name = t(key);
  return name === key ? type : name;
}

/** @param {string} name @param {number} value @param {string} kind @param {(value: number) => string} format @param {string} lang */
function line(name, value, kind, format, lang) {
  return [h('dt', { class: kind }, name), h('dd', { class: kind }, numberElement(value, lang, { text: format(value), focusable: true }))];
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

  /** @param {{positive: number, negative: number, sum: number}} parts @param {number} bias @param {boolean} isHidden */
  function update(parts, bias, isHidden) {
    element.hidden = isHidden;
    const most = Math.max(parts.positive, -parts.negative, Math.abs(parts.sum + bias), 1e-9);
    negative.style.width = `${(-parts.negative / most) * 50}%`;
    positive.style.width = `${(parts.positive / most) * 50}%`;
    net.style.left = `${50 + ((parts.sum + bias) / most) * 50}%`;
  }

  return { element, update };
}
