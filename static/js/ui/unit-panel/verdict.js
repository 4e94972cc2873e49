/**
 * In words, why an output has its value: who wins, by how much, and which units speak for and against.
 *
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/unit/view.js').UnitView} UnitView
 */
import { byStrength } from '../../core/unit/arithmetic.js';
import { percent, short } from '../../core/numbers/format.js';
import { signedShort, unitLabel } from '../../core/unit/text.js';
import { h } from '../dom.js';

const NAMED = 3;

/** @param {Context} ctx */
export function createVerdict(ctx) {
  const standing = h('p', { class: 'verdict-standing' });
  const support = h('p', {});
  const objection = h('p', {});
  const element = h('div', { class: 'verdict' }, standing, support, objection);

  /** @param {UnitView} view @param {string} lang */
  function update(view, lang) {
    element.hidden = !view.isOutput;
    if (!view.isOutput) return;
    standing.textContent = standingText(view, lang, ctx);
    support.textContent = listText(view, lang, ctx, 'panel.verdict.for', 1);
    objection.textContent = listText(view, lang, ctx, 'panel.verdict.against', -1);
  }

  return { element, update };
}

/** @param {UnitView} view @param {string} lang @param {Context} ctx */
function standingText({ frame, unit }, lang, ctx) {
  const { top } = frame.prediction;
  const rank = top.findIndex((score) => score.class === unit.channel);
  if (rank < 0) return '';
  const rival = top[rank === 0 ? 1 : 0];
  return ctx.t(rank === 0 ? 'panel.verdict.wins' : 'panel.verdict.loses', {
    label: top[rank].label, logit: short(top[rank].logit, lang), probability: percent(top[rank].probability, lang),
    rank: rank + 1, count: top.length, rival: rival.label, rivalLogit: short(rival.logit, lang),
  });
}

/** @param {UnitView} view @param {string} lang @param {Context} ctx @param {string} key @param {1|-1} sign */
function listText({ model, terms }, lang, ctx, key, sign) {
  const named = byStrength(terms).filter((i) => terms[i].product * sign > 0).slice(0, NAMED);
  if (named.length === 0) return '';
  const list = named.map((i) => `${unitLabel(model, terms[i].from)} (${signedShort(terms[i].product, lang)})`).join(', ');
  return ctx.t(key, { list });
}
