/**
 * The real pictures that drive a unit most: which sets of pictures there are, the scan of one, and what was found. Knows no DOM.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').JobState} JobState
 * @typedef {import('../api.js').Api} Api
 * @typedef {import('./field.js').Box} Box
 *
 * @typedef {{id: string, pictures: number, scanned: number, job: string|null}} PictureSet
 * @typedef {{channel: number, smallest: number, largest: number, largest_mean: number, mean: number, zero_share: number}} ChannelRange
 *
 * @typedef {object} TopPicture
 * @property {number} rank
 * @property {string} name
 * @property {string|null} label
 * @property {number} value
 * @property {number|null} y     The position that answers most; null in a dense layer.
 * @property {number|null} x
 * @property {Box} box           What it sees, in pixels of the network's input.
 * @property {string} image      Path of the whole picture as the network sees it.
 * @property {string} crop       Path of its part in the box.
 *
 * @typedef {object} UnitTops    `GET /models/{model}/layers/{layer}/units/{channel}/top-pictures`.
 * @property {string} model
 * @property {string} layer
 * @property {number} channel
 * @property {string} set
 * @property {number} pictures
 * @property {ChannelRange} range
 * @property {{edges: number[], counts: number[]}} histogram
 * @property {TopPicture[]} top
 *
 * @typedef {object} Standing
 * @property {PictureSet[]|null} sets  Null while nothing is known.
 * @property {string|null} set         The one that is shown; null where there is none.
 * @property {UnitTops|null} tops
 * @property {boolean} fresh           `tops` is of the unit asked for.
 * @property {boolean} unscanned
 * @property {JobState|null} scan      The scan under way.
 * @property {string|null} problem
 */
import { ApiError, isAbort, withWeights } from '../api.js';
import { followJob } from '../jobs.js';
import { hasWeights } from '../session.js';

/** How many pictures are asked for. */
export const SHOWN = 9;
/** Sets that take seconds to look through: nobody needs to ask for it. */
const QUICK = ['mnist-test', 'gallery'];

/** @type {Readonly<Standing>} */
const NOTHING = Object.freeze({ sets: null, set: null, tops: null, fresh: false, unscanned: false, scan: null, problem: null });

/** What there is to say. @param {Standing} standing @returns {'waiting'|'none'|'scanning'|'failed'|'unscanned'|'found'} */
export function kindOf({ sets, set, tops, unscanned, scan, problem }) {
  if (problem !== null) return 'failed';
  if (scan) return 'scanning';
  if (sets && set === null) return 'none';
  if (unscanned) return 'unscanned';
  return tops ? 'found' : 'waiting';
}

/**
 * The set to begin with: the largest that is scanned, else one that is quickly looked through, else the first.
 * @param {PictureSet[]} sets @returns {string|null}
 */
export function firstSet(sets) {
  const full = sets.filter(({ pictures }) => pictures > 0);
  const scanned = full.filter((set) => set.scanned >= set.pictures).sort((a, b) => b.pictures - a.pictures);
  return (scanned[0] ?? full.find(({ id }) => QUICK.includes(id)) ?? full[0])?.id ?? null;
}

/** The set that is shown. @param {Standing} standing */
export function presentSet({ sets, set }) {
  return sets?.find(({ id }) => id === set);
}

/** A set's scan starts by itself. @param {string} set */
export function isQuick(set) {
  return QUICK.includes(set);
}

/** Path of a layer below the API. @param {string} model @param {string} layer */
export function layerPath(model, layer) {
  return `/models/${encodeURIComponent(model)}/layers/${encodeURIComponent(layer)}`;
}

/**
 * Where a picture lies, with the chosen weights. @param {string} href  As the API names it. @param {{base: string}} api
 * @param {Pick<State, 'model'|'weights'>} state
 */
export function pictureUrl(href, { base }, { model, weights }) {
  const path = href.startsWith(base) ? href.slice(base.length) : href;
  return base + withWeights(path, { model: model?.id ?? null, weights });
}

/**
 * Follows one unit at a time.
 * @param {Store} store @param {Api} api
 * @param {() => void} onChange
 * @param {typeof EventSource} [Source]
 */
