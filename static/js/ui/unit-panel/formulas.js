/**
 * The formulas of one unit with its numbers: how its inputs make a sum, a maximum, a mean …, then step by step to its output.
 *
 * @typedef {import('../../core/unit/view.js').UnitView} UnitView
 * @typedef {import('../../core/unit/neurons.js').Neuron} Neuron
 * @typedef {import('../../core/unit/neurons.js').Step} Step
 */
import { balance } from '../../core/unit/arithmetic.js';
import { short } from '../../core/numbers/format.js';
import { takesOne } from '../../core/unit/view.js';
import { activationFormula, batchNormFormula, formula, fraction, mi, mo, primed, responseNormFormula, row, sigma, signedNumber, softmaxFormula, sub, term } from '../math.js';

/** @param {UnitView} view @param {Neuron} neuron @param {Step[]} steps @param {string} lang @returns {Element[]} */
export function formulasOf(view, neuron, steps, lang) {
  const { isOutput, frame, unit } = view;
  const first = formula(mi(steps.length === 0 ? 'a' : 'z'), mo('='), ...gathered(view, neuron, lang));
  const chain = [first, ...steps.map((step, i) => stepFormula(step, i, steps.length, result(step.output, lang), lang))];
  const score = isOutput ? frame.prediction.top.find((each) => each.class === unit.channel) : undefined;
  return score ? [...chain, softmaxFormula(score.probability, lang)] : chain;
}

/** @param {number} value @param {string} lang */
function result(value, lang) {
  return signedNumber(short(value, lang));
}

/** What stands behind the first equals sign. @param {UnitView} view @param {Neuron} neuron @param {string} lang @returns {Node[]} */
function gathered({ form, terms }, neuron, lang) {
  const sum = result(neuron.sum, lang);
  if (takesOne(form)) {
    return [mi(form === 'minimum' ? 'min' : 'max'), mo('('), sub('x', '1'), mo(','), mi('…'), mo(','), sub('x', String(terms.length)), mo(')'), mo('='), sum];
  }
  if (form === 'average') return [fraction(1, divisor(terms)), sigma(terms.length), sub('x', 'i'), mo('='), sum];
  if (form === 'concatenation') return [mi('x'), mo('='), sum];
  if (form === 'addition') {
    const parts = terms.flatMap(({ product }, i) => [...(i ? [mo('+')] : []), term(short(product, lang))]);
    return [...terms.flatMap((_, i) => [...(i ? [mo('+')] : []), sub('x', String(i + 1))]), mo('='), ...parts, mo('='), sum];
  }
  const products = balance(neuron.products).sum;
  return [sigma(terms.length), sub('w', 'i'), sub('x', 'i'), mo('+'), mi('b'), mo('='), result(products, lang), mo('+'), term(short(neuron.bias, lang)), mo('='), sum];
}

/** By how much an average divides. @param {readonly {weight: number}[]} terms */
function divisor(terms) {
  return terms.length > 0 ? Math.round(1 / terms[0].weight) : 1;
}

/** z → z′ → a: a step's formula with its result. @param {Step} step @param {number} i @param {number} count @param {Node} value @param {string} lang */
function stepFormula(step, i, count, value, lang) {
  const input = primed('z', i);
  const output = i === count - 1 ? mi('a') : primed('z', i + 1);
  const applied = activationFormula(step.type, input, lang) ?? batchNormFormula(step.formula, input, lang)
    ?? responseNormFormula(step.formula, input, lang) ?? row(mi(step.type), mo('('), input, mo(')'));
  return formula(output, mo('='), applied, mo('='), value);
}
