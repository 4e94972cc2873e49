/**
 * The way down: the units that a unit's value comes from most, as buttons that go to them.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Unit} Unit
 * @typedef {import('../../core/unit/view.js').UnitView} UnitView
 */
import { bySupport } from '../../core/unit/arithmetic.js';
import { signedShort, unitLabel } from '../../core/unit/text.js';
import { short } from '../../core/numbers/format.js';
import { takesOne } from '../../core/unit/view.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';

const SHOWN = 5;
/** Names of more letters have a line each. */
const LONG = 18;
/** @type {Partial<Record<import('../../core/unit/view.js').Form, string>>} */
const TITLES = { addition: 'panel.sources.addition', concatenation: 'panel.sources.concatenation' };

/** @param {Store} store @param {Context} ctx */
export function createSources(store, ctx) {
  const title = h('h3', {});
  const chips = Array.from({ length: SHOWN }, (_, i) => createChip(store, i === 0));
  const list = h('ul', { class: 'chips' }, ...chips.map((chip) => chip.element));
  const end = h('p', { class: 'sources-end' });
  const element = h('section', { class: 'sources' }, title, list, end);

  /** @param {UnitView} view @param {string} lang */
  function update({ model, form, terms, output, exact, isOutput }, lang) {
    const isPixel = form === 'input';
    element.hidden = !isPixel && terms.length === 0;
    title.textContent = ctx.t(isPixel ? 'panel.pixel.title' : TITLES[form] ?? 'panel.sources');
    list.hidden = isPixel;
    end.hidden = !isPixel;
    end.textContent = isPixel ? ctx.t('panel.pixel', { value: (exact ? '' : '≈ ') + short(output, lang) }) : '';
    const shown = takesOne(form) ? terms.filter(({ weight }) => weight === 1) : bySupport(terms, isOutput ? 1 : output).map((i) => terms[i]);
    list.classList.toggle('is-long', shown.length > 0 && unitLabel(model, shown[0].from).length > LONG);
    chips.forEach((chip, i) => {
      chip.element.hidden = isPixel || i >= shown.length || (i > 0 && takesOne(form)); // of equal ones, the first is the winner
      if (chip.element.hidden) return;
      const { from, product } = shown[i];
      chip.show(from, unitLabel(model, from), product, signedShort(product, lang), ctx);
    });
  }

  return { element, update };
}

/** @param {Store} store @param {boolean} isFirst */
function createChip(store, isFirst) {
  /** @type {Unit|null} */
  let unit = null;
  const name = h('span', { class: 'chip-name' });
  const value = h('span', { class: 'chip-value num' });
  const point = () => store.set({ hover: unit });
  const leave = () => store.set({ hover: null });
  const button = h('button', {
    class: isFirst ? 'chip chip-first' : 'chip', type: 'button',
    on: { click: () => store.set({ pinned: unit, hover: null }), pointerenter: point, pointerleave: leave, focus: point, blur: leave },
  }, isFirst && icon('chevron'), name, value);

  /** @param {Unit} from @param {string} label @param {number} product @param {string} text @param {Context} ctx */
  function show(from, label, product, text, ctx) {
    unit = from;
    name.textContent = label;
    value.textContent = text;
    value.classList.toggle('is-negative', product < 0);
    button.title = ctx.t('panel.source.title');
  }

  return { element: h('li', {}, button), show };
}
