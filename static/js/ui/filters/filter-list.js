/** The filters of a deeper layer as a list of rows, of which only those in sight exist. */
import { h } from '../dom.js';
import { createVirtualRows } from '../virtual-rows.js';
import { createFilterRow } from './filter-row.js';

/**
 * @typedef {import('../../core/filters/kernels.js').Filters} Filters
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('../../core/types.js').Translate} Translate
 */

const ROW_HEIGHT = 84;

/** @param {Translate} t @param {{open: (channel: number) => void, openInput: (channel: number) => void}} events */
export function createFilterList(t, events) {
  const body = h('div', { class: 'filter-list', role: 'list' });
  const element = h('div', { class: 'filter-scroll', tabindex: 0, role: 'region', 'aria-label': t('filters.list') }, body);
  /** @type {number[]} */
  let order = [];
  /** @type {import('./filter-row.js').Look|null} */
  let look = null;
  const rows = createVirtualRows({
    scroller: element, body, tag: 'div', rowHeight: ROW_HEIGHT,
    create: () => createFilterRow(t, events),
    show: (row, index) => { if (look) row.show(order[index], look); },
  });

  /** @param {Filters} filters @param {number[]} next @param {(channel: number) => Float32Array|null} weightsOf @param {(channel: number) => number} limit @param {Palette} palette @param {string} lang */
  function show(filters, next, weightsOf, limit, palette, lang) {
    order = next;
    look = { filters, limit, most: Math.max(...filters.filters.map(({ norm }) => norm)) || 1, palette, lang, weightsOf };
    rows.update(order.length);
  }

  const watcher = new ResizeObserver(() => rows.update(order.length));
  watcher.observe(element);
  return {
    element, show,
    redraw: () => rows.update(order.length),
    toTop: () => { element.scrollTop = 0; },
    destroy() { watcher.disconnect(); rows.destroy(); },
  };
}
