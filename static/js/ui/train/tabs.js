/**
 * What of a training is shown: its curves, what the network makes of the pictures, its layers. The chosen one is
 * `store.trainTab`.
 */
import { h } from '../dom.js';
import { fadeScrollEdges } from '../scroll-edges.js';

export const TABS = /** @type {const} */ (['curves', 'confusion', 'mistakes', 'layers', 'robustness']);

/** @param {import('../../core/types.js').Store} store @param {import('../../views.js').ViewContext} ctx */
export function createTabs(store, ctx) {
  const { t } = ctx;
  const buttons = TABS.map((id) => h('button', { class: 'train-tab', type: 'button', on: { click: () => store.set({ trainTab: id }) } }, t(`train.tab.${id}`)));
  const element = h('div', { class: 'train-tabs', role: 'group', 'aria-label': t('train.tabs') }, ...buttons);
  const unfade = fadeScrollEdges(element);

  function show() {
    buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(TABS[i] === store.get().trainTab)));
    const { offsetLeft, offsetWidth } = buttons[TABS.findIndex((id) => id === store.get().trainTab)] ?? buttons[0];
    element.scrollTo({ left: offsetLeft - (element.clientWidth - offsetWidth) / 2 });
  }

  const stop = store.on(['trainTab'], show);
  show();
  return { element, destroy() { stop(); unfade(); } };
}
