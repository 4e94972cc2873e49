/**
 * The maximizing inputs of a whole layer, batch after batch, those in sight first. Each batch is a request of its own:
 * the server keeps it, so that a stopped sheet goes on where it was.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('./request.js').Choice} Choice
 * @typedef {import('./request.js').Subject} Subject
 * @typedef {import('./run.js').MaximizedPicture} MaximizedPicture
 * @typedef {import('./run.js').Run} Run
 * @typedef {'index'|'score'|'ratio'} SheetOrder
 *
 * @typedef {object} Sheet
 * @property {string} key
 * @property {number} channels
 * @property {boolean} going
 * @property {Map<number, MaximizedPicture>} pictures  Finished, by channel.
 * @property {number[]} batch                          Channels that are computed now.
 * @property {Run} run                                 Of that batch.
 * @property {string|null} problem
 */
import { requestOf, STANDARD } from './request.js';
import { createMaximizer, IDLE } from './run.js';

export const SHEET_ORDERS = /** @type {const} */ (['index', 'score', 'ratio']);
/** Pictures of a batch: what fits in a short wait. */
const BATCH = { photo: 8, digit: 32 };

/** @param {Model} model */
const isPhoto = (model) => model.input.preprocessing === 'photo';
/** Side of a picture of a map's unit in a network of photographs: a tile shows no more, and it takes a quarter of the time. */
const SMALL = 96;

/** The choices that hold for a whole layer: the unit's own and its seed do not. @param {Choice} choice @returns {Choice} */
export function sheetChoice({ method, preset, precision, transforms, steps, size, layer }) {
  return { ...STANDARD, method, preset, precision, transforms, steps, size, layer };
}

/** @param {Model} model @param {Choice} choice @param {Subject} subject @param {number[]} batch */
export function sheetRequest(model, choice, subject, batch) {
  const own = sheetChoice(choice);
  const size = own.size ?? (isPhoto(model) && subject.isMap && own.preset === 'fast' ? SMALL : null);
  const request = requestOf({ ...own, size }, { ...subject, channel: batch[0] }, null);
  return { ...request, ...(subject.isClass ? { class: batch } : { channel: batch }) };
}

/** The batch to compute next: the first with something missing among those in sight, then anywhere. Batches lie fixed, so that each is kept. @param {Sheet} sheet @param {number} size @param {readonly number[]} seen */
export function nextBatch({ channels, pictures }, size, seen) {
  const batches = Array.from({ length: Math.ceil(channels / size) }, (_, i) => i);
  const isOpen = (/** @type {number} */ batch) => members(batch).some((channel) => !pictures.has(channel));
  const members = (/** @type {number} */ batch) => Array.from({ length: Math.min(size, channels - batch * size) }, (_, i) => batch * size + i);
  const wanted = [...seen.map((channel) => Math.floor(channel / size)), ...batches].find(isOpen);
  return wanted === undefined ? [] : members(wanted);
}

/**
 * The same units as the reader has looked at one by one. @param {import('../types.js').State} state @param {Subject} subject
 * @returns {Map<number, MaximizedPicture>}
 */
export function singlePictures({ model, weights, maximize, maximized }, { stage }) {
  const wanted = JSON.stringify(sheetChoice(maximize));
  const alike = maximized.filter(({ model: id, weights: source, pinned, choice }) => id === model?.id && source === weights && pinned.stage === stage.id
    && choice.objective === 'activation' && choice.aim === 'channel' && JSON.stringify(sheetChoice(choice)) === wanted);
  return new Map(alike.map(({ pinned, answer }) => [pinned.channel, answer.pictures[0]]));
}

/** The channels in the reader's order; those without a number stay behind, by number. @param {Sheet} sheet @param {SheetOrder} order */
export function orderOf({ channels, pictures }, order) {
  const all = Array.from({ length: channels }, (_, channel) => channel);
  if (order === 'index') return all;
  const value = (/** @type {number} */ channel) => pictures.get(channel)?.[order] ?? -Infinity;
  return all.sort((a, b) => (value(b) === value(a) ? a - b : value(b) - value(a)));
}

/**
 * @param {import('../api.js').Api} api @param {() => void} onChange
 * @param {{maximizer?: typeof createMaximizer}} [options]
 */
export function createSheet(api, onChange, { maximizer: make = createMaximizer } = {}) {
  const maximizer = make(api, heed);
  /** @type {Sheet} */
  let sheet = empty('', 0);
  /** What was made of other layers. @type {Map<string, Sheet['pictures']>} */
  const known = new Map();
  /** @type {{model: Model, subject: Subject, choice: Choice}|null} */
  let asked = null;
  /** @type {readonly number[]} */
  let seen = [];

  /** @param {Run} run */
  function heed(run) {
    sheet = { ...sheet, run };
    if (run.phase === 'done' && run.answer) {
      sheet.batch.forEach((channel, i) => { const picture = run.answer?.pictures[i]; if (picture) sheet.pictures.set(channel, picture); });
      if (sheet.going) return queueMicrotask(advance);
    } else if (run.phase === 'failed') {
      sheet = { ...sheet, going: false, batch: [], problem: run.problem };
    }
    onChange();
  }

  function advance() {
    if (!asked || !sheet.going) return;
    const { model, subject, choice } = asked;
    const batch = nextBatch(sheet, BATCH[isPhoto(model) ? 'photo' : 'digit'], seen);
    sheet = { ...sheet, batch, going: batch.length > 0 };
    onChange();
    if (batch.length > 0) void maximizer.start(model.id, async () => sheetRequest(model, choice, subject, batch));
  }

  return {
    get: () => sheet,
    /** Which layer, and how; nothing is computed yet. @param {Model} model @param {Subject} subject @param {Choice} choice */
    show(model, subject, choice) {
      const key = JSON.stringify([model.id, model.weights.source, model.weights.sha256, sheetRequest(model, choice, subject, [])]);
      asked = { model, subject, choice };
      if (key === sheet.key) return;
      maximizer.clear();
      const pictures = known.get(key) ?? new Map();
      known.set(key, pictures);
      sheet = { ...empty(key, subject.channels), pictures };
      onChange();
    },
    /** The channels that the reader sees. @param {readonly number[]} channels */
    see(channels) { seen = channels; },
    start() {
      if (sheet.going || !asked) return;
      sheet = { ...sheet, going: true, problem: null };
      advance();
    },
    stop() {
      sheet = { ...sheet, going: false, batch: [] };
      maximizer.cancel();
      onChange();
    },
    destroy: maximizer.destroy,
  };
}

/** @param {string} key @param {number} channels @returns {Sheet} */
function empty(key, channels) {
  return { key, channels, going: false, pictures: new Map(), batch: [], run: IDLE, problem: null };
}
