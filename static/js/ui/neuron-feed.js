/**
 * The exact arithmetic of the pinned unit, asked from the server while the pen moves: at most eight times a second,
 * the newest drawing wins.
 *
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../core/types.js').Context} Context
 * @typedef {import('../core/unit-view.js').UnitView} UnitView
 * @typedef {import('./arithmetic.js').Neuron} Neuron
 */
import { sameUnit } from '../core/graph.js';
import { createLatest } from '../core/latest.js';
import { unitPlace } from '../core/snippets.js';

const PAUSE = 120;

/**
 * @param {Store} store
 * @param {Context} ctx
 * @param {(view: UnitView, neuron: Neuron) => void} onAnswer  Only while the unit is still the pinned one.
 * @param {(detail: string) => void} onError
 */
export function createNeuronFeed(store, ctx, onAnswer, onError) {
  /** @param {UnitView} view @param {AbortSignal} signal */
  async function ask(view, signal) {
    const { drawing, preprocess } = store.get();
    const { model, stage, unit } = view;
    try {
      const pass = await ctx.api.createPass(model.id, drawing, { preprocess, signal });
      const neuron = await ctx.api.neuron(pass.id, stage.output, unitPlace(stage, unit), { signal });
      const state = store.get();
      if (sameUnit(state.pinned, unit) && state.model === model) onAnswer(view, neuron);
    } catch (error) {
      if (!signal.aborted) onError(error instanceof Error ? error.message : String(error));
    }
  }

  return createLatest(ask, PAUSE);
}
