/**
 * Smith's range test (2017): a short training whose learning rate rises until the loss does; gives the curve of the loss
 * over the rate and a rate to take. It keeps no network, and is removed when it is done.
 *
 * @typedef {import('./types.js').TrainingRequest} TrainingRequest
 * @typedef {{phase: 'idle'|'sending'|'busy'|'running'|'done'|'failed', metrics: import('./types.js').TrainingMetrics, suggested: number|null, problem: string}} RangeTest
 */
import { isAbort } from '../api.js';
import { patiently } from '../patience.js';
import { idOf, removeTraining, startTraining } from './api.js';
import { followTraining, NO_METRICS } from './follow.js';
import { sendable } from './request.js';

/** @type {Readonly<RangeTest>} */
export const NO_TEST = Object.freeze({ phase: 'idle', metrics: NO_METRICS, suggested: null, problem: '' });
/** The request of the test of a draft. @param {TrainingRequest} draft @returns {TrainingRequest} */
export function rangeRequest({ title: _, stopping: __, epochs: ___, ...draft }) {
  return { ...sendable(draft), schedule: { name: 'range', lowest: 1e-6, highest: 10 } };
}

/**
 * @param {import('../api.js').Api} api @param {(test: RangeTest) => void} onChange
 * @param {{follow?: typeof followTraining, wait?: typeof import('../patience.js').pause}} [options]
 */
export function createRangeTest(api, onChange, { follow = followTraining, wait } = {}) {
  let control = new AbortController();
  /** @type {RangeTest} */
  let test = NO_TEST;
  /** @param {Partial<RangeTest>} patch */
  const set = (patch) => { test = { ...test, ...patch }; onChange(test); };

  /** @param {TrainingRequest} draft */
  async function start(draft) {
    control.abort();
    control = new AbortController();
    const { signal } = control;
    test = NO_TEST;
    set({ phase: 'sending' });
    try {
      const onWait = () => set({ phase: 'busy' });
      const accepted = await patiently(() => startTraining(api, rangeRequest(draft), { signal }), { signal, onWait, ...(wait && { wait }) });
      const id = idOf(accepted.training);
      set({ phase: 'running' });
      const last = await follow(api, id, ({ data, metrics }) => set({ metrics, suggested: data.suggested_rate }), { signal, pause: 150 });
      set({ phase: last.state === 'failed' ? 'failed' : 'done', suggested: last.suggested_rate, problem: last.error ?? '' });
      await removeTraining(api, id).catch(() => {}); // it stays in the list, then
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) set({ phase: 'failed', problem: error instanceof Error ? error.message : String(error) });
    }
  }

  return { start, get: () => test, clear() { control.abort(); set(NO_TEST); }, destroy: () => control.abort() };
}
