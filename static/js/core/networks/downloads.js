/**
 * Fetching weights: starts, follows and cancels the server's jobs, and finds those that were under way when the page was opened.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('../types.js').Download} Download
 * @typedef {import('../types.js').ModelSummary} ModelSummary
 */
import { createPace, followJob } from '../jobs.js';

/** Where a download stands in `store.downloads`. @param {string} model @param {string} source */
export function downloadKey(model, source) {
  return `${model}/${source}`;
}

/** @param {unknown} error */
const wordsOf = (error) => (error instanceof Error ? error.message : String(error));

export class Downloads {
  #control = new AbortController();

  /** @param {Store} store @param {import('../api.js').Api} api @param {(model: string) => Promise<void>} onArrival  The weights of a network have changed. */
  constructor(store, api, onArrival) {
    this.store = store;
    this.api = api;
    this.onArrival = onArrival;
  }

  /** Follows what is under way already. @param {ModelSummary[]} models */
  find(models) {
    for (const { id, weights } of models) {
      for (const source of weights.sources ?? []) {
        if (source.job && !this.store.get().downloads[downloadKey(id, source.id)]) void this.#follow(id, source.id, source.job);
      }
    }
  }

  /** @param {string} model @param {string} source */
  async get(model, source) {
    this.#show(model, source, { job: null, rate: null, left: null, problem: null });
    try {
      const { id } = await this.api.fetchWeights(model, source);
      await this.#follow(model, source, id);
    } catch (error) {
      this.#show(model, source, { problem: wordsOf(error) });
    }
  }

  /** @param {string} model @param {string} source */
  async cancel(model, source) {
    const { job } = this.store.get().downloads[downloadKey(model, source)] ?? {};
    if (job) await this.api.cancelJob(job.id).catch((error) => this.#show(model, source, { problem: wordsOf(error) }));
    else this.#forget(model, source);
  }

  /** @param {string} model @param {string} source */
  async remove(model, source) {
    try {
      await this.api.removeWeights(model, source);
      this.#forget(model, source);
      await this.onArrival(model);
    } catch (error) {
      this.#show(model, source, { job: null, rate: null, left: null, problem: wordsOf(error) });
    }
  }

  /** @param {string} model @param {string} source @param {string} id */
  async #follow(model, source, id) {
    const pace = createPace();
    const { signal } = this.#control;
    this.#show(model, source, { rate: null, left: null, problem: null });
    const url = `${this.api.base}/jobs/${encodeURIComponent(id)}/events`;
    const last = await followJob(url, (job) => {
      this.#show(model, source, { job, ...pace(job.progress.done, job.progress.total, performance.now()) });
    }, { signal, ask: () => this.api.job(id, { signal }) });
    if (last.state === 'failed') return this.#show(model, source, { problem: String(last.error?.detail ?? last.progress.message) });
    this.#forget(model, source);
    if (last.state === 'done') await this.onArrival(model);
  }

  /** @param {string} model @param {string} source @param {Partial<Download>} news */
  #show(model, source, news) {
    const { downloads } = this.store.get();
    const key = downloadKey(model, source);
    const known = downloads[key] ?? { job: null, rate: null, left: null, problem: null };
    this.store.set({ downloads: { ...downloads, [key]: { ...known, ...news } } });
  }

  /** @param {string} model @param {string} source */
  #forget(model, source) {
    const { [downloadKey(model, source)]: _, ...downloads } = this.store.get().downloads;
    this.store.set({ downloads });
  }
}
