/** The input of a digit network: the pad, the answer, samples, what the network sees, robustness. */
import { createBars } from './bars.js';
import { h } from './dom.js';
import { createPad } from './pad.js';
import { createRobustness } from './robustness.js';
import { createSamples, samplePixels } from './samples.js';
import { createSeen } from './seen.js';

/**
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../core/types.js').Widget} Widget
 * @typedef {import('../views.js').ViewContext} ViewContext
 */

const FIRST_DIGIT = 7;

/**
 * Fetches the sample digits; the first picture of a fresh page is one of them.
 * @param {Store} store @param {ViewContext} ctx @param {ReturnType<typeof createPad>} pad
 * @param {(widget: Widget) => void} show @param {AbortSignal} signal
 */
async function loadSamples(store, ctx, pad, show, signal) {
  const samples = await ctx.api.samples({ signal }).catch(() => []);
  if (signal.aborted || !samples.length) return;
  show(createSamples(store, ctx, samples, (pixels) => pad.load(pixels)));
  if (store.get().ink.some((value) => value > 0) || pad.touched) return;
  const first = samples.find((sample) => sample.label === FIRST_DIGIT) ?? samples[0];
  pad.load(samplePixels(first), { invite: true, forget: true });
}

/** @param {Store} store @param {ViewContext} ctx */
export function createDigitSide(store, ctx) {
  const pad = createPad(store, ctx);
  const bars = createBars(store, ctx);
  const seen = createSeen(store, ctx);
  const robustness = createRobustness(store, ctx);
  /** @type {Widget[]} */
  const widgets = [pad, bars, seen, robustness];
  const place = h('div', { class: 'samples-place' });
  const giveUp = new AbortController();
  void loadSamples(store, ctx, pad, (widget) => {
    place.replaceWith(widget.element);
    widgets.push(widget);
  }, giveUp.signal);
  return {
    pad,
    elements: [pad.element, bars.element, place, seen.element, robustness.element],
    destroy() {
      giveUp.abort();
      widgets.forEach((widget) => widget.destroy());
    },
  };
}
