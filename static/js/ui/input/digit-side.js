/** The input of a digit network: the pad, the answer, samples, what the network sees, robustness. */
import { sampleSet } from '../../core/train/data-samples.js';
import { createBars } from './bars.js';
import { h } from '../dom.js';
import { createPad } from '../pad/pad.js';
import { createRobustness } from './robustness.js';
import { createSamples, samplePixels } from './samples.js';
import { createSeen } from './seen.js';

/**
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Widget} Widget
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */

/** A seven; in Fashion-MNIST a sneaker. */
const FIRST_LABEL = 7;

/**
 * The samples to choose from: digits, or pictures of what the network has learnt. The first picture of a fresh page is one
 * of them, and stays one until the reader draws.
 * @param {Store} store @param {ViewContext} ctx @param {ReturnType<typeof createPad>} pad
 */
function createSamplePlace(store, ctx, pad) {
  const element = h('div', { class: 'samples-place' });
  let control = new AbortController();
  /** @type {Widget|null} */
  let widget = null;
  /** @type {string|null} */
  let shown = null;

  /** @param {string} id */
  async function load(id) {
    control.abort();
    control = new AbortController();
    const { signal } = control;
    const samples = await ctx.api.samples(id, { signal }).catch(() => []);
    if (signal.aborted || !samples.length) return;
    widget?.destroy();
    widget = createSamples(store, ctx, samples, (pixels) => pad.load(pixels));
    element.replaceChildren(widget.element);
    if (pad.touched || (!isOffered && store.get().ink.some((value) => value > 0))) return;
    const first = samples.find((sample) => sample.label === FIRST_LABEL) ?? samples[0];
    pad.load(samplePixels(first), { invite: true, forget: true });
    isOffered = true;
  }

  /** Is what lies on the pad one of ours? */
  let isOffered = false;

  function show() {
    const id = sampleSet(store.get());
    if (id === null || id === shown) return;
    shown = id;
    void load(id);
  }

  const stop = store.on(['model', 'trainingData'], show);
  show();
  return { element, destroy() { stop(); control.abort(); widget?.destroy(); } };
}

/** @param {Store} store @param {ViewContext} ctx */
export function createDigitSide(store, ctx) {
  const pad = createPad(store, ctx);
  const bars = createBars(store, ctx);
  const samples = createSamplePlace(store, ctx, pad);
  const seen = createSeen(store, ctx);
  const robustness = createRobustness(store, ctx);
  const widgets = [pad, bars, samples, seen, robustness];
  return {
    pad,
    elements: widgets.map(({ element }) => element),
    destroy: () => widgets.forEach((widget) => widget.destroy()),
  };
}
