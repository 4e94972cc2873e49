/** Filters: under construction. */
import { h } from '../ui/dom.js';
import { createInputSide } from '../ui/input-side.js';

/** @type {import('../views.js').View} */
export const filtersView = {
  id: 'filters',
  mount(host, store, ctx) {
    const input = createInputSide(store, ctx);
    host.replaceChildren(h('div', { class: 'workspace' }, input.element, h('section', { class: 'stage-side' }), h('aside', { class: 'panel-side' })));
    return { exportPng: () => Promise.reject(new Error('nothing to save')), keys: input.keys, unmount: input.destroy };
  },
};
