/** Features: the input on the left, every map of a layer in the middle, one enlarged over the picture, the pinned unit on the right. */
import { h } from '../ui/dom.js';
import { createNeighbourList } from '../ui/features/neighbours.js';
import { createFeatureStage } from '../ui/features/stage.js';
import { createInputSide } from '../ui/input/side.js';
import { createTooltip } from '../ui/tooltip.js';
import { createUnitPanel } from '../ui/unit-panel/panel.js';

/** @type {import('../views.js').View} */
export const featuresView = { id: 'features', mount };

/** @param {HTMLElement} host @param {import('../core/types.js').Store} store @param {import('../views.js').ViewContext} ctx */
function mount(host, store, ctx) {
  const near = createNeighbourList(store, ctx);
  const input = createInputSide(store, ctx, [near.element]);
  const stage = createFeatureStage(store, ctx);
  const panel = createUnitPanel(store, ctx);
  const tooltip = createTooltip(store, ctx);
  const element = h('div', { class: 'workspace features' }, input.element, stage.element,
    h('aside', { class: 'panel-side', 'aria-label': ctx.t('place.unit') }, panel.element), tooltip.element);
  host.replaceChildren(element);

  const showPinned = () => { element.dataset.pinned = String(store.get().pinned !== null); };
  const stop = store.on(['pinned'], showPinned);
  showPinned();
  return {
    exportPng: stage.exportPng,
    keys: {
      ...input.keys,
      '[': () => stage.step(-1),
      ']': () => stage.step(1),
      PageUp: () => stage.stepLayer(-1),
      PageDown: () => stage.stepLayer(1),
      Escape: () => { if (!stage.back()) store.set({ pinned: null }); },
    },
    unmount() {
      stop();
      [input, near, stage, panel, tooltip].forEach((part) => part.destroy());
    },
  };
}
