/**
 * The form's state: the draft (`store.trainingDraft`), and what the server says of it, checked as one types; the newest wins.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('./types.js').TrainingRequest} TrainingRequest
 * @typedef {import('./types.js').TrainingCheck} TrainingCheck
 * @typedef {import('./types.js').DatasetInfo} DatasetInfo
 * @typedef {import('./types.js').DesignPreset} DesignPreset
 */
import { ApiError, isAbort } from '../api.js';
import { createLatest } from '../latest.js';
import { checkTraining, fetchDatasets, fetchDesigns } from './api.js';
import { firstDraft, isUntouched } from './first.js';
import { completed, FIRST, sendable, withSection } from './request.js';

/** Checks follow each other at most so fast, in ms. */
const PAUSE = 150;

/** Is it checked at all? A range test trains the same network on the same data. @param {unknown} error @param {TrainingRequest} request @returns {TrainingCheck|null} */
function refusal(error, request) {
  if (!(error instanceof ApiError) || error.status !== 422) return null;
  const field = String(error.problem.field ?? '').replace(/^body\./, '');
  return { request, problems: [{ field, detail: error.message }], parameters: null, macs: null, layers: [], pictures: null, steps: null, steps_per_epoch: null, bytes: null };
}

/**
 * @param {Store} store
 * @param {import('../api.js').Api} api
 * @param {{onProblem?: (error: unknown) => void, pause?: number}} [options]
 */
export function createTrainingDraft(store, api, { onProblem = () => {}, pause = PAUSE } = {}) {
  /** @type {Set<() => void>} */
  const listeners = new Set();
  /** @type {TrainingCheck|null} */
  let check = null;
  let isFresh = false;
  /** @type {{datasets: DatasetInfo[], presets: DesignPreset[]}} */
  let offer = { datasets: [], presets: [] };
  const leave = new AbortController();
  const tell = () => listeners.forEach((listener) => listener());
  const get = () => store.get().trainingDraft ?? FIRST;

  const checks = createLatest(async (/** @type {TrainingRequest} */ request, signal) => {
    try {
      settle(request, await checkTraining(api, sendable(request), { signal }));
    } catch (error) {
      if (isAbort(error)) throw error;
      const refused = refusal(error, request);
      if (refused) settle(request, { ...refused, request: { ...check?.request, ...request } });
      else onProblem(error);
    }
  }, pause);

  /** @param {TrainingRequest} request @param {TrainingCheck} answer */
  function settle(request, answer) {
    if (leave.signal.aborted) return;
    check = answer.problems.length > 0 && check ? { ...answer, request: { ...check.request, ...answer.request } } : answer;
    isFresh = request === get();
    tell();
  }

  /** @param {TrainingRequest} draft */
  function replace(draft) {
    store.set({ trainingDraft: draft });
  }

  /** What can be chosen from; one list may come without the other. */
  async function load() {
    const { signal } = leave;
    const none = (/** @type {unknown} */ error) => { if (!isAbort(error)) onProblem(error); return []; };
    const [datasets, presets] = await Promise.all([fetchDatasets(api, { signal }).catch(none), fetchDesigns(api, { signal }).catch(none)]);
    if (signal.aborted) return;
    offer = { datasets, presets };
    open();
    tell();
  }

  /** A form that nobody has changed yet is about the kind of pictures that the present network looks at. */
  function open() {
    const { model, trainingDraft } = store.get();
    const first = firstDraft(model, offer.datasets);
    if (trainingDraft !== first && isUntouched(trainingDraft)) store.set({ trainingDraft: first });
  }

  const stops = [
    store.on(['trainingDraft'], () => { isFresh = false; checks.push(get()); tell(); }),
    store.on(['model'], open),
  ];
  checks.push(get());
  void load();

  return {
    get, replace,
    check: () => check,
    /** Does the check belong to what the form holds now? */
    isFresh: () => isFresh,
    /** With the defaults, as far as they are known. */
    full: () => completed(get(), check),
    offer: () => offer,
    /** @param {Partial<TrainingRequest>} patch */
    change: (patch) => replace({ ...get(), ...patch }),
    /** @param {'optimizer'|'schedule'|'augmentation'|'dataset'} section @param {Record<string, unknown>} patch */
    section: (section, patch) => replace(withSection(get(), check, section, patch)),
    /** The parts that are named come from the default recipe again. @param {(keyof TrainingRequest)[]} keys */
    reset: (keys) => replace(/** @type {TrainingRequest} */ (Object.fromEntries(Object.entries(get()).filter(([key]) => !keys.includes(/** @type {keyof TrainingRequest} */ (key)))))),
    /** @param {() => void} listener */
    on(listener) { listeners.add(listener); return () => void listeners.delete(listener); },
    destroy() { stops.forEach((stop) => stop()); leave.abort(); checks.cancel(); },
  };
}

/** @typedef {ReturnType<typeof createTrainingDraft>} TrainingDraft */
