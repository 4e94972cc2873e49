import { h } from '../dom.js';

/** @param {import('../../core/types.js').Store} _store @param {import('../../views.js').ViewContext} _ctx */
export function createSetup(_store, _ctx) {
  return { element: h('div', {}), keys: /** @type {Record<string, () => void>} */ ({}), destroy() {} };
}
