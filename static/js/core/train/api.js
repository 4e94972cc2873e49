/**
 * The calls of /trainings, /datasets and /designs.
 *
 * @typedef {import('../api.js').Api} Api
 * @typedef {import('../api.js').Options} Options
 * @typedef {import('./types.js').Training} Training
 * @typedef {import('./types.js').TrainingRequest} TrainingRequest
 * @typedef {import('./types.js').TrainingMetrics} TrainingMetrics
 */

const id = encodeURIComponent;

/** @param {string} method @param {unknown} body @param {Options} [o] @returns {RequestInit} */
function sent(method, body, o) {
  return { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), ...o };
}

/** The last part of an address, or an id as it is. @param {string} href */
export function idOf(href) {
  return decodeURIComponent(href.slice(href.lastIndexOf('/') + 1));
}

/** @param {Api} api @param {Options} [o] @returns {Promise<Training[]>} */
export const fetchTrainings = (api, o) => api.json('/trainings', o);

/** @param {Api} api @param {string} training @param {Options} [o] @returns {Promise<Training>} */
export const fetchTraining = (api, training, o) => api.json(`/trainings/${id(training)}`, o);

/** Rows behind the step `after`; null: all. @param {Api} api @param {string} training @param {number|null} after @param {Options} [o] @returns {Promise<TrainingMetrics>} */
export const fetchMetrics = (api, training, after, o) => api.json(`/trainings/${id(training)}/metrics${after === null ? '' : `?after=${after}`}`, o);

/** @param {Api} api @param {TrainingRequest} request @param {Options} [o] @returns {Promise<import('./types.js').TrainingAccepted>} */
export const startTraining = (api, request, o) => api.json('/trainings', sent('POST', request, o));

/** @param {Api} api @param {TrainingRequest} request @param {Options} [o] @returns {Promise<import('./types.js').TrainingCheck>} */
export const checkTraining = (api, request, o) => api.json('/trainings/checks', sent('POST', request, o));

/** @param {Api} api @param {string} training @param {import('./types.js').TrainingChange} change @returns {Promise<Training>} */
export const changeTraining = (api, training, change) => api.json(`/trainings/${id(training)}`, sent('PATCH', change));

/** Goes on with an interrupted, stopped or early ended one. @param {Api} api @param {string} training */
export const resumeTraining = (api, training) => api.json(`/trainings/${id(training)}/resume`, { method: 'POST' });

/** @param {Api} api @param {string} training */
export const removeTraining = (api, training) => api.request(`/trainings/${id(training)}`, { method: 'DELETE' });

/** A file that was downloaded here before becomes a network again. @param {Api} api @param {File} file @returns {Promise<Training>} */
export const uploadTraining = (api, file) =>
  api.json(`/trainings/uploads?name=${id(file.name)}`, { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: file });

/** @param {Api} api @param {Options} [o] @returns {Promise<import('./types.js').DatasetInfo[]>} */
export const fetchDatasets = (api, o) => api.json('/datasets', o);

/** @param {Api} api @param {Options} [o] @returns {Promise<import('./types.js').DesignPreset[]>} */
export const fetchDesigns = (api, o) => api.json('/designs', o);

/** Where the weights of a moment are, as a file. @param {Api} api @param {string} training @param {number|'latest'|'best'} [step] */
export const weightsUrl = (api, training, step = 'latest') => `${api.base}/trainings/${id(training)}/checkpoints/${step}/weights`;

/** Where its curves are, as a table. @param {Api} api @param {string} training */
export const metricsUrl = (api, training) => `${api.base}/trainings/${id(training)}/metrics?format=csv`;

/** Pictures of a data set and what an augmentation makes of them: a PNG sprite. @param {Api} api @param {string} dataset @param {object} body @param {Options} [o] @returns {Promise<Blob>} */
export const postAugmentation = async (api, dataset, body, o) => (await api.request(`/datasets/${id(dataset)}/augmentations`, sent('POST', body, o))).blob();
