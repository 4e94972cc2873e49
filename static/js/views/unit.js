/** Unit: the input on the left, and a page about one unit: what it wants to see, real pictures, its map, its kernel, its neighbours. */
import { followUnit } from '../core/unit/follow.js';
import { h } from '../ui/dom.js';
import { createInputSide } from '../ui/input/side.js';
import { createStageNotice } from '../ui/stage-notice.js';
import { createTooltip } from '../ui/tooltip.js';
import { createUnitPage } from '../ui/unit-page/page.js';

/** @type {import('../views.js').View} */
export const unitView = { id: 'unit', mount };

/** @param {HTMLElement} host @param {import('../core/types.js').Store} store @param {import('../views.js').ViewContext} ctx */
function mount(host, store, ctx) {
  const input = createInputSide(store, ctx);
  const page = createUnitPage(store, ctx);
  const notice = createStageNotice(store, ctx);
  const tooltip = createTooltip(store, ctx);
  const element = h('div', { class: 'workspace unit-view' }, input.element,
    h('section', { class: 'stage-side', 'aria-label': ctx.t('view.unit') }, page.element, notice.element), tooltip.element);
  host.replaceChildren(element);
  const stop = followUnit(store);
  return {
    exportPng: page.exportPng,
    keys: { ...input.keys, '[': () => page.step(-1), ']': () => page.step(1) },
    unmount() {
      stop();
      [input, page, notice, tooltip].forEach((part) => part.destroy());
    },
  };
}
