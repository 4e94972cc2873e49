import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProbeHistory, NO_ANSWER, since, stretches } from '../../static/js/core/train/probe.js';

const history = { steps: [0, 1, 5, 20, 50], probabilities: [[0.4, 0.3, 0.3], [0.2, 0.1, 0.7], [0.6, 0.2, 0.2], [0.1, 0.1, 0.8], [0, 0, 1]] };
const turns = async () => { for (let i = 0; i < 10; i++) await Promise.resolve(); };

test('since when the answer is what it is, and what it was before', () => {
  assert.deepEqual(since(history), { from: 20, answer: 2 });
  assert.deepEqual(stretches(history), [{ from: 0, answer: 0 }, { from: 1, answer: 2 }, { from: 5, answer: 0 }, { from: 20, answer: 2 }]);
  assert.equal(since({ steps: [], probabilities: [] }), null);
  assert.deepEqual(since({ steps: [0, 4, 5], probabilities: [[0.4, 0.6], [0, 0], [0, 0]] }), { from: 4, answer: NO_ANSWER }, 'weights that are no numbers');
});

/** A history whose clock the test moves. */
function setUp() {
  /** @type {any[]} */
  const asked = [];
  /** @type {(() => void)[]} */
  const later = [];
  const api = { answers: async (/** @type {string} */ model, /** @type {any} */ input, /** @type {any} */ { steps }) => {
    asked.push([model, input[0], steps]);
    return { steps, probabilities: steps.map(() => [0.5, 0.5]) };
  } };
  const kept = createProbeHistory(/** @type {any} */ (api), () => {}, { after: (work) => later.push(work) });
  return { kept, asked, rest: async () => { later.splice(0).forEach((work) => work()); await turns(); } };
}
const drawing = (/** @type {number} */ ink) => ({ model: 'net-1', input: Uint8Array.of(ink), preprocess: 'none' });

test('asked once the pen rests; each new checkpoint once', async () => {
  const { kept, asked, rest } = setUp();
  const first = drawing(1);
  kept.show(first, [0, 1]);
  assert.deepEqual(asked, []);
  await rest();
  kept.show({ ...first }, [0, 1, 5]);
  await turns();
  kept.show({ ...first }, [0, 1, 5]);
  await turns();
  assert.deepEqual(asked, [['net-1', 1, [0, 1]], ['net-1', 1, [5]]]);
  assert.deepEqual(kept.get().steps, [0, 1, 5]);
});

test('another drawing begins anew; of two the newer is asked for', async () => {
  const { kept, asked, rest } = setUp();
  kept.show(drawing(1), [0]);
  kept.show(drawing(2), [0]);
  await rest();
  assert.deepEqual(asked, [['net-1', 2, [0]]]);
  kept.show(drawing(3), [0]);
  assert.deepEqual(kept.get().steps, []);
});

test('a refusal is not repeated until something new comes', async () => {
  let count = 0;
  const kept = createProbeHistory({ answers: async () => { count += 1; throw new Error('no'); } }, () => {}, { after: (work) => work() });
  const picture = drawing(1);
  kept.show(picture, [0]);
  await turns();
  assert.equal(count, 1);
  kept.show({ ...picture }, [0, 1]);
  await turns();
  assert.equal(count, 2);
});
