/** Filters: the input on the left, the kernels of one layer in the middle, the pinned unit on the right. */
import { h } from '../ui/dom.js';
import { createFiltersBoard } from '../ui/filters/filters-board.js';
import { createInputSide } from '../ui/input/side.js';
import { createStageNotice } from '../ui/stage-notice.js';
import { createTooltip } from '../ui/tooltip.js';
import { createUnitPanel } from '../ui/unit-panel/panel.js';

/** @type {import('../views.js').View} */
export const filtersView = { id: 'filters', mount };

/** The picture of a canvas that is shown large, as a file. @param {HTMLElement} board @returns {Promise<Blob>} */
function exportPng(board) {
  const sheets = /** @type {HTMLCanvasElement[]} */ ([...board.querySelectorAll('canvas')]).filter((canvas) => canvas.checkVisibility());
  const largest = sheets.sort((a, b) => b.width * b.height - a.width * a.height)[0];
  return new Promise((resolve, reject) => {
    if (!largest) return reject(new Error('There is no filter to save yet.'));
    largest.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be made.'))), 'image/png');
  });
}

/** @param {HTMLElement} host @param {import('../core/types.js').Store} store @param {import('../views.js').ViewContext} ctx */
function mount(host, store, ctx) {
  const input = createInputSide(store, ctx);
  const board = createFiltersBoard(store, ctx);
  const notice = createStageNotice(store, ctx);
  const panel = createUnitPanel(store, ctx);
  const tooltip = createTooltip(store, ctx);
  const element = h('div', { class: 'workspace' }, input.element,
    h('section', { class: 'stage-side filters-side', 'aria-label': ctx.t('view.filters') }, board.element, notice.element),
    h('aside', { class: 'panel-side', 'aria-label': ctx.t('place.unit') }, panel.element), tooltip.element);
  host.replaceChildren(element);

  const showPinned = () => { element.dataset.pinned = String(store.get().pinned !== null); };
  const stop = store.on(['pinned'], showPinned);
  showPinned();
  return {
    exportPng: () => exportPng(board.element),
    keys: { ...input.keys, Escape: () => (board.isOpen() ? board.close() : store.set({ pinned: null })) },
    unmount() {
      stop();
      [input, board, notice, panel, tooltip].forEach((part) => part.destroy());
    },
  };
}
