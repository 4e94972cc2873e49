/**
 * What the playground does: another choice, start, pause, one step, again, weights by hand. What it shows comes from
 * feed.js. Knows no DOM.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('./choice.js').PointsChoice} PointsChoice
 */
import { changed, choiceOf, pointsRequest } from './choice.js';
import { choiceNow, createPointsFeed } from './feed.js';
import { changeTraining, idOf, resumeTraining, startTraining } from '../train/api.js';
import { canExtend, epochsWith } from '../train/control.js';
import { isActive } from '../train/follow.js';

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
 * @param {Store} store @param {import('../api.js').Api} api
 * @param {{onProblem?: (error: unknown) => void, pause?: number, again?: () => void}} [options]  again: follows the shown training anew, which goes on after it had ended.
 */
export function createPointsControl(store, api, { onProblem = () => {}, pause = PAUSE, again: followAgain = () => {} } = {}) {
  /** @type {Set<() => void>} */
  const listeners = new Set();
  const tell = () => listeners.forEach((listener) => listener());
  const feed = createPointsFeed(store, api, { pause, onChange: tell });
  const choice = () => choiceNow(store);
  let last = choice();
  /** The training that the controls speak of. @type {string|null} */
  let opened = null;

  /** The reader has changed something. */
  function follow() {
    const [before, now] = [last, choice()];
    last = now;
    const keys = differences(before, now);
    const { training, trainingData } = store.get();
    if (keys.length === 0) return tell();
    if (training === null) return feed.ask();
    const isLive = keys.every((key) => key in LIVE) && trainingData && isActive(trainingData);
    if (isLive) void attempt(() => changeTraining(api, training, Object.fromEntries(keys.map((key) => [LIVE[/** @type {keyof typeof LIVE} */ (key)], now[/** @type {keyof typeof LIVE} */ (key)]]))));
    else if (keys.every((key) => key === 'speed')) tell();
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
    if (training === null || trainingData?.id !== training || trainingData.request.dataset?.id !== 'points') return feed.ask();
    if (!feed.isOf(training) && opened !== training) {
      opened = training;
      if (differences(choiceOf(trainingData.request, choice()), choice()).some((key) => !(key in LIVE))) adopt(choiceOf(trainingData.request, choice()));
      feed.show({ updates: [], problem: null });
    }
    feed.ask();
  }
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

  /** @param {import('../train/types.js').TrainingChange} change @param {'step'|'epoch'} [advance] */
  async function go(change, advance) {
    const { training, trainingData } = store.get();
    store.set({ moment: null });
    if (training !== null && trainingData && isActive(trainingData)) await attempt(() => changeTraining(api, training, change));
    else await start(advance !== undefined, advance);
    feed.ask();
  }

  /** So many epochs more, from where it ended. @param {import('../train/types.js').Training} training @param {number} [epochs] */
  async function extend(training, epochs = choice().epochs) {
    store.set({ moment: null });
    const isOn = await attempt(async () => {
      await changeTraining(api, training.id, { epochs: epochsWith(training, epochs) });
      await resumeTraining(api, training.id);
      return true;
    });
    if (isOn) followAgain();
  }

  /** Starts, pauses, goes on; what has ended is trained longer. */
  function toggle() {
    const { training, trainingData } = store.get();
    if (training !== null && trainingData && canExtend(trainingData)) return extend(trainingData);
    return go({ state: trainingData?.state === 'running' ? 'paused' : 'running' });
  }

  /** A step or an epoch; what has ended gets just this one more. @param {'step'|'epoch'} unit */
  function advance(unit) {
    const { training, trainingData } = store.get();
    if (training === null || !trainingData || !canExtend(trainingData)) return go({ advance: unit }, unit);
    return extend(trainingData, unit === 'epoch' ? 1 : 1 / Math.max(1, trainingData.steps_per_epoch));
  }

  const stops = [
    store.on(['playground'], follow),
    store.on(['training', 'moment'], feed.ask),
    store.on(['trainingData'], open),
  ];
  open();
  return {
    choice,
    shown: feed.shown,
    /** @param {Partial<PointsChoice>} patch */
    change: (patch) => store.set({ playground: changed(choice(), patch) }),
    /** @param {PointsChoice} next */
    replace: (next) => store.set({ playground: next }),
    toggle,
    step: () => advance('step'),
    epoch: () => advance('epoch'),
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
      const layers = feed.shown().network?.layers.map(({ weights: rows, bias, activation }) => ({ weights: rows.map((row) => row.map(rounded)), bias: bias.map(rounded), activation }));
      store.set({ playground: { ...choice(), hand: on ? layers ?? null : null } });
    },
    /** @param {() => void} listener */
    on(listener) { listeners.add(listener); return () => void listeners.delete(listener); },
    destroy() { stops.forEach((stop) => stop()); feed.destroy(); listeners.clear(); },
  };
}

/** @typedef {ReturnType<typeof createPointsControl>} PointsControl */

/** @param {number} value */
function rounded(value) {
  return Number(value.toFixed(3));
}
