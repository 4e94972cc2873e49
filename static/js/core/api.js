/**
 * The HTTP API as functions. Every call takes an AbortSignal; a refusal becomes an ApiError that carries the problem.
 *
 * @typedef {{signal?: AbortSignal}} Options
 * @typedef {ReturnType<typeof createApi>} Api
 */
import { encodeNpy, parseHalves, parseNpy, parseSafetensors } from './numbers/wire.js';

/** What a raw body may be; every other picture goes as a form. */
const RAW_TYPES = ['image/png', 'image/jpeg', 'image/webp'];

/** A problem+json answer (RFC 9457), or a failure to reach the server (status 0). */
export class ApiError extends Error {
  /** @param {number} status @param {string} title @param {Record<string, unknown>} problem */
  constructor(status, title, problem = {}) {
    super(String(problem.detail ?? title));
    this.name = 'ApiError';
    this.status = status;
    this.title = title;
    this.problem = problem;
    /** Seconds after which to try again, where the server names them. @type {number|null} */
    this.retryAfter = null;
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
  const error = new ApiError(response.status, problem.title ?? response.statusText, problem);
  error.retryAfter = Number(response.headers.get('Retry-After')) || null;
  return error;
}

/**
 * @typedef {{model: string|null, weights: string|null}} Present  The present network, and the source chosen for it.
 *
 * The path with the chosen source of weights, where it speaks of the network that the source was chosen for.
 * @param {string} path @param {Present} present
 */
export function withWeights(path, { model, weights }) {
  if (model === null || weights === null || /[?&]weights=/.test(path)) return path;
  const start = `/models/${encodeURIComponent(model)}`;
  const rest = path.startsWith(start) ? path.slice(start.length) : 'other';
  if (!/^([/?]|$)/.test(rest) || rest.startsWith('/weights')) return path;
  return `${path}${path.includes('?') ? '&' : '?'}weights=${encodeURIComponent(weights)}`;
}

/**
 * @param {string} base
 * @param {typeof fetch} get
 * @param {() => Present} present
 */
function createTransport(base, get, present) {
  /** @param {string} path @param {RequestInit} [init] */
  async function request(path, init = {}) {
    const response = await get(base + withWeights(path, present()), init).catch((error) => {
      throw isAbort(error) ? error : new ApiError(0, String(error.message));
    });
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  return {
    request,
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

/** A picture as the request that posts it: raw where the server knows the type, else as a form. @param {Blob} blob @returns {RequestInit} */
function photograph(blob) {
  if (RAW_TYPES.includes(blob.type)) return { method: 'POST', headers: { 'Content-Type': blob.type }, body: blob };
  const form = new FormData();
  form.append('file', blob);
  return { method: 'POST', body: form };
}

/**
 * @param {string} [base]
 * @param {typeof fetch} [get]
 * @param {() => Present} [present]
 */
export function createApi(base = '/api/v1', get = (input, init) => fetch(input, init), present = () => ({ model: null, weights: null })) {
  const { request, json, bytes } = createTransport(base, get, present);
  const id = encodeURIComponent;

  return {
    base, json, bytes, request,
    /** @param {Options} [o] @returns {Promise<import('./types.js').ModelSummary[]>} */
    models: (o) => json('/models', o),
    /** The network, by the source `weights` (null: the server's choice). @param {string} model @param {string|null} weights @param {Options} [o] @returns {Promise<import('./types.js').Model>} */
    model: (model, weights, o) => json(`/models/${id(model)}${queryString({ weights: weights ?? undefined })}`, o),
    /** Kernels of every weighted layer. @param {string} model @param {string|null} weights @param {Options} [o] @returns {Promise<import('./types.js').Kernels>} */
    kernels: async (model, weights, o) =>
      parseSafetensors(await bytes(`/models/${id(model)}/filters${queryString({ format: 'safetensors', weights: weights ?? undefined })}`, o)),
    /** @param {Options} [o] @returns {Promise<import('./types.js').ColorMap[]>} */
    colormaps: (o) => json('/colormaps', o),
    /** Grey pictures to put on the pad. @param {string} dataset @param {Options} [o] @returns {Promise<import('./types.js').Sample[]>} */
    samples: (dataset, o) => json(`/datasets/${id(dataset)}/samples`, o),
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
     * What a network that was trained here said of a picture at checkpoints of its training.
     * @param {string} model @param {Uint8Array|Blob} input  A drawing, or a photograph.
     * @param {{steps?: number[], preprocess?: string, signal?: AbortSignal}} [o]
     * @returns {Promise<import('./train/probe.js').History>}
     */
    answers: (model, input, { steps, preprocess, signal } = {}) =>
      json(`/models/${id(model)}/answers${queryString({ steps: steps?.join(','), preprocess })}`, { ...(input instanceof Blob ? photograph(input) : pictures(input)), signal }),
    /**
     * A pass that the server keeps. @param {string} model @param {Uint8Array} drawing
     * @param {{preprocess?: string, signal?: AbortSignal}} [o]
     * @returns {Promise<import('./types.js').PassInfo>}
     */
    createPass: (model, drawing, { preprocess, signal } = {}) =>
      json(`/models/${id(model)}/passes${queryString({ preprocess })}`, { ...pictures(drawing), signal }),
    /** A pass of a photograph, which may bring a name. @param {string} model @param {Blob} picture @param {Options & {name?: string}} [o] @returns {Promise<import('./types.js').PassInfo>} */
    createPhotoPass: (model, picture, { name, signal } = {}) =>
      json(`/models/${id(model)}/passes${queryString({ name: name?.slice(0, 100) || undefined })}`, { ...photograph(picture), signal }),
    /** @param {string} pass @param {Options} [o] @returns {Promise<import('./types.js').PassInfo>} */
    pass: (pass, o) => json(`/passes/${id(pass)}`, o),
    /** URL of the picture as the network sees it. @param {string} pass */
    seenUrl: (pass) => `${base}/passes/${id(pass)}/image`,
    /** A layer exactly. @param {string} pass @param {string} layer @param {{channels?: string, signal?: AbortSignal}} [o] */
    layer: async (pass, layer, { channels, signal } = {}) =>
      parseNpy(await bytes(`/passes/${id(pass)}/layers/${id(layer)}${queryString({ format: 'npy', channels })}`, { signal })),
    /** A layer in half precision. @param {string} pass @param {string} layer @param {Options} [o] */
    halves: async (pass, layer, o) => parseHalves(await bytes(`/passes/${id(pass)}/layers/${id(layer)}?format=npy&dtype=float16`, o)),
    /** @param {Options} [o] @returns {Promise<import('./types.js').GalleryPicture[]>} */
    gallery: (o) => json('/gallery', o),
    /** A file of this server. @param {string} href  Absolute path, or path below the API. @param {Options} [o] @returns {Promise<Blob>} */
    async file(href, o) {
      const answer = await get(href.startsWith('/api/') ? href : base + href, o);
      if (!answer.ok) throw await problemOf(answer);
      return answer.blob();
    },
    /** @param {string} job @param {Options} [o] @returns {Promise<import('./types.js').JobState>} */
    job: (job, o) => json(`/jobs/${id(job)}`, o),
    /** @param {string} job @param {Options} [o] */
    cancelJob: (job, o) => request(`/jobs/${id(job)}`, { method: 'DELETE', ...o }),
    /** Starts to fetch weights. @param {string} model @param {string} source @param {Options} [o] @returns {Promise<{id: string, href: string}>} */
    fetchWeights: (model, source, o) => json(`/models/${id(model)}/weights${queryString({ source })}`, { method: 'POST', ...o }),
    /** A weights file of the reader's own. @param {string} model @param {File} file @param {Options} [o] @returns {Promise<import('./types.js').Weights>} */
    uploadWeights: (model, file, o) => json(`/models/${id(model)}/weights/file${queryString({ name: file.name })}`,
      { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: file, ...o }),
    /** @param {string} model @param {string} source @param {Options} [o] */
    removeWeights: (model, source, o) => request(`/models/${id(model)}/weights/${id(source)}`, { method: 'DELETE', ...o }),
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
