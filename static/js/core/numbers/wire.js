/**
 * Bytes → tensors: the live frame, npy and safetensors. Float32 data is a view on the buffer, never a copy.
 *
 * @typedef {import('../types.js').Tensor} Tensor
 * @typedef {import('../types.js').Frame} Frame
 */
import { halfToFloat } from './half.js';
import { record } from '../perf.js';

/** @typedef {(buffer: ArrayBuffer, offset: number, count: number) => Float32Array} Reader */

const text = new TextDecoder();

/**
 * `count` elements from byte `offset`, as float32; a view where the type and the alignment allow it.
 * @param {ArrayBuffer} buffer @param {number} offset @param {number} count
 */
function float32(buffer, offset, count) {
  if (offset % 4 === 0) return new Float32Array(buffer, offset, count);
  return new Float32Array(buffer.slice(offset, offset + 4 * count));
}

/** @type {Reader} */
function float16(buffer, offset, count) {
  return halfToFloat(new Uint16Array(offset % 2 ? buffer.slice(offset, offset + 2 * count) : buffer, offset % 2 ? 0 : offset, count));
}

/** @type {Reader} bfloat16 is the upper half of a float32. */
function bfloat16(buffer, offset, count) {
  const words = new Uint16Array(buffer.slice(offset, offset + 2 * count));
  return new Float32Array(Uint32Array.from(words, (word) => word << 16).buffer);
}

/**
 * A reader of any other typed array, element by element.
 * @param {{new (buffer: ArrayBuffer): ArrayLike<number|bigint>, BYTES_PER_ELEMENT: number}} Type
 * @returns {Reader}
 */
function converted(Type) {
  const size = Type.BYTES_PER_ELEMENT;
  return (buffer, offset, count) => Float32Array.from(new Type(buffer.slice(offset, offset + size * count)), Number);
}

/** @type {Record<string, Reader>} Names of numpy's header, safetensors and the live header. */
const READERS = {
  '<f4': float32, F32: float32, float32,
  '<f2': float16, F16: float16, float16,
  BF16: bfloat16,
  '<f8': converted(Float64Array), F64: converted(Float64Array),
  '|u1': converted(Uint8Array), U8: converted(Uint8Array), uint8: converted(Uint8Array),
  '|i1': converted(Int8Array), I8: converted(Int8Array),
  '<i4': converted(Int32Array), I32: converted(Int32Array),
  '<i8': converted(BigInt64Array), I64: converted(BigInt64Array),
};

/**
 * @param {ArrayBuffer} buffer @param {string} dtype @param {number} offset @param {number[]} shape
 * @returns {Tensor}
 */
function tensorAt(buffer, dtype, offset, shape) {
  const reader = READERS[dtype];
  if (!reader) throw new TypeError(`unknown dtype ${JSON.stringify(dtype)}`);
  return { shape, data: reader(buffer, offset, shape.reduce((product, size) => product * size, 1)) };
}

/**
 * A message of the live socket: u32 header length, JSON header, arrays at `offset` from the start of the message.
 * @param {ArrayBuffer} buffer
 * @returns {Frame}
 * @throws {RangeError|SyntaxError|TypeError} when the message is damaged
 */
export function parseFrame(buffer) {
  const start = performance.now();
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(text.decode(new Uint8Array(buffer, 4, length)));
  /** @type {Map<string, Tensor>} */
  const tensors = new Map();
  for (const { id, shape, dtype, offset } of header.layers) tensors.set(id, tensorAt(buffer, dtype, offset, shape));
  record('parse', performance.now() - start);
  return { seq: header.seq, prediction: header.predictions[0], tensors };
}

/** What the header of an npy file says (versions 1–3, C order). @param {ArrayBuffer} buffer */
function npyHeader(buffer) {
  const view = new DataView(buffer);
  if (view.byteLength < 10 || view.getUint32(0) !== 0x934e554d) throw new TypeError('not an npy file');
  const [length, start] = view.getUint8(6) === 1 ? [view.getUint16(8, true), 10] : [view.getUint32(8, true), 12];
  const header = text.decode(new Uint8Array(buffer, start, length));
  const [, dtype] = /'descr':\s*'([^']+)'/.exec(header) ?? [];
  const [, sizes] = /'shape':\s*\(([^)]*)\)/.exec(header) ?? [];
  if (dtype === undefined || sizes === undefined) throw new TypeError('npy header without descr or shape');
  if (/'fortran_order':\s*True/.test(header)) throw new TypeError('npy in Fortran order is not supported');
  return { dtype, offset: start + length, shape: sizes.split(',').filter((size) => size.trim()).map(Number) };
}

/**
 * One array in numpy's format.
 * @param {ArrayBuffer} buffer
 * @returns {Tensor}
 */
export function parseNpy(buffer) {
  const { dtype, offset, shape } = npyHeader(buffer);
  return tensorAt(buffer, dtype, offset, shape);
}

/**
 * One float16 array in numpy's format, left as it is; `data` decodes it when it is first read. The server sends float32
 * instead where the numbers are too large or too small for float16.
 * @param {ArrayBuffer} buffer
 * @returns {Tensor}
 */
export function parseHalves(buffer) {
  const { dtype, offset, shape } = npyHeader(buffer);
  if (dtype === '<f4') return tensorAt(buffer, dtype, offset, shape);
  if (dtype !== '<f2') throw new TypeError(`float16 was asked for, ${dtype} came`);
  const halves = new Uint16Array(buffer, offset, shape.reduce((product, size) => product * size, 1));
  /** @type {Float32Array|null} */
  let data = null;
  return {
    shape, halves,
    get data() { return data ??= halfToFloat(halves); },
  };
}

/**
 * Every array of a safetensors file, by name.
 * @param {ArrayBuffer} buffer
 * @returns {Map<string, Tensor>}
 */
export function parseSafetensors(buffer) {
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(text.decode(new Uint8Array(buffer, 8, length)));
  /** @type {Map<string, Tensor>} */
  const tensors = new Map();
  for (const [name, entry] of Object.entries(header)) {
    if (name !== '__metadata__') tensors.set(name, tensorAt(buffer, entry.dtype, 8 + length + entry.data_offsets[0], entry.shape));
  }
  return tensors;
}

/**
 * An npy file (version 1.0, float32 or uint8 as `data` is, C order).
 * @param {number[]} shape @param {Float32Array|Uint8Array} data
 * @returns {ArrayBuffer}
 */
export function encodeNpy(shape, data) {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dtype = data instanceof Uint8Array ? '|u1' : '<f4';
  const head = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const length = Math.ceil((10 + head.length + 1) / 64) * 64 - 10;
  const bytes = new Uint8Array(10 + length + data.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 255, length >> 8]);
  bytes.set(new TextEncoder().encode(head.padEnd(length - 1) + '\n'), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + length);
  return bytes.buffer;
}
