/**
 * The HTTP API as functions. Every call takes an AbortSignal; a refusal becomes an ApiError that carries the problem.
 *
 * @typedef {{signal?: AbortSignal}} Options
 * @typedef {ReturnType<typeof createApi>} Api
 */
import { encodeNpy, parseSafetensors } from './wire.js';

/** A problem+json answer (RFC 9457), or a failure to reach the server (status 0). */
export class ApiError extends Error {
  /** @param {number} status @param {string} title @param {Record<string, unknown>} problem */
  constructor(status, title, problem = {}) {
    super(String(problem.detail ?? title));
    this.name = 'ApiError';
    this.status = status;
    this.title = title;
    this.problem = problem;
  }
}

/** @param {unknown} error  True if the caller itself gave up. */
export function isAbort(error) {
  return error instanceof Error && error.name === 'AbortError';
}

/** @param {Record<string, string|number|undefined>} query */
function queryString(query) {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined).map(([key, value]) => [key, String(value)]);
  return pairs.length ? `?${new URLSearchParams(pairs)}` : '';
}

/** @param {Response} response @returns {Promise<ApiError>} */
async function problemOf(response) {
  const problem = await response.json().catch(() => ({}));
  return new ApiError(response.status, problem.title ?? response.statusText, problem);
}

/**
 * @param {string} base
 * @param {typeof fetch} get
 */
function createTransport(base, get) {
  /** @param {string} path @param {RequestInit} [init] */
  async function request(path, init = {}) {
    const response = await get(base + path, init).catch((error) => {
      throw isAbort(error) ? error : new ApiError(0, String(error.message));
    });
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  return {
    /** The parsed JSON of an answer. @param {string} path @param {RequestInit} [init] @returns {Promise<any>} */
    json: async (path, init) => (await request(path, init)).json(),
    /** The bytes of an answer. @param {string} path @param {RequestInit} [init] @returns {Promise<ArrayBuffer>} */
    bytes: async (path, init) => (await request(path, init)).arrayBuffer(),
  };
}

/** Pictures (N×28×28 uint8, white ink on black) as the request that posts them. @param {Uint8Array} pixels @returns {RequestInit} */
function pictures(pixels) {
  const body = encodeNpy([pixels.length / 784, 28, 28], pixels);
  return { method: 'POST', headers: { 'Content-Type': 'application/x-npy' }, body: new Blob([body]) };
}

/**
 * @param {string} [base]
 * @param {typeof fetch} [get]
 */
export function createApi(base = '/api/v1', get = (input, init) => fetch(input, init)) {
  const { json, bytes } = createTransport(base, get);
  const id = encodeURIComponent;

  return {
    base, json, bytes,
    /** @param {Options} [o] @returns {Promise<import('./types.js').ModelSummary[]>} */
    models: (o) => json('/models', o),
    /** @param {string} model @param {Options} [o] @returns {Promise<import('./types.js').Model>} */
    model: (model, o) => json(`/models/${id(model)}`, o),
    /** Kernels of every weighted layer. @param {string} model @param {Options} [o] @returns {Promise<import('./types.js').Kernels>} */
    kernels: async (model, o) => parseSafetensors(await bytes(`/models/${id(model)}/filters?format=safetensors`, o)),
    /** @param {Options} [o] @returns {Promise<import('./types.js').ColorMap[]>} */
    colormaps: (o) => json('/colormaps', o),
    /** @param {Options} [o] @returns {Promise<import('./types.js').Sample[]>} */
    samples: (o) => json('/datasets/mnist/samples', o),
    /**
     * What the network says of N drawings. @param {string} model @param {Uint8Array} pixels  N×784.
     * @param {{top?: number, preprocess?: string, signal?: AbortSignal}} [o]
     * @returns {Promise<import('./types.js').Prediction[]>}
     */
    async predictions(model, pixels, { top, preprocess, signal } = {}) {
      const path = `/models/${id(model)}/predictions${queryString({ top, preprocess })}`;
      return (await json(path, { ...pictures(pixels), signal })).predictions;
    },
    /**
     * A pass that the server keeps. @param {string} model @param {Uint8Array} drawing
     * @param {{preprocess?: string, signal?: AbortSignal}} [o]
     * @returns {Promise<{id: string, predictions: import('./types.js').Prediction[], layers: object[]}>}
     */
    createPass: (model, drawing, { preprocess, signal } = {}) =>
      json(`/models/${id(model)}/passes${queryString({ preprocess })}`, { ...pictures(drawing), signal }),
    /**
     * The arithmetic of one unit of a kept pass. @param {string} pass @param {string} layer
     * @param {number[]} position  channel, y, x; or the channel alone.
     * @param {Options} [o]
     */
    neuron: (pass, layer, position, o) => json(`/passes/${id(pass)}/layers/${id(layer)}/neurons/${position.join('/')}`, o),
    /** URL of one layer of a kept pass. @param {string} pass @param {string} layer @param {Record<string, string|number|undefined>} [query] */
    layerUrl: (pass, layer, query = {}) => `${base}/passes/${id(pass)}/layers/${id(layer)}${queryString(query)}`,
  };
}
