/**
 * From a unit to its page, and to the input that it wants. Real links: they open in a new tab, too.
 *
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../views.js').ViewContext} ViewContext
 * @typedef {import('../core/unit/address.js').UnitAddress} UnitAddress
 */
import { pinnedFor, subjectAt, unitHref } from '../core/unit/address.js';
import { h } from './dom.js';

/** Is this a click that the browser itself should follow: to a new tab or window? @param {MouseEvent} event */
function isForBrowser({ ctrlKey, metaKey, shiftKey, altKey, button }) {
  return ctrlKey || metaKey || shiftKey || altKey || button !== 0;
}

/**
 * A link to a unit's page. @param {Store} store @param {Pick<ViewContext, 'open'>} ctx @param {UnitAddress} address
 * @param {import('./dom.js').Props} props @param {...import('./dom.js').Child} children
 */
export function unitLink(store, { open }, address, props, ...children) {
  return h('a', { href: unitHref(address, store.get().weights), ...props, on: { click: (event) => {
    if (isForBrowser(event)) return;
    event.preventDefault();
    open('unit', { unitPage: address });
  } } }, ...children);
}

/** Both links for one unit. @param {Store} store @param {Pick<ViewContext, 'open'|'t'>} ctx */
export function createUnitLinks(store, ctx) {
  const element = h('p', { class: 'unit-links', hidden: true });
  let shown = '';

  /** @param {UnitAddress} address */
  function maximize(address) {
    const { model, pinned } = store.get();
    const subject = model && subjectAt(model, address);
    if (subject) ctx.open('maximize', { pinned: pinnedFor(subject, pinned), drawer: subject.stage.id });
  }

  return {
    element,
    /** @param {UnitAddress|null} address  Null hides them. */
    show(address) {
      const key = address ? unitHref(address, store.get().weights) : '';
      if (key === shown) return;
      shown = key;
      element.hidden = address === null;
      if (!address) return element.replaceChildren();
      element.replaceChildren(unitLink(store, ctx, address, { class: 'link-button' }, ctx.t('unit.page')),
        h('button', { class: 'link-button', type: 'button', on: { click: () => maximize(address) } }, ctx.t('unit.maximize')));
    },
  };
}
