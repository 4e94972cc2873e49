/**
 * Rosenblatt's rule, step by step in numbers: the point, the sum, the answer, the error, and what it does to the weights.
 *
 * @typedef {import('../../../core/types.js').Store} Store
 * @typedef {import('../../../views.js').ViewContext} ViewContext
 * @typedef {import('../../../core/points/control.js').PointsControl} Control
 * @typedef {import('../../../core/train/types.js').Update} Update
 */
import { count, short } from '../../../core/numbers/format.js';
import { isMistake } from '../../../core/points/perceptron.js';
import { isPerceptron } from '../../../core/points/choice.js';
import { h } from '../../dom.js';
import { formula, mi, mn, mo, row, signedNumber, sub, term } from '../../math.js';

/** A pair as a vector in brackets. @param {readonly number[]} values @param {string} lang */
function vector(values, lang) {
  return row(mo('('), ...values.flatMap((value, i) => [...(i > 0 ? [mo(';')] : []), signedNumber(short(value, lang))]), mo(')'));
}

/** The step as formulas, one a line. @param {Update} update @param {string} lang */
export function stepFormulas({ x, target, sum, output, learning_rate: rate, before, bias_before: bias, after, bias_after: next }, lang) {
  const n = (/** @type {number} */ value) => signedNumber(short(value, lang));
  const error = target - output;
  const products = before.flatMap((weight, i) => [...(i > 0 ? [mo('+')] : []), term(short(weight, lang)), mo('·'), term(short(x[i], lang))]);
  return [
    formula(mi('z'), mo('='), sub('w', '1'), sub('x', '1'), mo('+'), sub('w', '2'), sub('x', '2'), mo('+'), mi('b'), mo('='), ...products, mo('+'), term(short(bias, lang)), mo('='), n(sum)),
    formula(mi('ŷ'), mo('='), mi('H'), mo('('), n(sum), mo(')'), mo('='), mn(output), mo(','), mi('y'), mo('='), mn(target), mo('⇒'), mi('y'), mo('−'), mi('ŷ'), mo('='), n(error)),
    formula(mi('w'), mo('←'), mi('w'), mo('+'), mi('η'), mo('('), mi('y'), mo('−'), mi('ŷ'), mo(')'), mi('x'), mo('='), vector(before, lang), mo('+'), mn(short(rate, lang)), mo('·'), term(short(error, lang)), mo('·'), vector(x, lang), mo('='), vector(after, lang)),
    formula(mi('b'), mo('←'), mi('b'), mo('+'), mi('η'), mo('('), mi('y'), mo('−'), mi('ŷ'), mo(')'), mo('='), term(short(bias, lang)), mo('+'), mn(short(rate, lang)), mo('·'), term(short(error, lang)), mo('='), n(next)),
  ];
}

/** @param {Store} store @param {ViewContext} ctx @param {Control} control */
export function createRule(store, ctx, control) {
  const { t } = ctx;
  const title = h('h3', { class: 'points-unit-title' });
  const verdict = h('p', { class: 'points-verdict' });
  const lines = h('div', { class: 'points-rule-lines' });
  const body = h('tbody', {});
  const heads = ['step', 'x', 'target', 'sum', 'output', 'weights', 'bias'].map((key) => h('th', { scope: 'col' }, t(`points.rule.${key}`)));
  const table = h('div', { class: 'points-rule-scroll', tabindex: 0, role: 'region', 'aria-label': t('points.rule.table') },
    h('table', { class: 'points-rule-table' }, h('thead', {}, h('tr', {}, ...heads)), body));
  const none = h('p', { class: 'points-note' }, t('points.rule.none'));
  const element = h('section', { class: 'points-rule', 'aria-label': t('points.rule') }, title, none, verdict, lines, table);
  /** @type {readonly Update[]} */
  let listed = [];

  /** @param {Update} update @param {string} lang */
  function line(update, lang) {
    const n = (/** @type {number} */ value) => short(value, lang);
    const cells = [count(update.step, lang), update.x.map(n).join('; '), n(update.target), n(update.sum), n(update.output), update.after.map(n).join('; '), n(update.bias_after)];
    return h('tr', { data: { mistake: String(isMistake(update)) } }, ...cells.map((text) => h('td', { class: 'num' }, text)));
  }

  function update() {
    const { lang, moment } = store.get();
    const { updates } = control.shown();
    element.hidden = !isPerceptron(control.choice());
    if (element.hidden || updates === listed) return;
    listed = updates;
    const [last] = updates;
    title.textContent = last ? t('points.rule.title', { step: count(last.step, lang), point: last.index + 1 }) : t('points.rule');
    none.hidden = last !== undefined && moment === null;
    verdict.hidden = lines.hidden = table.hidden = !last;
    if (!last) return;
    verdict.textContent = t(isMistake(last) ? (last.target > last.output ? 'points.rule.raise' : 'points.rule.lower') : 'points.rule.right');
    verdict.dataset.mistake = String(isMistake(last));
    lines.replaceChildren(...stepFormulas(last, lang).map((each) => h('div', {}, each)));
    body.replaceChildren(...updates.slice(0, 30).map((each) => line(each, lang)));
  }

  return { element, update };
}
