/**
 * One maximization at a time: asks the server, follows the job, keeps the score curve, fetches what came of it.
 *
 * @typedef {import('../types.js').JobState} JobState
 * @typedef {import('../types.js').Prediction} Prediction
 * @typedef {import('../api.js').Api} Api
 *
 * @typedef {object} Reference  The largest value that real pictures reach on the same unit.
 * @property {string} set
 * @property {number} pictures
 * @property {number} largest
 *
 * @typedef {object} MaximizedPicture
 * @property {number} index
 * @property {string} title
 * @property {string} layer
 * @property {number|null} channel
 * @property {number|null} y
 * @property {number|null} x
 * @property {number|null} class
 * @property {'waiting'|'running'|'done'|'silent'} state
 * @property {number|null} score
 * @property {'mean'|'value'|'objective'} measure
 * @property {Reference|null} reference
 * @property {number|null} ratio
 * @property {Prediction|null} prediction
 * @property {number|null} steps
 * @property {string} href
 *
 * @typedef {object} Maximization  `GET /maximizations/{id}`
 * @property {string} id
 * @property {string} href
 * @property {string} model
 * @property {{source: string, sha256: string}} weights
 * @property {Record<string, any>} request
 * @property {string|null} job
 * @property {'waiting'|'running'|'done'|'cancelled'|'failed'} state
 * @property {string|null} device
 * @property {string|null} precision
 * @property {string|null} [spectrum]  Which real pictures lent their strengths or colours.
 * @property {number|null} seconds
 * @property {[number, number[]][]} curve
 * @property {MaximizedPicture[]} pictures
 * @property {string} caveat
 *
 * @typedef {object} Run
 * @property {'idle'|'sending'|'busy'|'queued'|'running'|'paused'|'done'|'cancelled'|'failed'} phase
 * @property {number} step
 * @property {number|null} steps
 * @property {[number, number[]][]} curve   Step, and the score of each picture.
 * @property {string|null} preview          Address of the newest picture.
 * @property {Maximization|null} answer
 * @property {string|null} problem          The server's words, once it failed.
 * @property {number} seconds               Until we ask again, while the server is busy.
 */
import { isAbort } from '../api.js';
import { followJob, isOver } from '../jobs.js';
import { patiently } from '../patience.js';

/** @type {Readonly<Run>} */
export const IDLE = Object.freeze({ phase: 'idle', step: 0, steps: null, curve: [], preview: null, answer: null, problem: null, seconds: 0 });

/** Is there something to wait for, or to stop? @param {Run} run */
export function isGoing({ phase }) {
  return !['idle', 'done', 'cancelled', 'failed'].includes(phase);
}

/** The scores that a job tells of, in the order of the pictures. @param {JobState} job @returns {number[]} */
export function scoresOf({ metrics }) {
  /** @type {number[]} */
  const scores = [];
  for (let i = 0; metrics[`score.${i}`] !== undefined; i++) scores.push(metrics[`score.${i}`]);
  return scores;
}

/** The run after a job's news. @param {Run} run @param {JobState} job @returns {Run} */
export function advance(run, job) {
  const { done, total } = job.progress;
  const scores = scoresOf(job);
  const isNew = scores.length > 0 && done > (run.curve.at(-1)?.[0] ?? -1);
  const phase = job.state === 'done' ? 'running' : job.state; // the answer is still to be fetched
  return { ...run, phase, step: done, steps: total, curve: isNew ? [...run.curve, [done, scores]] : run.curve, preview: job.preview ?? run.preview };
}

/** @param {Api} api @param {string} id @param {{signal?: AbortSignal}} [options] @returns {Promise<Maximization>} */
export function fetchMaximization(api, id, options) {
  return api.json(`/maximizations/${encodeURIComponent(id)}`, options);
}

/** @param {Api} api @param {string} model @param {Record<string, unknown>} request @param {{signal?: AbortSignal}} [options] @returns {Promise<{id: string, href: string, maximization: string}>} */
export function postMaximization(api, model, request, options) {
  return api.json(`/models/${encodeURIComponent(model)}/maximizations`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(request), ...options });
}

