/**
 * What can be done with a training: pause, go on, single steps, another learning rate, stop, go on later, rename, delete.
 * What the server refuses is told in its words.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('./types.js').Training} Training
 * @typedef {import('./types.js').TrainingChange} TrainingChange
 */
import { createLatest } from '../latest.js';
import { changeTraining, removeTraining, resumeTraining } from './api.js';
import { isActive, isRangeTest } from './follow.js';
import { withTraining } from './run.js';
import { factorAt } from './schedule.js';
import { baseRate } from './words.js';

/** The learning rate is sent at most so often while the slider moves, in ms. */
const PAUSE = 80;

/** Can it go on although it has ended? @param {Training} training */
export function canResume(training) {
  const { state, stopped_early: early, diverged } = training;
  if (diverged !== null || isRangeTest(training)) return false;
  return state === 'interrupted' || state === 'cancelled' || (state === 'done' && early);
}

/** Can it be given more epochs? What was uploaded has never had a device here, and keeps nothing to go on from. @param {Training} training */
export function canExtend(training) {
  const { state, stopped_early: early, diverged, device } = training;
  return state === 'done' && !early && diverged === null && device !== null && !isRangeTest(training);
}

/** All epochs, with so many more. @param {Training} training @param {number} more */
export function epochsWith({ step, steps_per_epoch: each }, more) {
  return step / Math.max(1, each) + more;
}

/** The learning rate of the first step of so many more epochs: the schedule is stretched over all of them. @param {Training} training @param {number} more @returns {number|null} */
export function rateAfter(training, more) {
  const { request: { schedule }, step, steps_per_epoch: each } = training;
  const rate = baseRate(training);
  if (rate === null || !schedule) return null;
  const epochs = epochsWith(training, more);
  return rate * factorAt(schedule, step / (epochs * Math.max(1, each)), epochs);
}

/** What can be pressed in a state. @param {Training} training */
export function actionsOf(training) {
  const { state } = training;
  return { pause: state === 'running', go: state === 'paused', advance: state === 'paused', stop: isActive(training), resume: canResume(training), extend: canExtend(training), rate: state === 'running' || state === 'paused', remove: !isActive(training) };
}

/**
 * @param {Store} store
 * @param {{api: import('../api.js').Api, training: Pick<import('./run.js').TrainingRun, 'again'|'list'>, notify: (text: string, kind: 'error') => void}} parts
 */
export function createTrainingControl(store, { api, training: run, notify }) {
  /** @param {() => Promise<unknown>} act */
  async function told(act) {
    try {
      await act();
      return true;
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error), 'error');
      return false;
    }
  }

  /** @param {TrainingChange} patch */
  const change = (patch) => told(async () => {
    const { training, trainingData: before } = store.get();
    if (training === null) return;
    const fresh = await changeTraining(api, training, patch);
    const { trainingData: now, trainings } = store.get();
    if (now?.id !== fresh.id) return;
    const isNews = now.state === before?.state && now.step === before.step; // else the events have told more already
    const trainingData = { ...now, title: fresh.title, changes: fresh.changes, steps: fresh.steps, ...(isNews && { state: fresh.state }) };
    store.set({ trainingData, trainings: withTraining(trainings, trainingData) });
  });
  async function goOn() {
    const { training } = store.get();
    if (training === null) return;
    await resumeTraining(api, training);
    void run.again();
    void run.list();
  }
  const rates = createLatest(async (/** @type {number} */ rate) => { await change({ learning_rate: rate }); }, PAUSE);

  return {
    pause: () => change({ state: 'paused' }),
    go: () => change({ state: 'running' }),
    /** @param {'step'|'epoch'} unit */
    advance: (unit) => change({ advance: unit }),
    /** @param {number} rate */
    rate: (rate) => rates.push(rate),
    /** @param {string} title */
    rename: (title) => change({ title }),
    /** Ends it; what it has learnt so far is kept. */
    stop: () => told(async () => {
      const job = store.get().trainingData?.job;
      if (job) await api.cancelJob(job);
    }),
    /** Goes on where it ended. */
    resume: () => told(goOn),
    /** So many epochs more, from where it ended. @param {number} more */
    extend: (more) => told(async () => {
      const { trainingData } = store.get();
      if (!trainingData) return;
      store.set({ moment: null }); // what comes is to be seen
      await changeTraining(api, trainingData.id, { epochs: epochsWith(trainingData, more) });
      await goOn();
    }),
    /** @param {string} id */
    remove: (id) => told(async () => {
      await removeTraining(api, id);
      const { training, compared, trainings } = store.get();
      store.set({ trainings: trainings.filter((each) => each.id !== id), ...(training === id && { training: null }), ...(compared === id && { compared: null }) });
      store.set({ models: await api.models() });
    }),
    destroy: () => rates.cancel(),
  };
}

/** @typedef {ReturnType<typeof createTrainingControl>} TrainingControl */
