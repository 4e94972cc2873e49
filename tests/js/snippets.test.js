import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { packBytes, snippet, unitPlace } from '../../static/js/core/snippets.js';

const drawing = { kind: 'drawing', packed: 'H4sIAAA=', preprocess: 'center' };
const base = 'http://localhost:8000/api/v1';
const unit = { about: 'unit', layer: 'tanh1', place: [0, 3, 4] };

test('the place of a unit follows the shape of its stage', () => {
  const at = { stage: 's', channel: 5, y: 3, x: 2 };
  assert.deepEqual(unitPlace({ shape: [6, 28, 28] }, at), [5, 3, 2]);
  assert.deepEqual(unitPlace({ shape: [120] }, at), [5]);
});

test('both languages ask for the pass and for the unit', () => {
  for (const language of ['curl', 'python']) {
    const text = snippet(language, { base, model: 'harley', weights: null, source: drawing, question: unit });
    assert.match(text, /models\/harley\/passes/);
    assert.match(text, /layers\/tanh1\/neurons\/0\/3\/4/);
    assert.match(text, /H4sIAAA=/);
    assert.match(text, /center/);
    assert.doesNotMatch(text, /weights=|"weights": "/);
  }
});

test('the chosen weights are named', () => {
  for (const about of ['maps', 'filters', 'predictions']) {
    const question = { about, layer: 'features.0', channel: 3 };
    const request = { base, model: 'vgg16', weights: 'wheel', source: { kind: 'photo', name: 'cat.jpg', url: null }, question };
    assert.match(snippet('curl', request), /weights=wheel/);
    assert.match(snippet('python', request), /"weights": "wheel"/);
  }
});

test("a file's name cannot leave its quotes", () => {
  const source = { kind: 'photo', name: "a'; rm -rf $HOME `x` \".jpg", url: null };
  const request = { base, model: 'vgg16', weights: null, source, question: { about: 'predictions' } };
  assert.match(snippet('curl', request), /-F 'file=@a__ rm -rf _HOME _x_ _\.jpg'/);
  assert.match(snippet('python', request), /open\("a__ rm -rf _HOME _x_ _\.jpg", "rb"\)/);
});

test('packed bytes come back', async () => {
  const bytes = Uint8Array.from({ length: 912 }, (_, i) => i % 7);
  const unpacked = gunzipSync(Buffer.from(await packBytes(bytes.buffer), 'base64'));
  assert.deepEqual([...unpacked], [...bytes]);
});

test('the unit page in both languages, with the chosen weights everywhere', () => {
  const question = { about: 'unit-page', layer: 'relu3', channel: 5, filter: { layer: 'conv3', channel: 5 }, set: 'mnist-test', request: { layer: 'relu3', channel: 5 } };
  const request = { base, model: 'digitnet', weights: 'random', source: drawing, question };
  const [curl, python] = ['curl', 'python'].map((language) => snippet(language, request));
  for (const text of [curl, python]) {
    for (const part of [/layers\/relu3\/units\/5/, /layers\/conv3\/filters/, /top-pictures/, /mnist-test/, /maximizations/, /activations/, /H4sIAAA=/]) assert.match(text, part);
  }
  assert.equal(curl.match(/weights=random/g)?.length, 7);
  assert.equal(python.match(/"weights": "random"/g)?.length, 5);
  const bare = snippet('curl', { ...request, question: { ...question, filter: null, set: null } });
  assert.doesNotMatch(bare, /filters|top-pictures/);
});

test('a maximization asks, waits and fetches every picture', () => {
  const question = { about: 'maximization', request: { class: 7, method: 'pixels', transforms: false }, pictures: 1 };
  const request = { base, model: 'digitnet', weights: null, source: drawing, question };
  const [curl, python] = ['curl', 'python'].map((language) => snippet(language, request));
  assert.match(curl, /-d '{"class":7,"method":"pixels","transforms":false}'/);
  assert.match(python, /json={"class": 7, "method": "pixels", "transforms": False}/);
  for (const text of [curl, python]) assert.doesNotMatch(text, /H4sIAAA=|numpy|passes/);
  const several = snippet('curl', { ...request, question: { ...question, pictures: 4 } });
  assert.match(several, /seq 0 3/);
});

test('a maximization of the present picture makes a pass of its own', () => {
  const question = { about: 'maximization', request: { layer: 'conv2', objective: 'inversion', picture: 'p1' }, pictures: 1 };
  const request = { base, model: 'digitnet', weights: 'random', source: drawing, question };
  const [curl, python] = ['curl', 'python'].map((language) => snippet(language, request));
  for (const text of [curl, python]) { assert.match(text, /H4sIAAA=/); assert.match(text, /passes/); assert.doesNotMatch(text, /p1/); }
  assert.match(curl, /\\"picture\\":\\"\$pass\\"/);
  assert.match(python, /\| {"picture": kept\["id"\]}/);
});