export function createTops(store, api, onChange, Source) {
  /** @type {Standing} */
  let standing = NOTHING;
  /** @type {Model|null} */
  let model = null;
  let unit = { layer: '', channel: -1 };
  /** The set that the reader has chosen. @type {string|null} */
  let chosen = null;
  /** Sets whose scan the reader has cancelled, or that failed. @type {Set<string>} */
  let declined = new Set();
  let asking = new AbortController();
  let following = new AbortController();

  /** @param {Partial<Standing>} news */
  function tell(news) {
    standing = { ...standing, ...news };
    onChange();
  }

  function leave() {
    asking.abort();
    following.abort();
    [asking, following] = [new AbortController(), new AbortController()];
  }

  /** Another unit; asked again for the same one, it does nothing. @param {string} layer @param {number} channel */
  function show(layer, channel) {
    const { model: present } = store.get();
    if (present !== model) reset(present);
    if (!model || !hasWeights(model) || (unit.layer === layer && unit.channel === channel)) return;
    unit = { layer, channel };
    tell({ fresh: false });
    void load();
  }

  /** @param {Model|null} present */
  function reset(present) {
    leave();
    [model, chosen, declined, unit] = [present, null, new Set(), { layer: '', channel: -1 }];
    standing = NOTHING;
    onChange();
  }

  async function load() {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const set = await knownSet(signal);
      if (!model || set === null) return;
      const { job, scanned, pictures } = presentSet(standing) ?? { job: null, scanned: 0, pictures: 0 };
      if (job && !standing.scan) return void follow(set, async () => job);
      if (scanned < pictures && isQuick(set) && !declined.has(set)) return lack(set);
      const path = `${layerPath(model.id, unit.layer)}/units/${unit.channel}/top-pictures?set=${encodeURIComponent(set)}&k=${SHOWN}`;
      const tops = await api.json(path, { signal });
      if (!signal.aborted) tell({ tops, fresh: true, unscanned: false, problem: null });
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      if (error instanceof ApiError && error.status === 409 && standing.set !== null) return lack(standing.set);
      tell({ tops: null, problem: wordsOf(error) });
    }
  }

  /** The set to show, once the sets are known. @param {AbortSignal} signal */
  async function knownSet(signal) {
    if (!standing.sets && model) {
      const sets = await api.json(`/models/${encodeURIComponent(model.id)}/picture-sets`, { signal });
      signal.throwIfAborted();
      tell({ sets, set: chosen ?? firstSet(sets) });
    }
    return standing.set;
  }

  /** The set has not been looked through. @param {string} set */
  function lack(set) {
    tell({ tops: null, unscanned: true, problem: null });
    if (isQuick(set) && !declined.has(set)) void scan();
  }

  /** Looks through the chosen set, with all layers. */
  async function scan() {
    const { set } = standing;
    if (!model || set === null || standing.scan) return;
    const path = `/models/${encodeURIComponent(model.id)}/top-pictures`;
    const request = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ set }) };
    await follow(set, async (signal) => (await api.json(path, { ...request, signal })).id);
  }

  /** @param {string} set @param {(signal: AbortSignal) => Promise<string>} start  Gives the job's id. */
  async function follow(set, start) {
    following.abort();
    following = new AbortController();
    const { signal } = following;
    try {
      const id = await start(signal);
      const ask = () => api.job(id, { signal });
      tell({ scan: await ask(), problem: null });
      const last = await followJob(`${api.base}/jobs/${encodeURIComponent(id)}/events`, (scan) => tell({ scan }), { signal, ask, ...(Source && { Source }) });
      if (last.state !== 'done') declined.add(set);
      tell({ scan: null, sets: null, unscanned: last.state === 'cancelled', problem: last.state === 'failed' ? String(last.error?.detail ?? last.progress.message) : null });
      if (last.state === 'done') await load();
    } catch (error) {
      if (signal.aborted) return;
      declined.add(set);
      tell({ scan: null, problem: wordsOf(error) });
    }
  }

  return {
    standing: () => standing, show, scan,
    /** Shows another set. @param {string} set */
    choose(set) {
      if (set === standing.set) return;
      leave();
      chosen = set;
      tell({ ...NOTHING });
      void load();
    },
    cancel() {
      if (standing.scan) void api.cancelJob(standing.scan.id).catch((error) => tell({ problem: wordsOf(error) }));
    },
    /** Asks again after a failure. */
    retry() {
      declined.clear();
      tell({ sets: null, problem: null });
      void load();
    },
    destroy: leave,
  };
}

/** @param {unknown} error */
function wordsOf(error) {
  return error instanceof Error ? error.message : String(error);
}
