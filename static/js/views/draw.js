/** Draw: the pad and the answer on the left, every unit in the middle, the pinned unit on the right, feature maps below. */
import { createBars } from '../ui/bars.js';
import { createConnection } from '../ui/connection.js';
import { h } from '../ui/dom.js';
import { createDrawer } from '../ui/drawer.js';
import { createPad } from '../ui/pad.js';
import { createRobustness } from '../ui/robustness.js';
import { createSamples, samplePixels } from '../ui/samples.js';
import { createSceneToolbar } from '../ui/scene-toolbar.js';
import { createSeen } from '../ui/seen.js';

/**
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../views.js').ViewContext} ViewContext
 * @typedef {import('../core/types.js').Widget} Widget
 */

const FIRST_DIGIT = 7;

/** @type {import('../views.js').View} */
export const drawView = { id: 'draw', mount };

/** Fetches the sample digits; the first picture of a fresh page is one of them. @param {Store} store @param {ViewContext} ctx @param {ReturnType<typeof createPad>} pad @param {(widget: Widget) => void} show @param {AbortSignal} signal */
async function loadSamples(store, ctx, pad, show, signal) {
  const samples = await ctx.api.samples({ signal }).catch(() => []);
  if (signal.aborted || !samples.length) return;
  show(createSamples(store, ctx, samples, (pixels) => pad.load(pixels)));
  if (store.get().ink.some((value) => value > 0)) return;
  const first = samples.find((sample) => sample.label === FIRST_DIGIT) ?? samples[0];
  pad.load(samplePixels(first), { invite: true, forget: true });
}

/** @param {Store} store @param {ViewContext} ctx */
function inputSide(store, ctx) {
  const pad = createPad(store, ctx);
  const widgets = [createBars(store, ctx), createSeen(store, ctx), createRobustness(store, ctx)];
  const [bars, seen, robustness] = widgets;
  const place = h('div', { class: 'samples-place' });
  const giveUp = new AbortController();
  void loadSamples(store, ctx, pad, (widget) => {
    place.replaceWith(widget.element);
    widgets.push(widget);
  }, giveUp.signal);
  return {
    pad,
    element: h('div', { class: 'input-side' }, pad.element, bars.element, place, seen.element, robustness.element),
    destroy() {
      giveUp.abort();
      pad.destroy();
      widgets.forEach((widget) => widget.destroy());
    },
  };
}

/** @param {HTMLElement} host @param {Store} store @param {ViewContext} ctx */
function mount(host, store, ctx) {
  const input = inputSide(store, ctx);
  const connection = createConnection(store, ctx, ctx.session.retry);
  const toolbar = createSceneToolbar(store, ctx, { preset: () => {}, reset: () => {} });
  const stage = h('section', { class: 'stage-side', 'aria-label': ctx.t('draw.network') }, toolbar.element, h('div', { class: 'scene-host' }), connection.element);
  const panel = h('aside', { class: 'panel-side', 'aria-label': ctx.t('draw.unit') });
  const drawer = createDrawer(ctx.t('draw.maps'), h('div'), { open: true, height: 220, resize: ctx.t('draw.resize'), toggled: () => {}, sized: () => {} });
  host.replaceChildren(h('div', { class: 'workspace' }, input.element, stage, panel, drawer.element));

  return {
    exportPng: () => Promise.reject(new Error('no scene')),
    keys: {
      'Ctrl+Z': input.pad.undo, 'Ctrl+Shift+Z': input.pad.redo, 'Ctrl+Y': input.pad.redo, Backspace: input.pad.clear,
      Escape: () => store.set({ pinned: null }),
      1: () => store.set({ projection: '3d' }), 2: () => store.set({ projection: 'flat' }),
      t: () => store.set({ trace: !store.get().trace }), o: () => store.set({ outgoing: !store.get().outgoing }),
      c: () => store.set({ preprocess: store.get().preprocess === 'center' ? 'none' : 'center' }),
      d: () => document.getElementById('pad')?.focus(),
    },
    unmount() {
      input.destroy();
      connection.destroy();
      toolbar.destroy();
    },
  };
}
