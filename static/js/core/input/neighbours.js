/**
 * The pictures nearest to the present one in the last hidden layer, and the scan of the user's folder that more of them come from
 * (Krizhevsky, Sutskever and Hinton 2012, figure 4). Knows no DOM.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('../types.js').Neighbour} Neighbour
 * @typedef {import('../types.js').Neighbours} Neighbours
 * @typedef {import('../types.js').Photo} Photo
 * @typedef {import('../types.js').JobState} JobState
 * @typedef {import('../api.js').Api} Api
 *
 * @typedef {object} Standing
 * @property {Neighbours|null} found  Null while nothing is known.
 * @property {JobState|null} scan     The scan under way.
 * @property {string|null} problem
 */
import { isAbort } from '../api.js';
import { followJob } from '../jobs.js';

/** How many are shown. */
export const SHOWN = 6;

/** What there is to say. @param {Standing} standing @returns {'waiting'|'failed'|'alone'|'found'} */
export function kindOf({ found, problem }) {
  if (found) return found.neighbours.length > 0 ? 'found' : 'alone';
  return problem === null ? 'waiting' : 'failed';
}

/** Where the whole picture of a neighbour lies, below the API. @param {Neighbour} neighbour */
export function pictureOf({ pass_id: pass, path }) {
  return path === null ? `/passes/${encodeURIComponent(pass ?? '')}/image` : `/pictures/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/**
 * The neighbour as a photograph to look at. A picture seen is had as its network saw it, unless it lies in the folder.
 * @param {Api} api @param {Neighbour} neighbour @returns {Promise<Photo>}
 */
export async function photoOf(api, neighbour) {
  const href = pictureOf(neighbour);
  const blob = await api.file(href);
  const seen = neighbour.path === null;
  return { blob, url: seen ? api.base + href : URL.createObjectURL(blob), name: neighbour.name, origin: seen ? 'pass' : 'file', id: seen ? neighbour.pass_id : null };
}

/**
 * @param {Store} store @param {Api} api
 * @param {() => void} onChange
 * @param {typeof EventSource} [Source]
 */
export function createNeighbours(store, api, onChange, Source) {
  /** @type {Standing} */
  let standing = { found: null, scan: null, problem: null };
  let asking = new AbortController();
  const scanning = new AbortController();

  /** @param {Partial<Standing>} news */
  function tell(news) {
    standing = { ...standing, ...news };
    onChange();
  }

  /** Asks anew for the present pass; the newest question wins. */
  async function load() {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const { pass } = store.get();
    if (!pass) return tell({ found: null, problem: null });
    try {
      const found = await api.json(`/passes/${encodeURIComponent(pass.id)}/neighbours?top=${SHOWN}`, { signal });
      if (!signal.aborted) tell({ found, problem: null });
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) tell({ found: null, problem: wordsOf(error) });
    }
  }

  /** Looks at the user's folder with the present network. */
  async function scan() {
    const { model } = store.get();
    if (!model || standing.scan) return;
    const { signal } = scanning;
    try {
      const { id } = await api.json(`/models/${encodeURIComponent(model.id)}/scans`, { method: 'POST', signal });
      const ask = () => api.job(id, { signal });
      tell({ scan: await ask(), problem: null });
      const last = await followJob(`${api.base}/jobs/${encodeURIComponent(id)}/events`, (job) => tell({ scan: job }), { signal, ask, ...(Source && { Source }) });
      tell({ scan: null, problem: last.state === 'failed' ? String(last.error?.detail ?? last.progress.message) : null });
      await load();
    } catch (error) {
      if (!signal.aborted) tell({ scan: null, problem: wordsOf(error) });
    }
  }

  function cancel() {
    if (standing.scan) void api.cancelJob(standing.scan.id).catch((error) => tell({ problem: wordsOf(error) }));
  }

  const stop = store.on(['pass'], () => void load());
  return {
    standing: () => standing, load, scan, cancel,
    destroy() { stop(); asking.abort(); scanning.abort(); },
  };
}

/** @param {unknown} error */
function wordsOf(error) {
  return error instanceof Error ? error.message : String(error);
}
