/**
 * The page's state in the URL hash: copying it restores the picture exactly. The unit page has a path of its own (unit/address.js).
 * `#m=harley&v=draw&u=conv1/3,12,4&d=…`: what equals the default is left out; what cannot be read is ignored.
 *
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Unit} Unit
 * @typedef {{origin: 'gallery'|'pass', id: string}} PhotoRef  A picture of the gallery, or of a pass that the server keeps.
 * @typedef {Partial<State> & {modelId?: string, view?: string, photoRef?: PhotoRef}} Saved
 */
import { choiceFromText, choiceToText } from './maximize/request.js';
import { pointsFromText, pointsToText } from './points/text.js';
import { SLIDERS } from './input/robustness.js';
import { defaultScale, neutralTransform } from './store.js';
import { unitFromPath, unitPath } from './unit/address.js';

const PIXELS = 784;
const UNIT_VIEW = 'unit';
/** Views by names of old links. */
const OLD_VIEWS = /** @type {Record<string, string>} */ ({ draw: 'network' });
const TRANSFORM_KEYS = /** @type {const} */ (['dx', 'dy', 'rotate', 'scale', 'noise', 'stroke']);
/** Short names of plain choices: [hash key, state key, allowed values, default]. */
const CHOICES = /** @type {[string, keyof State, string[], string|((state: State) => string)][]} */ ([
  ['p', 'projection', ['3d', 'flat'], '3d'],
  ['s', 'scale', ['map', 'layer', 'fixed'], ({ model }) => defaultScale(model)],
  ['e', 'edgeColour', ['weight', 'activation', 'product'], 'product'],
  ['c', 'preprocess', ['center', 'none'], ({ model }) => (model?.input?.preprocessing === 'plain' ? 'none' : 'center')],
]);

/** `conv1/3,12,4`. @param {Unit} unit */
export function unitToText(unit) {
  return `${unit.stage}/${unit.channel},${unit.y},${unit.x}`;
}

/** @param {string|null} text @returns {Unit|null} */
export function unitFromText(text) {
  const found = /^([^/]+)\/(\d+),(\d+),(\d+)$/.exec(text ?? '');
  if (!found) return null;
  return { stage: found[1], channel: Number(found[2]), y: Number(found[3]), x: Number(found[4]) };
}

/** @param {Uint8Array} bytes @param {'deflate'|'inflate'} way */
async function pipe(bytes, way) {
  const through = way === 'deflate' ? new CompressionStream('deflate-raw') : new DecompressionStream('deflate-raw');
  const body = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (new Response(/** @type {Uint8Array<ArrayBuffer>} */ (bytes)).body);
  return new Uint8Array(await new Response(body.pipeThrough(through)).arrayBuffer());
}

