/**
 * Pictures of the data set that the present network has learnt from, to try it with: for those who cannot draw a boot.
 *
 * @typedef {import('../types.js').State} State
 * @typedef {{index: number, href: string}} DataPicture
 */
import { presentTraining } from './follow-network.js';

const DIGITS = 'mnist';
const SHOWN = 24;

/** The data set whose pictures the pad offers: digits, or what the network has learnt; null until that is known. @param {Pick<State, 'model'|'trainingData'>} state @returns {string|null} */
export function sampleSet(state) {
  if (state.model?.input.preprocessing !== 'plain') return DIGITS;
  return presentTraining(state)?.request.dataset?.id ?? null;
}

/** The data set that a network for photographs has learnt from here; null for others. @param {Pick<State, 'model'|'trainingData'>} state @returns {string|null} */
export function photoSet(state) {
  return state.model?.input.preprocessing === 'photo' ? presentTraining(state)?.request.dataset?.id ?? null : null;
}

/** Some test pictures, spread over all of them. @param {string} base @param {string} id @param {number} total  Test pictures that there are. @returns {DataPicture[]} */
export function picturesOf(base, id, total) {
  const count = Math.min(SHOWN, total);
  return Array.from({ length: count }, (_, i) => {
    const index = Math.floor((i * total) / count);
    return { index, href: `${base}/datasets/${encodeURIComponent(id)}/pictures/${index}?split=test` };
  });
}
