/**
 * What the server knows of the chosen moment (`store.moment`; live: of the newest checkpoint), asked for anew as the moment
 * changes. What is no longer wanted is cancelled; what came once is remembered. While a training runs, the newest
 * checkpoint is asked about only after a pause.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('../types.js').State} State
 */
import { isAbort } from '../api.js';
import { createLatest } from '../latest.js';
import { patiently, pause as sleep } from '../patience.js';

/** After an answer, before the next checkpoint is asked about while a training runs, in ms. */
const LIVE_PAUSE = 1500;
/** A moment must be wanted for so long, in seconds: a drag over the timeline passes many. */
const REST = 0.12;
const REMEMBERED = 64;

/** The checkpoint that is looked at: the chosen one, or the newest; null before the first. @param {Pick<State, 'trainingData'|'moment'>} state @returns {number|null} */
export function lookedAt({ trainingData, moment }) {
  return moment ?? trainingData?.checkpoints.at(-1)?.step ?? null;
}

/** The path of what is asked about a checkpoint. @param {string} training @param {number} step @param {string} what  'confusion?split=test' */
export function checkpointPath(training, step, what) {
  return `/trainings/${encodeURIComponent(training)}/checkpoints/${step}/${what}`;
}

/**
 * @template T
 * @typedef {{status: 'none'} | {status: 'loading'|'shown', step: number, data: T|null} | {status: 'waiting', step: number, seconds: number} | {status: 'failed', step: number, problem: string}} News
 *   loading: data is what was shown before. waiting: the server is busy.
 */

/**
 * @template T
 * @param {Store} store @param {import('../api.js').Api} api
 * @param {{what: () => string, isShown: () => boolean, hear: (news: News<T>) => void, rest?: number, livePause?: number, calm?: number, now?: () => number}} parts
 *   calm: while the training runs, what has come is shown for so many ms before newer is asked for, where the answer costs much.
 */
export function createCheckpointFeed(store, api, { what, isShown, hear, rest = REST, livePause = LIVE_PAUSE, calm = 0, now = () => performance.now() }) {
  /** @type {Map<string, T>} */
  const known = new Map();
  let asked = '';
  let shownTraining = /** @type {string|null} */ (null);
  /** @type {T|null} */
  let last = null;
  let shownAt = -Infinity;
  let askedLive = false;
  /** What the server works on; '': nothing. */
  let underWay = '';

  const feed = createLatest(async (/** @type {{path: string, step: number}} */ { path, step }, signal) => {
    try {
      if (rest > 0) await sleep(rest, signal);
      const data = await patiently(() => api.json(path, { signal }), { signal, onWait: (seconds) => hear({ status: 'waiting', step, seconds }) });
      keep(path, data);
      if (asked === path) show(data, step);
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      if (asked === path) hear({ status: 'failed', step, problem: error instanceof Error ? error.message : String(error) });
    }
    underWay = '';
    if (askedLive) follow(); // a newer checkpoint has waited
  }, livePause);

  /** @param {string} path @param {T} data */
  function keep(path, data) {
    known.set(path, data);
    const [oldest] = known.keys();
    if (known.size > REMEMBERED) known.delete(oldest);
  }

  /** @param {T} data @param {number} step */
  function show(data, step) {
    last = data;
    shownAt = now();
    hear({ status: 'shown', step, data });
  }

  function follow() {
    if (!isShown()) return;
    const state = store.get();
    const id = state.trainingData?.id ?? null;
    if (id !== shownTraining) forget(id);
    const step = lookedAt(state);
    if (id === null || step === null) return hear({ status: 'none' });
    const path = checkpointPath(id, step, what());
    if (path === asked || isCalm(state)) return;
    const isAnother = what() !== asked.slice(asked.lastIndexOf('/') + 1);
    // a busy server would never be heard if each checkpoint took the place of the one before
    if (underWay && askedLive && state.moment === null && !isAnother) return;
    asked = path;
    askedLive = state.moment === null;
    if (state.moment !== null || isAnother) feed.cancel(); // what the reader chooses does not wait for its turn
    const found = known.get(path);
    underWay = found === undefined ? path : '';
    if (found !== undefined) return show(found, step);
    hear({ status: 'loading', step, data: last });
    feed.push({ path, step });
  }

  /** @param {State} state */
  function isCalm({ trainingData, moment }) {
    return moment === null && last !== null && askedLive && trainingData?.state === 'running' && now() - shownAt < calm;
  }

  /** @param {string|null} id */
  function forget(id) {
    shownTraining = id;
    feed.cancel();
    known.clear();
    last = null;
    asked = underWay = '';
  }

  const stop = store.on(['trainingData', 'moment', 'trainTab'], follow);
  return {
    /** Looks again at what is wanted. */
    follow,
    /** Asks again after a failure. */
    again() { asked = ''; shownAt = -Infinity; follow(); },
    destroy() { stop(); feed.cancel(); },
  };
}
