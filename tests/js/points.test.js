/** The playground's choice, its text in the address, the perceptron's line, and the diagram. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zeroLine } from '../../static/js/core/points/contour.js';
import { isMistake, lineOf, perceptronOf, withUpdate } from '../../static/js/core/points/perceptron.js';
import { changed, choiceOf, FIRST_POINTS, pointsRequest, PRESETS, sameTraining, withLayer, withoutLayer, withUnits } from '../../static/js/core/points/choice.js';
import { placesOf, thickness, tileSize } from '../../static/js/core/points/diagram.js';
import { discretised, surfacesOf, unitRange } from '../../static/js/core/points/surface.js';
import { measure } from '../../static/js/core/points/network.js';
import { pointsFromText, pointsToText } from '../../static/js/core/points/text.js';

const choiceFor = (/** @type {string} */ id) => changed(FIRST_POINTS, PRESETS.find((preset) => preset.id === id)?.patch ?? {});
const gate = (/** @type {(ones: number) => boolean} */ answer) => /** @type {[number, number, number][]} */ ([[0, 0], [0, 1], [1, 0], [1, 1]].map(([x, y]) => [x, y, Number(answer(x + y))]));

test('every preset comes back from the address as it went in', () => {
  for (const { id } of PRESETS) {
    const choice = { ...choiceFor(id), probe: /** @type {[number, number]} */ ([1.5, -2]), unit: /** @type {[number, number]} */ ([1, 0]), discretise: true };
    const text = pointsToText(choice);
    assert.deepEqual(pointsFromText(text), choice, id);
    assert.ok(/^[\w.,/!-]+$/.test(text ?? ''), text ?? '');
  }
});

test('an address that makes no sense gives nothing', () => {
  const text = String(pointsToText({ ...FIRST_POINTS }));
  for (const broken of ['', 'circle', text.replace('circle', 'square'), text.replace('400', 'x'), text.replace('/4,2/', '/4,99/'), `${text}step!1_1_1`]) assert.equal(pointsFromText(broken), null, broken);
});

test('threshold units with weights set by hand compute AND, OR and XOR', () => {
  const answers = { and: (/** @type {number} */ n) => n === 2, or: (/** @type {number} */ n) => n >= 1, xor: (/** @type {number} */ n) => n === 1 };
  for (const [id, answer] of Object.entries(answers)) {
    const { hand } = choiceFor(id);
    assert.equal(measure({ layers: [...(hand ?? [])] }, gate(answer))?.accuracy, 1, id);
  }
});

test("Rosenblatt's rule has no hidden units: a layer more brings another optimizer, and the rule takes the layers away", () => {
  const perceptron = changed(FIRST_POINTS, { optimizer: 'perceptron' });
  assert.deepEqual([perceptron.layers, perceptron.batch], [[], 1]);
  const deeper = withLayer(perceptron);
  assert.deepEqual([deeper.layers, deeper.optimizer, deeper.batch], [[4], 'adam', 10]);
  assert.deepEqual(withoutLayer(FIRST_POINTS).layers, [4]);
  assert.deepEqual(withUnits(withUnits(FIRST_POINTS, 0, 1), 1, -1).layers, [5, 1]);
});

test('a gate has four points without noise, and leaving it brings the usual ones back', () => {
  const gated = changed(FIRST_POINTS, { set: 'gate_or' });
  assert.deepEqual([gated.noise, gated.testShare], [0, 0]);
  assert.equal(changed(gated, { set: 'spiral' }).count, FIRST_POINTS.count);
});

test('the request names the layers in order, and gives the choice back', () => {
  const request = pointsRequest({ ...FIRST_POINTS, layers: [3] });
  assert.deepEqual(request.design?.layers, [{ type: 'dense', units: 3 }, { type: 'activation', name: 'tanh' }]);
  assert.deepEqual(choiceOf(request, FIRST_POINTS), { ...FIRST_POINTS, layers: [3] });
  assert.ok(sameTraining(FIRST_POINTS, { ...FIRST_POINTS, speed: 3, discretise: true }));
  assert.ok(!sameTraining(FIRST_POINTS, { ...FIRST_POINTS, seed: 2 }));
});

test('the line of a unit ends at the edges of the square', () => {
  assert.deepEqual(lineOf([1, 1], 0, [-6, 6]), [[-6, 6], [6, -6]]);
  assert.deepEqual(lineOf([1, 0], -2, [-6, 6]), [[2, -6], [2, 6]]);
  assert.equal(lineOf([0, 0], 1, [-6, 6]), null);
  assert.equal(lineOf([1, 0], 20, [-6, 6]), null);
});

test('a step of the rule gives the unit before and after, and joins the list once', () => {
  const update = { step: 3, index: 1, x: [1, 0], target: 1, sum: -0.5, output: 0, learning_rate: 0.5, before: [0, 0], bias_before: -0.5, after: [0.5, 0], bias_after: 0 };
  assert.ok(isMistake(update));
  assert.deepEqual(perceptronOf(update).layers[0].weights, [[0.5, 0]]);
  assert.deepEqual(perceptronOf(update, true).layers[0].bias, [-0.5]);
  assert.deepEqual(withUpdate([{ ...update, step: 2 }, { ...update, step: 1 }], update).map(({ step }) => step), [3, 2, 1]);
  assert.deepEqual(withUpdate([update], update).length, 1);
});

test('the diagram has room for all units, inputs on the left and the answer on the right', () => {
  const widths = [2, 8, 8, 8, 8, 8, 8, 1];
  const places = placesOf(widths, 700, 420);
  const tile = tileSize(widths, 700, 420);
  assert.ok(places.flat().every(({ x, y }) => x >= tile / 2 && x <= 700 - tile / 2 + 1e-9 && y >= tile / 2 && y <= 420 - tile / 2));
  for (const column of places) column.slice(1).forEach(({ y }, i) => assert.ok(y - column[i].y >= tile));
  assert.ok(thickness(4) > thickness(1) && thickness(1000) <= 9);
});

test('the zero line of a plane is straight where the plane is', () => {
  const values = Float32Array.from({ length: 25 }, (_, i) => (i % 5) - 1.5);
  const pieces = zeroLine(values, 5);
  assert.equal(pieces.length, 4);
  for (const [x1, , x2] of pieces) assert.deepEqual([x1, x2], [0.375, 0.375]);
  assert.deepEqual(zeroLine(new Float32Array(25).fill(1), 5), []);
});

test('colours: the answer is plain at one half, threshold units start at zero, others are symmetric', () => {
  const network = { layers: [{ weights: [[1, 0]], bias: [0], activation: 'tanh' }, { weights: [[2]], bias: [0], activation: 'sigmoid' }] };
  const [inputs, hidden, answer] = surfacesOf(network, 5, [-6, 6]);
  assert.deepEqual(inputs[0].range, { lo: -6, hi: 6, signed: true });
  assert.deepEqual(hidden[0].range, { lo: -1, hi: 1, signed: true });
  assert.deepEqual(answer[0].range, { lo: 0, hi: 1, signed: true });
  assert.deepEqual([...new Set(discretised(answer[0]))].sort(), [0, 1]);
  assert.equal(unitRange({ layers: [{ weights: [[1, 1]], bias: [0], activation: 'step' }, network.layers[1]] }, 1, new Float32Array(1)).signed, false);
});
