/**
 * What the playground shows and does: points and network of the present choice, of the shown training or of a moment of
 * it, or with weights set by hand; start, pause, one step, again. Knows no DOM.
 *
 * @typedef {import('./types.js').Store} Store
 * @typedef {import('./points-choice.js').PointsChoice} PointsChoice
 * @typedef {import('./points-net.js').Network} Network
 * @typedef {import('./training-types.js').Training} Training
 * @typedef {import('./training-types.js').Update} Update
 *
 * @typedef {object} Shown
 * @property {import('./points-api.js').Points|null} points
 * @property {Network|null} network
 * @property {number} step         Of the network.
 * @property {readonly Update[]} updates  Steps of the perceptron's rule that were seen, newest first.
 * @property {string|null} problem        In the server's words.
 */
import { isAbort } from './api.js';
import { createLatest } from './latest.js';
import { perceptronOf, withUpdate } from './perceptron.js';
import { fetchMoment, fetchNewest, fetchPoints, fetchPreview } from './points-api.js';
import { changed, choiceOf, FIRST_POINTS, isPerceptron, pointsRequest } from './points-choice.js';
import { changeTraining, idOf, startTraining } from './training-api.js';
import { isActive } from './training-follow.js';

/** Weights are asked for at most so often, in ms: about ten pictures a second. */
const PAUSE = 80;
/** What may change while it learns: it goes on with the same network. */
const LIVE = /** @type {const} */ ({ rate: 'learning_rate', decay: 'decay', epochs: 'epochs', speed: 'speed' });
/** What only says how it is looked at. */
const VIEW = ['discretise', 'showTest', 'unit', 'probe'];

/** @param {PointsChoice} a @param {PointsChoice} b */
function differences(a, b) {
  return Object.keys(a).filter((key) => JSON.stringify(a[/** @type {keyof PointsChoice} */ (key)]) !== JSON.stringify(b[/** @type {keyof PointsChoice} */ (key)]) && !VIEW.includes(key));
}

/**
 * @param {Store} store @param {import('./api.js').Api} api
 * @param {{onProblem?: (error: unknown) => void, pause?: number}} [options]
 */
