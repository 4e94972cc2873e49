/**
 * Values → colours. Zero is plain: a sequential map starts at it, a diverging map has it in the middle.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Stage} Stage
 * @typedef {import('../types.js').Tensor} Tensor
 * @typedef {import('../types.js').Range} Range
 * @typedef {import('../types.js').Palette} Palette
 * @typedef {'map'|'layer'|'fixed'} Mode
 */
import { FIXED, fixedLimit } from './fixed-range.js';
import { graphOf, nodeOf } from '../networks/graph.js';

/**
 * Smallest and largest finite value of `data` from `start` to `end`; [0, 0] for none.
 * @param {Float32Array} data @param {number} [start] @param {number} [end]
 * @returns {[number, number]}
 */
export function extremes(data, start = 0, end = data.length) {
  let [min, max] = [Infinity, -Infinity];
  for (let i = start; i < end; i++) {
    const value = data[i];
    if (value < min && value > -Infinity) min = value;
    if (value > max && value < Infinity) max = value;
  }
  return min <= max ? [min, max] : [0, 0];
}

/**
 * The range that colours stand for. `map`: of one channel (null: of all); `layer`: of all channels; `fixed`: ±2.
 * Signed ranges are symmetric about zero, others start at zero.
 * @param {Tensor} tensor @param {number|null} channel @param {Mode} mode
 * @param {boolean} [signed]  Whether values below zero can occur; by default, whether this tensor has some.
 * @returns {Range}
 */
export function rangeOf(tensor, channel, mode, signed = tensor.data.some((value) => value < 0)) {
  if (mode === 'fixed') return { lo: signed ? -FIXED : 0, hi: FIXED, signed };
  const size = tensor.data.length / tensor.shape[0];
  const whole = mode === 'layer' || channel === null || size <= 1;
  const [min, max] = whole ? extremes(tensor.data) : extremes(tensor.data, channel * size, (channel + 1) * size);
  const limit = Math.max(Math.abs(min), Math.abs(max)) || 1;
  return signed ? { lo: -limit, hi: limit, signed } : { lo: 0, hi: Math.max(max, 0) || 1, signed };
}

/**
 * The range of a stage's values: as `rangeOf`, but whether it is signed follows from the network, not from the
 * frame, so that colours do not flip while drawing; and the input runs from its background to full ink.
 * @param {Model} model @param {Stage} stage @param {Tensor} tensor @param {number|null} channel @param {Mode} mode
 * @returns {Range}
 */
export function stageRange(model, stage, tensor, channel, mode) {
  if (stage.inputs.length > 0) {
    const signed = isSigned(model, stage.id);
    if (mode !== 'fixed') return rangeOf(tensor, channel, mode, signed);
    const hi = fixedLimit(model, stage.output, () => rangeOf(tensor, null, 'layer', signed).hi);
    return { lo: signed ? -hi : 0, hi, signed };
  }
  const { mean, std } = model.input;
  const at = (/** @type {number} */ pixel) => (pixel - (mean[0] ?? 0)) / (std[0] ?? 1);
  return { lo: at(0), hi: at(1), signed: false };
}

/**
 * Can values of this stage be negative? Not behind a ReLU or a sigmoid, nor where pooling reads such a stage.
 * @param {Model} model @param {string} id
 * @returns {boolean}
 */
export function isSigned(model, id) {
  const { stage, layer, sources } = nodeOf(model, id);
  if (stage.activation) return !/relu|sigmoid|softmax/i.test(stage.activation) || /leaky|prelu/i.test(stage.activation);
  if (layer.role === 'pool' || layer.role === 'merge') return sources.some((source) => isSigned(model, source.stage.id));
  return graphOf(model).get(id)?.layer.role === 'weighted';
}

/**
 * Entry of the palette (0…255) for a value; what is not a number counts as zero.
 * @param {number} value @param {Range} range
 */
function entry(value, range) {
  const t = (value - range.lo) / (range.hi - range.lo);
  // A diverging map's plain middle is entry 128: halves are 0…128 and 128…255.
  const at = range.signed ? (t < 0.5 ? t * 256 : 1 + t * 254) : t * 255;
  return at > 0 ? Math.min(255, Math.round(at)) : Number.isNaN(at) && range.signed ? 128 : 0;
}

/**
 * The colour of one value.
 * @param {number} value @param {Range} range @param {Palette} palette
 * @returns {[number, number, number]}
 */
export function colourOf(value, range, palette) {
  const table = range.signed ? palette.diverging : palette.sequential;
  const at = 3 * entry(value, range);
  return [table[at], table[at + 1], table[at + 2]];
}

/** @type {WeakMap<Uint8Array, Uint32Array>} Each table as 256 opaque pixels in this machine's byte order. */
const packed = new WeakMap();

/** @param {Uint8Array} table @returns {Uint32Array} */
function pixelsOf(table) {
  const known = packed.get(table);
  if (known) return known;
  const bytes = new Uint8Array(1024).fill(255);
  for (let i = 0; i < 256; i++) bytes.set(table.subarray(3 * i, 3 * i + 3), 4 * i);
  const pixels = new Uint32Array(bytes.buffer);
  packed.set(table, pixels);
  return pixels;
}

/**
 * Colour all `values` into `rgba` (4 bytes a value, opaque).
 * @param {Float32Array} values @param {Range} range @param {Palette} palette @param {Uint8Array|Uint8ClampedArray} rgba
 */
export function paint(values, range, palette, rgba) {
  const pixels = pixelsOf(range.signed ? palette.diverging : palette.sequential);
  const out = new Uint32Array(rgba.buffer, rgba.byteOffset, values.length);
  for (let i = 0; i < values.length; i++) out[i] = pixels[entry(values[i], range)];
}