/** The exact bytes of a drawing as a short text. @param {Uint8Array} pixels */
export async function drawingToText(pixels) {
  const packed = await pipe(pixels, 'deflate');
  return btoa(String.fromCharCode(...packed)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** @param {string|null} text @returns {Promise<Uint8Array|null>}  Null for anything but 784 bytes. */
export async function drawingFromText(text) {
  if (!text || text.length > 4 * PIXELS) return null;
  try {
    const packed = Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
    const pixels = await pipe(packed, 'inflate');
    return pixels.length === PIXELS ? pixels : null;
  } catch {
    return null;
  }
}

/** @param {import('./types.js').Transform} transform */
function transformToText(transform) {
  const neutral = neutralTransform();
  const same = TRANSFORM_KEYS.every((key) => transform[key] === neutral[key]);
  return same ? null : TRANSFORM_KEYS.map((key) => transform[key]).join(',');
}

/** The slider's value nearest to `value`. @param {keyof import('./types.js').Transform} key @param {number} value */
function clipped(key, value) {
  const slider = SLIDERS.find((each) => each.key === key);
  return slider ? Math.max(slider.min, Math.min(slider.max, value)) : value;
}

/** @param {string|null} text */
function transformFromText(text) {
  const numbers = (text ?? '').split(',').map(Number);
  if (text === null || numbers.length !== TRANSFORM_KEYS.length || !numbers.every(Number.isFinite)) return null;
  return /** @type {import('./types.js').Transform} */ (Object.fromEntries(TRANSFORM_KEYS.map((key, i) => [key, clipped(key, numbers[i])])));
}

/** What a link says of the input: the drawing, or where the photograph can be had. @param {State} state @param {string} drawing @returns {[string, string|null][]} */
function inputPairs({ model, photo, pass }, drawing) {
  if (model?.input?.preprocessing !== 'photo') return [['d', drawing]];
  return photo?.origin === 'gallery' ? [['g', photo.id]] : [['i', pass?.id ?? null]];
}

/** @param {URLSearchParams} query @returns {PhotoRef|null} */
function photoRefOf(query) {
  const [gallery, pass] = [query.get('g'), query.get('i')];
  if (gallery) return { origin: 'gallery', id: gallery };
  return pass ? { origin: 'pass', id: pass } : null;
}

/** The hash (without #) of a state. @param {State} state @param {string} view @param {string} drawing  From drawingToText. */
export function stateToHash(state, view, drawing) {
  /** @type {[string, string|number|null][]} */
  const pairs = [
    ['m', state.model?.id ?? null],
    ['v', view],
    ...CHOICES.map(([short, key, , standard]) => /** @type {[string, string|null]} */ ([short, state[key] === (typeof standard === 'string' ? standard : standard(state)) ? null : String(state[key])])),
    ['u', state.pinned && unitToText(state.pinned)],
    ['f', state.drawer],
    ['h', [...state.hidden].join(',') || null],
    ['o', state.outgoing ? '1' : null],
    ['t', state.trace ? '1' : null],
    ['x', transformToText(state.transform)],
    ['w', state.weights],
    ['z', choiceToText(state.maximize)],
    ['tr', state.training],
    ['tc', state.compared],
    ['pp', pointsToText(state.playground)],
    ['tm', state.playground && state.training ? state.moment : null], // of other trainings the weights say it
    ...inputPairs(state, drawing),
  ];
  // Slashes and commas may stand in a fragment; left as they are, the address of a unit stays readable.
  const text = (/** @type {string} */ value) => encodeURIComponent(value).replace(/%2F/g, '/').replace(/%2C/g, ',');
  return pairs.filter(([, value]) => value || value === 0).map(([key, value]) => `${key}=${text(String(value))}`).join('&');
}

/** What a hash says; keys that it lacks or that make no sense are absent. @param {string} hash @returns {Promise<Saved>} */
export async function stateFromHash(hash) {
  const query = new URLSearchParams(hash.replace(/^#/, ''));
  /** @type {Record<string, unknown>} */
  const saved = {};
  for (const [short, key, allowed] of CHOICES) {
    const value = query.get(short);
    if (value && allowed.includes(value)) saved[key] = value;
  }
  const found = {
    modelId: query.get('m'), view: OLD_VIEWS[query.get('v') ?? ''] ?? query.get('v'), weights: query.get('w'), photoRef: photoRefOf(query), drawer: query.get('f'),
    pinned: unitFromText(query.get('u')), transform: transformFromText(query.get('x')), ink: await drawingFromText(query.get('d')),
    maximize: choiceFromText(query.get('z')), training: query.get('tr'), compared: query.get('tc'),
    playground: pointsFromText(query.get('pp')),
  };
  for (const [key, value] of Object.entries(found)) if (value) saved[key] = value;
  if (found.playground && found.training && /^\d+$/.test(query.get('tm') ?? '')) saved.moment = Number(query.get('tm'));
  if (query.has('h')) saved.hidden = new Set((query.get('h') ?? '').split(',').filter(Boolean));
  if (query.get('o') === '1') saved.outgoing = true;
  if (query.get('t') === '1') saved.trace = true;
  return /** @type {Saved} */ (saved);
}

/** The path of a view's address: the unit page has one for each unit. @param {string} view @param {Pick<State, 'unitPage'>} state */
export function pathOf(view, { unitPage }) {
  return view === UNIT_VIEW && unitPage ? unitPath(unitPage) : '/';
}

/** What an address says. The path names the unit, whatever the hash holds. @param {{pathname: string, hash: string}} address @returns {Promise<Saved>} */
export async function stateFromAddress({ pathname, hash }) {
  const saved = await stateFromHash(hash);
  const unitPage = unitFromPath(pathname);
  return unitPage ? { ...saved, view: UNIT_VIEW, modelId: unitPage.model, unitPage } : saved;
}