/** The last part of an address. @param {string} href */
export function idOf(href) {
  return decodeURIComponent(href.slice(href.lastIndexOf('/') + 1));
}

/**
 * @param {Api} api
 * @param {(run: Run) => void} onChange
 * @param {{follow?: typeof followJob, wait?: typeof import('../patience.js').pause}} [options]
 */
export function createMaximizer(api, onChange, { follow = followJob, wait } = {}) {
  /** @type {Run} */
  let run = IDLE;
  /** @type {string|null} */
  let job = null;
  let control = new AbortController();

  /** @param {Partial<Run>} patch */
  function set(patch) {
    run = { ...run, ...patch };
    onChange(run);
  }

  /** Leaves what goes on; it is stopped on the server, too: nobody waits for it any more. @param {boolean} [goesOn]  The server may finish it. */
  function leave(goesOn = false) {
    control.abort();
    control = new AbortController();
    if (job !== null && !goesOn) api.cancelJob(job).catch(() => {}); // it may have ended by itself
    job = null;
  }

  /** Starts; what was going on is left. @param {string} model @param {() => Promise<Record<string, unknown>>} ask  Gives the request. */
  async function start(model, ask) {
    leave();
    const { signal } = control;
    set({ ...IDLE, phase: 'sending' });
    try {
      const request = await ask();
      const onWait = (/** @type {number} */ seconds) => set({ phase: 'busy', seconds });
      const accepted = await patiently(() => postMaximization(api, model, request, { signal }), { signal, onWait, ...(wait && { wait }) });
      signal.throwIfAborted();
      await watch(accepted, signal);
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) set({ phase: 'failed', problem: error instanceof Error ? error.message : String(error) });
    }
  }

  /** @param {{id: string, maximization: string}} accepted @param {AbortSignal} signal */
  async function watch({ id, maximization }, signal) {
    job = id;
    const known = await fetchMaximization(api, idOf(maximization), { signal });
    signal.throwIfAborted();
    if (known.state === 'done') return finish(known);
    set({ answer: known, phase: 'queued' });
    const last = await follow(`${api.base}/jobs/${encodeURIComponent(id)}/events`, (news) => { if (!signal.aborted) set(advance(run, news)); },
      { signal, ask: () => api.job(id, { signal }) });
    if (isOver(last)) job = null;
    if (last.state === 'failed') return set({ phase: 'failed', problem: String(last.error?.detail ?? '') });
    if (last.state === 'cancelled') return set({ phase: 'cancelled' });
    const answer = await fetchMaximization(api, idOf(maximization), { signal });
    if (!signal.aborted) finish(answer);
  }

  /** @param {Maximization} answer */
  function finish(answer) {
    job = null;
    const steps = answer.curve.at(-1)?.[0] ?? run.step;
    set({ phase: 'done', answer, curve: answer.curve.length > 1 ? answer.curve : run.curve, step: steps, steps });
  }

  /** @param {'paused'|'running'} state */
  async function change(state) {
    if (job === null) return;
    const body = { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ state }) };
    await api.json(`/jobs/${encodeURIComponent(job)}`, body).catch(() => {}); // it has ended meanwhile: the events say so
  }

  return {
    start,
    /** Shows an answer that is known already. @param {Maximization} answer */
    show(answer) { leave(); run = IDLE; finish(answer); },
    /** Asks for the finished answer once more: (more) real pictures to compare with have been scanned since. */
    async refresh() {
      const { answer, phase } = run;
      if (phase !== 'done' || !answer || answer.pictures.every(({ measure }) => measure === 'objective')) return;
      const fresh = await fetchMaximization(api, answer.id, { signal: control.signal }).catch(() => null);
      if (fresh && run.answer === answer) set({ answer: { ...fresh, curve: answer.curve } });
    },
    /** Nothing is asked for. */
    clear() { leave(); set(IDLE); },
    pause: () => change('paused'),
    resume: () => change('running'),
    /** Stops, and keeps what is there. */
    cancel() {
      if (!isGoing(run)) return;
      leave();
      set({ phase: 'cancelled' });
    },
    get: () => run,
    /** @param {boolean} [goesOn]  The server may finish what was begun, and keep it. */
    destroy: (goesOn = false) => leave(goesOn),
  };
}