export function createPointsControl(store, api, { onProblem = () => {}, pause = PAUSE } = {}) {
  /** @type {Set<() => void>} */
  const listeners = new Set();
  /** @type {Shown} */
  let shown = { points: null, network: null, step: 0, updates: [], problem: null };
  let last = choice();
  /** The training whose points are shown. @type {string|null} */
  let known = null;

  function choice() {
    return store.get().playground ?? FIRST_POINTS;
  }
  /** @param {Partial<Shown>} patch */
  function show(patch) {
    shown = { ...shown, ...patch };
    listeners.forEach((listener) => listener());
  }
  /** @param {unknown} error */
  function fail(error) {
    if (isAbort(error)) throw error;
    show({ problem: error instanceof Error ? error.message : String(error) });
  }

  const previews = createLatest(async (/** @type {PointsChoice} */ wanted, signal) => {
    try {
      const { points, network } = await fetchPreview(api, wanted, { signal });
      if (store.get().training === null) show({ points, network: wanted.hand ? { layers: [...wanted.hand] } : network, step: 0, updates: [], problem: null });
    } catch (error) {
      fail(error);
    }
  }, pause);

  const weights = createLatest(async (/** @type {{id: string, moment: number|null}} */ { id, moment }, signal) => {
    try {
      if (known !== id) {
        const points = await fetchPoints(api, id, { signal });
        known = id;
        show({ points, updates: [], problem: null });
      }
      await take(id, moment, signal);
    } catch (error) {
      fail(error);
    }
    if (store.get().trainingData?.state === 'running' && store.get().moment === null) ask();
  }, pause);

  /** @param {string} id @param {number|null} moment @param {AbortSignal} signal */
  async function take(id, moment, signal) {
    const { step, network, update } = await (moment === null ? fetchNewest(api, id, choice(), { signal }) : fetchMoment(api, id, moment, choice(), { signal }));
    if (signal.aborted || store.get().training !== id) return;
    const updates = update ? withUpdate(shown.updates, update) : shown.updates;
    // While the rule is followed, the line is that of the step whose numbers are shown: an update holds its own weights.
    const { trainingData } = store.get();
    const isFollowed = update !== null && isPerceptron(choice()) && trainingData !== null && isActive(trainingData);
    const next = isFollowed ? { step: update.step, network: perceptronOf(update) } : { step, network };
    const isSame = next.step === shown.step && updates[0]?.step === shown.updates[0]?.step && JSON.stringify(next.network) === JSON.stringify(shown.network);
    if (isSame && shown.problem === null) return;
    show({ ...next, updates, problem: null });
  }

  /** The network that is to be seen now. */
  function ask() {
    const { training, trainingData, moment } = store.get();
    const { hand } = choice();
    if (training !== null && trainingData?.id === training) weights.push({ id: training, moment });
    else if (training === null) {
      known = null;
      weights.cancel();
      if (hand && shown.points) show({ network: { layers: [...hand] }, step: 0, problem: null });
      previews.push(choice());
    }
  }

  /** The reader has changed something. */
  function follow() {
    const [before, now] = [last, choice()];
    last = now;
    const keys = differences(before, now);
    const { training, trainingData } = store.get();
    if (keys.length === 0) return listeners.forEach((listener) => listener());
    if (training === null) return ask();
    const isLive = keys.every((key) => key in LIVE) && trainingData && isActive(trainingData);
    if (isLive) void attempt(() => changeTraining(api, training, Object.fromEntries(keys.map((key) => [LIVE[/** @type {keyof typeof LIVE} */ (key)], now[/** @type {keyof typeof LIVE} */ (key)]]))));
    else if (keys.every((key) => key === 'speed')) listeners.forEach((listener) => listener());
    else leave();
  }

  /** Back to the choice alone; a training that still goes on is ended. */
  function leave() {
    const { trainingData } = store.get();
    if (trainingData?.job && isActive(trainingData)) void api.cancelJob(trainingData.job).catch(() => {});
    store.set({ training: null, moment: null });
  }

  /** A training was opened: the controls show what it was made of. */
  function open() {
    const { training, trainingData } = store.get();
    if (training === null || trainingData?.id !== training || trainingData.request.dataset?.id !== 'points') return ask();
    if (known !== training && opened !== training) {
      opened = training;
      if (differences(choiceOf(trainingData.request, choice()), choice()).some((key) => !(key in LIVE))) adopt(choiceOf(trainingData.request, choice()));
      show({ updates: [], problem: null });
    }
    ask();
  }
  /** @type {string|null} */
  let opened = null;

  /** @param {PointsChoice} next */
  function adopt(next) {
    last = next;
    store.set({ playground: next });
  }

  /** @template T @param {() => Promise<T>} work @returns {Promise<T|null>} */
  async function attempt(work) {
    try {
      return await work();
    } catch (error) {
      onProblem(error);
      return null;
    }
  }

  /** @param {boolean} paused @param {'step'|'epoch'} [advance] */
  async function start(paused, advance) {
    const accepted = await attempt(() => startTraining(api, { ...pointsRequest(choice()), ...(paused && { paused }) }));
    if (!accepted) return;
    const id = idOf(accepted.training);
    opened = id;
    store.set({ training: id, moment: null });
    if (advance) await attempt(() => changeTraining(api, id, { advance }));
  }

  /** @param {import('./training-types.js').TrainingChange} change @param {'step'|'epoch'} [advance] */
  async function go(change, advance) {
    const { training, trainingData } = store.get();
    store.set({ moment: null });
    if (training !== null && trainingData && isActive(trainingData)) await attempt(() => changeTraining(api, training, change));
    else await start(advance !== undefined, advance);
    ask();
  }

  const stops = [
    store.on(['playground'], follow),
    store.on(['training', 'moment'], ask),
    store.on(['trainingData'], open),
  ];
  open();
  return {
    choice,
    shown: () => shown,
    /** @param {Partial<PointsChoice>} patch */
    change: (patch) => store.set({ playground: changed(choice(), patch) }),
    /** @param {PointsChoice} next */
    replace: (next) => store.set({ playground: next }),
    /** Starts, pauses, goes on. */
    toggle: () => go({ state: store.get().trainingData?.state === 'running' ? 'paused' : 'running' }),
    step: () => go({ advance: 'step' }, 'step'),
    epoch: () => go({ advance: 'epoch' }, 'epoch'),
    /** Other points and other first weights; goes on where it was going. */
    async again() {
      const isRunning = store.get().trainingData?.state === 'running';
      store.set({ playground: { ...choice(), seed: choice().seed + 1 } });
      if (isRunning) await start(false);
    },
    /** Back to the first weights. */
    reset: leave,
    /** The present weights, to be set by hand; or learnt ones again. @param {boolean} on */
    byHand(on) {
      const layers = shown.network?.layers.map(({ weights: rows, bias, activation }) => ({ weights: rows.map((row) => row.map(rounded)), bias: bias.map(rounded), activation }));
      store.set({ playground: { ...choice(), hand: on ? layers ?? null : null } });
    },
    /** @param {() => void} listener */
    on(listener) { listeners.add(listener); return () => void listeners.delete(listener); },
    destroy() { stops.forEach((stop) => stop()); previews.cancel(); weights.cancel(); listeners.clear(); },
  };
}

/** @typedef {ReturnType<typeof createPointsControl>} PointsControl */

/** @param {number} value */
function rounded(value) {
  return Number(value.toFixed(3));
}
