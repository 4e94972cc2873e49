/**
 * Where the reader came through on the way down, each unit a way back.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Model} Model
 * @typedef {import('../../core/types.js').Unit} Unit
 */
import { unitLabel } from '../../core/unit/text.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';

/** @param {Store} store @param {Context} ctx */
export function createTrail(store, ctx) {
  const element = h('nav', { class: 'trail' });

  /** @param {Model} model @param {readonly Unit[]} units */
  function update(model, units) {
    element.setAttribute('aria-label', ctx.t('panel.trail'));
    element.hidden = units.length < 2;
    if (element.hidden) return element.replaceChildren();
    const back = h('button', {
      class: 'trail-back', type: 'button', title: ctx.t('panel.back'), 'aria-label': ctx.t('panel.back'),
      on: { click: () => store.set({ pinned: units[units.length - 2] }) },
    }, icon('chevron'));
    const list = h('ol', {}, ...units.map((unit, i) => step(model, unit, i === units.length - 1)));
    element.replaceChildren(back, list);
    list.scrollLeft = list.scrollWidth;
  }

  /** @param {Model} model @param {Unit} unit @param {boolean} isLast */
  function step(model, unit, isLast) {
    const name = unitLabel(model, unit);
    if (isLast) return h('li', {}, h('span', { 'aria-current': 'true' }, name));
    return h('li', {}, h('button', { type: 'button', on: { click: () => store.set({ pinned: unit }) } }, name));
  }

  return { element, update };
}
