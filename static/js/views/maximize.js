/** Maximize: the input on the left, the picture that drives the pinned unit most in the middle, real pictures on the right. */
import { createMaximizeControl } from '../core/maximize/control.js';
import { h } from '../ui/dom.js';
import { createInputSide } from '../ui/input/side.js';
import { createMaximizePanel } from '../ui/maximize/panel.js';
import { createMaximizeStage } from '../ui/maximize/stage.js';
import { createStageNotice } from '../ui/stage-notice.js';
import { createTooltip } from '../ui/tooltip.js';

/** @type {import('../views.js').View} */
export const maximizeView = { id: 'maximize', mount };

/** @param {HTMLElement} host @param {import('../core/types.js').Store} store @param {import('../views.js').ViewContext} ctx */
function mount(host, store, ctx) {
  const control = createMaximizeControl(store, { api: ctx.api, passId: () => ctx.session.passId(), prefer: (stage) => ctx.session.prefer(stage) });
  const input = createInputSide(store, ctx);
  const stage = createMaximizeStage(store, ctx, control);
  const notice = createStageNotice(store, ctx);
  const panel = createMaximizePanel(store, ctx, control);
  const tooltip = createTooltip(store, ctx);
  const element = h('div', { class: 'workspace maximize', data: { pinned: 'true' } }, input.element,
    h('section', { class: 'stage-side', 'aria-label': ctx.t('view.maximize') }, stage.element, notice.element),
    h('aside', { class: 'panel-side', 'aria-label': ctx.t('maximize.real') }, panel.element), tooltip.element);
  host.replaceChildren(element);
  return {
    exportPng: stage.exportPng,
    asItIs: true,
    keys: { ...input.keys, '[': () => stage.step(-1), ']': () => stage.step(1), Escape: control.cancel },
    unmount: () => [stage, input, notice, panel, tooltip, control].forEach((part) => part.destroy()),
  };
}
