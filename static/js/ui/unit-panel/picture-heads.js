/**
 * The words over the pictures: what the three columns are, and the range of their colours.
 *
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Range} Range
 * @typedef {import('../../core/unit/view.js').UnitView} UnitView
 * @typedef {'input'|'weight'|'product'} Kind
 * @typedef {Record<Kind, Range>} Ranges
 */
import { magnitude } from '../../core/unit/arithmetic.js';
import { stageRange } from '../../core/numbers/colormap.js';
import { short } from '../../core/numbers/format.js';
import { takesOne } from '../../core/unit/view.js';
import { h } from '../dom.js';

const KINDS = /** @type {const} */ (['input', 'weight', 'product']);

/** @param {Context} ctx */
export function createPictureHeads(ctx) {
  const title = h('h3', {});
  const heads = KINDS.map(() => h('span', {}));
  const sign = () => h('span', { class: 'picture-sign' });
  const row = h('div', { class: 'picture-row pictures-heads' }, heads[0], sign(), heads[1], sign(), heads[2]);

  /** @param {UnitView} view @param {Ranges} ranges @param {boolean} hasSums @param {string} lang */
  function update(view, ranges, hasSums, lang) {
    title.textContent = ctx.t(view.form === 'maximum' ? 'panel.pictures.pool' : view.form === 'minimum' ? 'panel.pictures.minimum' : `panel.pictures.${view.layout.kind}`, { count: view.terms.length });
    row.classList.toggle('has-sums', hasSums);
    heads.forEach((node, i) => {
      node.replaceChildren(h('b', {}, kindName(view, KINDS[i], ctx)), h('small', {}, rangeText(ranges[KINDS[i]], lang)));
    });
  }

  return { elements: [title, row], update };
}

/** What a column shows, in words. @param {UnitView} view @param {Kind} kind @param {Context} ctx */
export function kindName({ form, layout }, kind, { t }) {
  if (kind === 'input') return t('panel.input');
  if (kind === 'product') return t('panel.product');
  if (takesOne(form)) return t('panel.winner');
  return t(form === 'average' ? 'panel.shares' : layout.kind === 'windows' ? 'panel.kernel' : 'panel.weights');
}

/** @param {Range} range @param {string} lang */
function rangeText({ lo, hi }, lang) {
  return lo < 0 && lo === -hi ? `±${short(hi, lang)}` : `${short(lo, lang)} … ${short(hi, lang)}`;
}

/**
 * The ranges of the three columns: inputs as in the scene (in large networks what this unit reads), weights and products about zero.
 * @param {UnitView} view @param {'map'|'layer'|'fixed'} scale @param {boolean} large
 * @returns {Ranges}
 */
export function rangesOf({ model, frame, terms, layout: { pictures } }, scale, large) {
  const stage = model.stages.find(({ id }) => id === pictures[0].stage) ?? model.stages[0];
  const tensor = frame.tensors.get(stage.output) ?? { shape: [1], data: new Float32Array(1) };
  return {
    input: large ? readRange(terms.map(({ input }) => input)) : stageRange(model, stage, tensor, pictures.length === 1 ? pictures[0].channel : null, scale),
    weight: around(terms.map(({ weight }) => weight)),
    product: around(terms.map(({ product }) => product)),
  };
}

/** From zero where nothing is negative. @param {number[]} values @returns {Range} */
function readRange(values) {
  return values.some((value) => value < 0) ? around(values) : { lo: 0, hi: magnitude(values) || 1, signed: false };
}

/** A range about zero that holds all values. @param {number[]} values @returns {Range} */
function around(values) {
  const limit = magnitude(values) || 1;
  return { lo: -limit, hi: limit, signed: true };
}
