/**
 * What the network has learned at the chosen moment: confusion, mistakes, layers, robustness; the tab is `store.trainTab`.
 * `panel` is for the right side: the pictures behind what is chosen, and what the words mean.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Widget} Widget
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {Widget & {panel: HTMLElement, follow: () => void}} Pane
 */
import { h } from '../dom.js';
import { createConfusion } from './confusion.js';
import { createLayers } from './layers.js';
import { createMistakes } from './mistakes.js';
import { createRobustness } from './robustness.js';

/** On phones what is for the right side stands below the analysis: there the side is far away. */
const NARROW = '(max-width: 900px)';

/** @type {Record<string, (store: Store, ctx: ViewContext, isShown: () => boolean) => Pane>} */
const PANES = { confusion: createConfusion, mistakes: createMistakes, layers: createLayers, robustness: createRobustness };

/** @param {Store} store @param {ViewContext} ctx @returns {Widget & {panel: HTMLElement}} */
export function createAnalysis(store, ctx) {
  /** @type {Record<string, Pane>} Made when they are first looked at. */
  const panes = {};
  const element = h('div', { class: 'analysis' });
  const panel = h('div', { class: 'analysis-side' });

  const narrow = matchMedia(NARROW);

  /** Puts what is for the side where it belongs. */
  function arrange() {
    for (const pane of Object.values(panes)) (narrow.matches ? element : panel).append(pane.panel);
  }

  function show() {
    const { trainTab, training } = store.get();
    if (training !== null && trainTab in PANES && !panes[trainTab]) {
      panes[trainTab] = PANES[trainTab](store, ctx, () => store.get().trainTab === trainTab && store.get().training !== null);
      element.append(panes[trainTab].element);
      arrange();
    }
    for (const [id, pane] of Object.entries(panes)) pane.element.hidden = pane.panel.hidden = id !== trainTab;
    panes[trainTab]?.follow();
  }

  const stop = store.on(['trainTab', 'training'], show);
  narrow.addEventListener('change', arrange);
  show();
  return {
    element, panel,
    destroy() {
      stop();
      narrow.removeEventListener('change', arrange);
      Object.values(panes).forEach((pane) => pane.destroy());
    },
  };
}
