/**
 * Following a job of the server by its events, and how fast it goes.
 *
 * @typedef {import('./types.js').JobState} JobState
 */

const ENDS = ['done', 'failed', 'cancelled'];
const EVENTS = ['progress', 'metrics', 'preview', ...ENDS];
/** How much of the old rate a second leaves. */
const KEEP = 0.7;

/** Has the job ended? @param {JobState} job */
export function isOver({ state }) {
  return ENDS.includes(state);
}

/**
 * Follows a job until it ends. A lost connection comes back by itself (EventSource sends Last-Event-ID).
 * @param {string} url  Of its events.
 * @param {(job: JobState) => void} onNews
 * @param {{signal: AbortSignal, ask: () => Promise<JobState>, Source?: typeof EventSource}} options
 *   ask: the job's state, for when the events cannot be had.
 * @returns {Promise<JobState>}  Its last state.
 */
export function followJob(url, onNews, { signal, ask, Source = EventSource }) {
  return new Promise((resolve, reject) => {
    const source = new Source(url);
    const leave = () => { source.close(); reject(signal.reason); };
    signal.addEventListener('abort', leave, { once: true });

    /** @param {JobState} job */
    function hear(job) {
      onNews(job);
      if (!isOver(job)) return;
      source.close();
      signal.removeEventListener('abort', leave);
      resolve(job);
    }
    for (const name of EVENTS) source.addEventListener(name, (event) => hear(JSON.parse(event.data)));
    source.onerror = () => {
      if (source.readyState === source.CLOSED) ask().then(hear, reject);
    };
  });
}

/**
 * Bytes a second and seconds left, from what a job says of its progress; smoothed.
 * @returns {(done: number, total: number|null, now: number) => {rate: number|null, left: number|null}}  now in ms.
 */
export function createPace() {
  /** @type {{done: number, now: number}|null} */
  let last = null;
  /** @type {number|null} */
  let rate = null;

  return (done, total, now) => {
    if (last && now > last.now && done >= last.done) {
      const seconds = (now - last.now) / 1000;
      const fresh = (done - last.done) / seconds;
      const keep = KEEP ** seconds;
      rate = rate === null ? fresh : keep * rate + (1 - keep) * fresh;
    }
    if (!last || now > last.now) last = { done, now };
    return { rate, left: rate && total !== null ? Math.max(0, total - done) / rate : null };
  };
}
