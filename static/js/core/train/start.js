/**
 * Starts one training or two beside each other, and shows them. A busy server is asked again.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('./types.js').TrainingRequest} TrainingRequest
 * @typedef {{phase: 'idle'|'sending'|'busy'|'refused', seconds: number, problem: string}} Starting
 */
import { isAbort } from '../api.js';
import { patiently } from '../patience.js';
import { idOf, startTraining } from './api.js';
import { sendable } from './request.js';

/** @type {Readonly<Starting>} */
const IDLE = Object.freeze({ phase: 'idle', seconds: 0, problem: '' });

/**
 * @param {Store} store
 * @param {import('../api.js').Api} api
 * @param {(starting: Starting) => void} onChange
 * @param {{wait?: typeof import('../patience.js').pause}} [options]
 */
export function createStarter(store, api, onChange, { wait } = {}) {
  let control = new AbortController();

  /** @param {TrainingRequest} request @param {AbortSignal} signal */
  async function ask(request, signal) {
    const onWait = (/** @type {number} */ seconds) => onChange({ phase: 'busy', seconds, problem: '' });
    const accepted = await patiently(() => startTraining(api, sendable(request), { signal }), { signal, onWait, ...(wait && { wait }) });
    signal.throwIfAborted();
    return idOf(accepted.training);
  }

  /** @param {TrainingRequest[]} requests  One, or two to compare. @returns {Promise<boolean>}  Is it on its way? */
  async function start(requests) {
    control.abort();
    control = new AbortController();
    const { signal } = control;
    onChange({ ...IDLE, phase: 'sending' });
    try {
      const ids = [];
      for (const request of requests) ids.push(await ask(request, signal));
      store.set({ training: ids[0], compared: ids[1] ?? null, moment: null, trainTab: 'curves' });
      onChange(IDLE);
      return true;
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) onChange({ ...IDLE, phase: 'refused', problem: error instanceof Error ? error.message : String(error) });
      return false;
    }
  }

  return {
    start,
    /** Gives up waiting. */
    cancel() { control.abort(); onChange(IDLE); },
    destroy: () => control.abort(),
  };
}
