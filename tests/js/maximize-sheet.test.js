import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STANDARD } from '../../static/js/core/maximize/request.js';
import { IDLE } from '../../static/js/core/maximize/run.js';
import { createSheet, nextBatch, orderOf, sheetRequest, singlePictures } from '../../static/js/core/maximize/sheet.js';

const subject = (channels, more = {}) => /** @type {any} */ ({ layer: 'relu1', channel: 3, y: 0, x: 0, channels, isMap: true, isClass: false, ...more });
const model = /** @type {any} */ ({ id: 'vgg16', input: { preprocessing: 'photo' }, weights: { source: 'wheel', sha256: 'x' } });
const sheetOf = (channels, done) => /** @type {any} */ ({ channels, pictures: new Map(done) });

test('a batch asks for its units as a whole, whatever the unit was asked for', () => {
  const choice = { ...STANDARD, objective: /** @type {const} */ ('joint'), aim: /** @type {const} */ ('neuron'), method: /** @type {const} */ ('maco') };
  assert.deepEqual(sheetRequest(model, choice, subject(9), [8]), { layer: 'relu1', channel: [8], method: 'maco', size: 96 });
  assert.deepEqual(sheetRequest(model, STANDARD, subject(10, { isClass: true, isMap: false }), [0, 1]), { class: [0, 1] });
});

test('units that were looked at one by one stand in the sheet', () => {
  const kept = (channel, more = {}) => ({ model: 'vgg16', weights: null, pinned: { stage: 'conv1', channel }, choice: { ...STANDARD, seed: 3, ...more }, answer: { pictures: [{ score: channel }] } });
  const maximized = [kept(4), kept(5, { objective: 'negative' }), kept(6, { method: 'maco' })];
  const found = singlePictures(/** @type {any} */ ({ model, weights: null, maximize: STANDARD, maximized }), subject(9, { stage: { id: 'conv1' } }));
  assert.deepEqual([...found], [[4, { score: 4 }]]);
});

test('those in sight come first', () => {
  assert.deepEqual(nextBatch(sheetOf(20, []), 8, []), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(nextBatch(sheetOf(20, []), 8, [17, 18]), [16, 17, 18, 19]);
  const done = Array.from({ length: 8 }, (_, i) => [i, {}]);
  assert.deepEqual(nextBatch(sheetOf(8, done), 8, [0]), []);
});

test('in the order of their numbers', () => {
  const done = [[0, { score: 1, ratio: null }], [2, { score: 5, ratio: 2 }]];
  assert.deepEqual(orderOf(sheetOf(4, done), 'index'), [0, 1, 2, 3]);
  assert.deepEqual(orderOf(sheetOf(4, done), 'score'), [2, 0, 1, 3]);
  assert.deepEqual(orderOf(sheetOf(4, done), 'ratio'), [2, 0, 1, 3]);
});

test('batch after batch, until it is stopped', async () => {
  const asked = [];
  let heed = (_run) => {};
  const maximizer = /** @type {any} */ ((_, onChange) => {
    heed = onChange;
    return { start: async (_model, ask) => { asked.push((await ask()).channel); }, clear() {}, cancel() {}, destroy() {}, get: () => IDLE };
  });
  const sheet = createSheet(/** @type {any} */ ({}), () => {}, { maximizer });
  const turn = () => new Promise((resolve) => { setTimeout(resolve); });
  const finish = () => heed({ ...IDLE, phase: 'done', answer: { pictures: sheet.get().batch.map((channel) => ({ channel, score: channel })) } });
  sheet.show(model, subject(20), STANDARD);
  sheet.start();
  await turn();
  finish();
  await turn();
  assert.equal(sheet.get().pictures.size, 8);
  assert.deepEqual(asked.map(([first]) => first), [0, 8]);
  sheet.stop();
  assert.equal(sheet.get().going, false);
  sheet.start();
  await turn();
  assert.equal(asked.at(-1)[0], 8);
  finish();
  await turn();
  finish();
  await turn();
  assert.deepEqual([sheet.get().pictures.size, sheet.get().going], [20, false]);
});

test('another layer begins anew; a refusal ends it', async () => {
  let heed = (_run) => {};
  const maximizer = /** @type {any} */ ((_, onChange) => { heed = onChange; return { start: async () => {}, clear() {}, cancel() {}, destroy() {} }; });
  const sheet = createSheet(/** @type {any} */ ({}), () => {}, { maximizer });
  sheet.show(model, subject(20), STANDARD);
  sheet.start();
  heed({ ...IDLE, phase: 'failed', problem: 'too large' });
  assert.deepEqual([sheet.get().going, sheet.get().problem], [false, 'too large']);
  sheet.show(model, subject(20, { layer: 'relu2' }), STANDARD);
  assert.equal(sheet.get().problem, null);
});

test('back at a layer, what was made of it is still there', () => {
  const maximizer = /** @type {any} */ (() => ({ start: async () => {}, clear() {}, cancel() {}, destroy() {} }));
  const sheet = createSheet(/** @type {any} */ ({}), () => {}, { maximizer });
  sheet.show(model, subject(20), STANDARD);
  sheet.get().pictures.set(3, /** @type {any} */ ({ score: 1 }));
  sheet.show(model, subject(20, { layer: 'relu2' }), STANDARD);
  assert.equal(sheet.get().pictures.size, 0);
  sheet.show(model, subject(20), { ...STANDARD, seed: 5 });
  assert.equal(sheet.get().pictures.size, 1);
});
