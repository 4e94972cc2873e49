/**
 * What the form asks for: only what the reader has chosen; the rest is the default recipe, which the server's check fills in.
 *
 * @typedef {import('./types.js').TrainingRequest} TrainingRequest
 * @typedef {import('./types.js').TrainingCheck} TrainingCheck
 * @typedef {import('./types.js').DatasetInfo} DatasetInfo
 * @typedef {import('./types.js').DesignPreset} DesignPreset
 */

export const OPTIMIZERS = /** @type {const} */ (['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adadelta', 'adam', 'adamw']);
export const SCHEDULES = /** @type {const} */ (['constant', 'step', 'cosine', 'one_cycle']);
export const INITIALISATIONS = /** @type {const} */ (['default', 'xavier_uniform', 'xavier_normal', 'kaiming_uniform', 'kaiming_normal', 'orthogonal', 'normal', 'zeros']);
export const PRECISIONS = /** @type {const} */ (['auto', 'float32', 'bfloat16']);

/** Learning rates and weight decays that suit an optimizer: the usual ones of its paper, raised for short trainings. */
const USUAL = /** @type {Record<string, {learning_rate: number, decay: number}>} */ ({
  sgd: { learning_rate: 0.1, decay: 1e-4 }, momentum: { learning_rate: 0.02, decay: 1e-4 }, nesterov: { learning_rate: 0.02, decay: 1e-4 },
  adagrad: { learning_rate: 0.01, decay: 1e-4 }, rmsprop: { learning_rate: 0.001, decay: 1e-4 }, adadelta: { learning_rate: 1, decay: 1e-4 },
  adam: { learning_rate: 0.002, decay: 1e-4 }, adamw: { learning_rate: 0.004, decay: 0.02 },
});

/** Networks that learn within minutes, for digits and for photographs. */
const SENSIBLE = ['lenet5', 'alexnet_small'];

/** The form as it opens: LeNet-5 on MNIST with the default recipe. @type {Readonly<TrainingRequest>} */
export const FIRST = Object.freeze({ model: 'lenet5', dataset: Object.freeze({ id: 'mnist' }) });

/** The request with its defaults, as far as they are known. @param {TrainingRequest} draft @param {TrainingCheck|null} check @returns {TrainingRequest} */
export function completed(draft, check) {
  const known = Object.entries(draft).filter(([, value]) => value !== null && value !== undefined);
  const base = { ...check?.request };
  if (draft.design) delete base.model;
  return { ...base, ...Object.fromEntries(known) };
}

/** The draft with a part of one section changed; the section then stands as a whole. @template {'optimizer'|'schedule'|'augmentation'|'dataset'} K
 * @param {TrainingRequest} draft @param {TrainingCheck|null} check @param {K} section @param {Record<string, unknown>} patch @returns {TrainingRequest} */
export function withSection(draft, check, section, patch) {
  return { ...draft, [section]: { ...completed(draft, check)[section], ...patch } };
}

/** Another optimizer brings its usual rate and decay. @param {TrainingRequest} draft @param {TrainingCheck|null} check @param {string} name */
export function withOptimizer(draft, check, name) {
  return withSection(draft, check, 'optimizer', { name, ...USUAL[name] });
}

/** Another network; a design of the reader's own takes the place of a registered one. @param {TrainingRequest} draft @param {{model: string}|{design: import('./types.js').Design}} network @returns {TrainingRequest} */
export function withNetwork({ model: _, design: __, ...rest }, network) {
  return { ...rest, ...network };
}

/** A network for these data: the present one where it fits, else one that learns within minutes, else the first that does. @param {TrainingRequest} draft @param {DatasetInfo} data @param {DesignPreset[]} presets @returns {TrainingRequest} */
export function withData(draft, data, presets) {
  const next = { ...draft, dataset: { ...kept(draft.dataset), id: data.id } };
  if (draft.model ? data.models.includes(draft.model) : draft.design && data.id !== 'points' && draft.dataset?.id !== 'points') return next;
  const preset = presets.find(({ datasets }) => datasets.includes(data.id));
  if (data.models.length > 0) return withNetwork(next, { model: SENSIBLE.find((model) => data.models.includes(model)) ?? data.models[0] });
  return preset ? withNetwork(next, { design: preset.design }) : next;
}

/** What of a choice of data holds for other data, too. @param {TrainingRequest['dataset']} data */
function kept({ share, shuffled } = { id: '' }) {
  return { ...(share !== undefined && { share }), ...(shuffled !== undefined && { shuffled }) };
}

/** The request to send: nothing that is null, and the title only where there is one. @param {TrainingRequest} draft @returns {TrainingRequest} */
export function sendable(draft) {
  return /** @type {TrainingRequest} */ (Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== null && value !== undefined && value !== '')));
}

/** A request of an earlier training as a draft: what the server has filled in stays as it was. @param {TrainingRequest} request @returns {TrainingRequest} */
export function again(request) {
  const { paused: _, speed: __, title: ___, ...rest } = sendable(request);
  return rest;
}

/** The form, with the choices of a training. @param {import('../types.js').Store} store @param {import('./types.js').Training} training @param {(draft: TrainingRequest) => TrainingRequest} [change] */
export function openForm(store, { request }, change = (draft) => draft) {
  store.set({ trainingDraft: change(again(request)), training: null, compared: null });
}

/** The same once more, from another beginning. @param {TrainingRequest} draft */
export function otherSeed(draft) {
  return { ...draft, seed: (draft.seed ?? 1) + 1 };
}

/** Multiply-adds and bytes take so long on a common processor: seconds a picture, forward and back. */
const SECONDS = { picture: 3e-5, mac: 1e-10 };

/**
 * Roughly how many seconds it will take: by an earlier run of the same network, else by its multiply-adds.
 * @param {TrainingCheck} check @param {import('./types.js').Training[]} trainings @returns {number|null}
 */
export function estimateSeconds({ request, steps, macs, parameters }, trainings) {
  const pictures = steps === null || !request.batch ? null : steps * request.batch;
  if (pictures === null) return null;
  const before = trainings.filter((each) => each.parameters === parameters && each.request.dataset?.id === request.dataset?.id);
  const fastest = Math.max(0, ...before.map((each) => each.images_per_second ?? 0));
  if (fastest > 0) return pictures / fastest;
  return macs === null ? null : pictures * (SECONDS.picture + macs * SECONDS.mac);
}

/** The problem of a field, or of a part of it ("design.layers.3" of "design.layers.3.kernel"). @param {TrainingCheck|null} check @param {string} field */
export function problemsOf(check, field) {
  return (check?.problems ?? []).filter((each) => each.field === field || each.field.startsWith(`${field}.`)).map(({ detail }) => detail);
}
