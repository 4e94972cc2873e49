import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeNpy, parseFrame, parseHalves, parseNpy, parseSafetensors } from '../../static/js/core/numbers/wire.js';

/** A live message with one layer a [dtype, bytes] pair. */
function message(layers) {
  const head = (start) => JSON.stringify({ seq: 7, predictions: [{ top: [], unsure: true, reason: 'empty' }], layers: layers.map(({ id, dtype, shape }, i) => ({ id, dtype, shape, offset: start + 16 * i })) }).padEnd(508);
  const bytes = new Uint8Array(512 + 16 * layers.length);
  new DataView(bytes.buffer).setUint32(0, 508, true);
  bytes.set(new TextEncoder().encode(head(512)), 4);
  layers.forEach(({ body }, i) => bytes.set(new Uint8Array(body.buffer), 512 + 16 * i));
  return bytes.buffer;
}

test('a live frame gives views on its buffer', () => {
  const buffer = message([{ id: 'input', dtype: 'float32', shape: [1, 2, 2], body: new Float32Array([1, -2, 3.5, 0]) }]);
  const frame = parseFrame(buffer);
  assert.equal(frame.seq, 7);
  assert.equal(frame.prediction.reason, 'empty');
  assert.deepEqual(frame.tensors.get('input'), { shape: [1, 2, 2], data: new Float32Array([1, -2, 3.5, 0]) });
  assert.equal(frame.tensors.get('input').data.buffer, buffer);
});

test('half precision is decoded: normal, subnormal, infinite, not a number', () => {
  const halves = new Uint16Array([0x3c00, 0xc000, 0x0001, 0x7c00, 0xfc00, 0x7e00, 0x3555]);
  const { data } = parseFrame(message([{ id: 'a', dtype: 'float16', shape: [7], body: halves }])).tensors.get('a');
  assert.deepEqual([...data], [1, -2, 2 ** -24, Infinity, -Infinity, NaN, Math.fround(0.333251953125)]);
});

test('a damaged frame throws', () => {
  assert.throws(() => parseFrame(new ArrayBuffer(2)), RangeError);
  assert.throws(() => parseFrame(message([{ id: 'a', dtype: 'float128', shape: [1], body: new Uint8Array(4) }])), /unknown dtype "float128"/);
  const long = message([{ id: 'a', dtype: 'float32', shape: [900], body: new Uint8Array(4) }]);
  assert.throws(() => parseFrame(long), RangeError);
});

for (const shape of [[3], [2, 3], [2, 1, 3]]) {
  test(`npy of shape ${shape} survives the way there and back`, () => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i / 3);
    const file = encodeNpy(shape, data);
    assert.equal((file.byteLength - data.byteLength) % 64, 0);
    assert.deepEqual(parseNpy(file), { shape, data });
  });
}

test('npy that cannot be read is refused', () => {
  assert.throws(() => parseNpy(new ArrayBuffer(4)), /not an npy/);
  const file = new Uint8Array(encodeNpy([2], new Float32Array(2)));
  const fortran = new TextDecoder('latin1').decode(file).replace('False', 'True ');
  assert.throws(() => parseNpy(Uint8Array.from(fortran, (c) => c.charCodeAt(0)).buffer), /Fortran/);
});

test('safetensors: every array by name, whatever the alignment', () => {
  for (const pad of ['', ' ', '  ']) {
    const head = JSON.stringify({ __metadata__: { a: 'b' }, w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] }, n: { dtype: 'I64', shape: [1], data_offsets: [8, 16] } }) + pad;
    const bytes = new Uint8Array(8 + head.length + 16);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
    bytes.set(new TextEncoder().encode(head), 8);
    bytes.set(new Uint8Array(new Float32Array([1.5, -4]).buffer), 8 + head.length);
    bytes[16 + head.length] = 9;
    const tensors = parseSafetensors(bytes.buffer);
    assert.deepEqual([...tensors.keys()], ['w', 'n']);
    assert.deepEqual([...tensors.get('w').data], [1.5, -4]);
    assert.deepEqual([...tensors.get('n').data], [9]);
  }
});

test('numbers that half precision cannot hold come as they are', () => {
  const values = Float32Array.of(1e9, -2e9, 0, 1);
  const tensor = parseHalves(encodeNpy([1, 2, 2], values));
  assert.deepEqual([[...tensor.data], tensor.shape, tensor.halves], [[...values], [1, 2, 2], undefined]);
});
