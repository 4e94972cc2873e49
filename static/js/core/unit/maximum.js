/**
 * The input that maximizes a unit, for its page: one that the server has kept, else the quick one, which starts by itself.
 *
 * @typedef {import('./address.js').Subject} Subject
 * @typedef {import('../maximize/run.js').Maximization} Maximization
 * @typedef {import('../maximize/run.js').MaximizedPicture} MaximizedPicture
 */
import { isAbort } from '../api.js';
import { createMaximizer } from '../maximize/run.js';
import { hasWeights } from '../session.js';

/** The reader steps through units: the one at rest is computed. */
const REST = 300;

/** Is this picture of the unit? @param {Subject} subject @param {Pick<MaximizedPicture, 'layer'|'channel'|'class'>} picture */
function isOf({ layer, channel, label }, picture) {
  if (label !== null && picture.class === channel) return true;
  return picture.layer === layer.id && picture.channel === channel;
}

/** The place of the unit's picture in a batch. @param {Maximization} answer @param {Subject} subject */
export function pictureIndex({ pictures }, subject) {
  return Math.max(0, pictures.findIndex((picture) => isOf(subject, picture)));
}

/** The newest kept answer that shows what the whole channel wants to see. @param {Maximization[]} kept @param {Subject} subject */
export function bestKept(kept, subject) {
  const { sha256 } = subject.model.weights;
  return kept.find(({ state, weights, request, pictures }) => state === 'done' && weights.sha256 === sha256 && (request.objective ?? 'activation') === 'activation'
    && (request.neuron ?? null) === null && request.transforms !== false && pictures.some((picture) => isOf(subject, picture))) ?? null;
}

/** What is asked for: everything as the server proposes. @param {Subject} subject */
export function unitRequest({ layer, channel, label }) {
  return label === null ? { layer: layer.id, channel } : { class: channel };
}

/**
 * @param {import('../api.js').Api} api @param {() => void} onChange
 * @param {{after?: (work: () => void, ms: number) => any, maximizer?: typeof createMaximizer}} [options]
 */
export function createUnitMaximum(api, onChange, { after = setTimeout, maximizer: make = createMaximizer } = {}) {
  const maximizer = make(api, onChange);
  /** @type {Subject|null} */
  let subject = null;
  let control = new AbortController();

  /** @param {Subject} wanted @param {AbortSignal} signal */
  async function find(wanted, signal) {
    const { id, weights: { source } } = wanted.model;
    const query = new URLSearchParams({ model: id, ...(source && { weights: source }), layer: wanted.layer.id, channel: String(wanted.channel) });
    /** @type {Maximization[]} */
    const kept = await api.json(`/maximizations?${query}`, { signal }).catch((error) => { if (isAbort(error)) throw error; return []; });
    signal.throwIfAborted();
    const best = bestKept(kept, wanted);
    if (best) return maximizer.show(best);
    after(() => { if (!signal.aborted) start(); }, REST);
  }

  function start() {
    const wanted = subject;
    if (wanted) void maximizer.start(wanted.model.id, async () => unitRequest(wanted));
  }

  return {
    run: maximizer.get,
    subject: () => subject,
    start,
    cancel: maximizer.cancel,
    /** What real pictures reach may be known by now. */
    refresh: () => void maximizer.refresh(),
    /** Another unit; what was computed for the old one is left. @param {Subject} next */
    show(next) {
      if (subject?.model === next.model && subject.layer === next.layer && subject.channel === next.channel) return;
      control.abort();
      control = new AbortController();
      subject = next;
      maximizer.clear();
      if (hasWeights(next.model)) find(next, control.signal).catch(() => {}); // another unit is wanted by now
    },
    destroy() { control.abort(); maximizer.destroy(); },
  };
}
