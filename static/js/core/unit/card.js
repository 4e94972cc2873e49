/**
 * What the server knows of one unit: `GET /models/{model}/layers/{layer}/units/{channel}`. The newest question wins.
 *
 * @typedef {import('./address.js').Subject} Subject
 *
 * @typedef {object} LinkedUnit  A channel that this one reads, or that reads it.
 * @property {string} layer
 * @property {number} channel
 * @property {number} weight  Signed sum of the kernel between the two.
 * @property {number} norm    Its Euclidean norm.
 *
 * @typedef {object} UnitCard
 * @property {string} model
 * @property {{source: string, sha256: string}} weights
 * @property {import('../types.js').Layer} layer
 * @property {number} channel
 * @property {string|null} class_label
 * @property {string|null} weighted_layer  The layer with its kernel; null for a pool.
 * @property {string|null} kernel          Where its filter is.
 * @property {number[]|null} kernel_shape
 * @property {number|null} bias
 * @property {LinkedUnit[]} before  Strongest first.
 * @property {LinkedUnit[]} after
 * @property {number|null} previous
 * @property {number|null} next
 */
import { isAbort } from '../api.js';
import { hasWeights } from '../session.js';
import { layerPath } from './tops.js';

/** @param {Pick<import('../api.js').Api, 'json'>} api @param {() => void} onChange */
export function createUnitCard(api, onChange) {
  /** @type {UnitCard|null} */
  let card = null;
  let problem = '';
  /** @type {unknown[]} What was asked for. */
  let asked = [];
  let control = new AbortController();

  /** @param {Subject} subject */
  async function load({ model, layer, channel }) {
    control.abort();
    control = new AbortController();
    const { signal } = control;
    try {
      const found = await api.json(`${layerPath(model.id, layer.id)}/units/${channel}`, { signal });
      if (signal.aborted) return;
      card = found;
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      problem = error instanceof Error ? error.message : String(error);
    }
    onChange();
  }

  return {
    card: () => card,
    problem: () => problem,
    /** Asks for another unit; for the same one it does nothing. @param {Subject} subject */
    show(subject) {
      const key = [subject.model, subject.model.weights.source, subject.layer.id, subject.channel];
      if (key.every((part, i) => part === asked[i])) return;
      asked = key;
      card = null;
      problem = '';
      if (hasWeights(subject.model)) void load(subject);
    },
    destroy: () => control.abort(),
  };
}
