/** What the form of a training opens with: of the kind of pictures that is being looked at. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore, initialState } from '../../static/js/core/store.js';
import { createTrainingDraft } from '../../static/js/core/train/draft.js';
import { asksTheSame, firstDraft, isUntouched } from '../../static/js/core/train/first.js';
import { server, settled } from './training.js';

/** @param {string} preprocessing */
const network = (preprocessing) => /** @type {import('../../static/js/core/types.js').Model} */ ({ id: 'x', input: { preprocessing } });
/** @param {string} id @param {string[]} models @param {string|null} missing */
const data = (id, models, missing = null) => /** @type {import('../../static/js/core/train/types.js').DatasetInfo} */ ({ id, models, missing });
const MNIST = data('mnist', ['lenet5']);
const FOLDER = data('folder', ['vgg16', 'alexnet_small']);
const [photo, digit] = [network('photo'), network('digit')];

test('beside photographs a small AlexNet on those that are here, else LeNet-5 on MNIST', () => {
  assert.deepEqual(firstDraft(photo, [MNIST, data('cifar10', ['alexnet_small'], 'fetch it'), FOLDER]), { model: 'alexnet_small', dataset: { id: 'folder' } });
  for (const [model, sets] of /** @type {const} */ ([[digit, [MNIST, FOLDER]], [photo, [MNIST]], [null, [FOLDER]]])) assert.equal(firstDraft(model, [...sets]), null);
  assert.deepEqual([null, firstDraft(photo, [FOLDER]), { model: 'alexnet_small', dataset: { id: 'folder' } }].map(isUntouched), [true, true, false]);
});

test('it says whether the new network will be asked the same', () => {
  assert.deepEqual([photo, digit].map((model) => asksTheSame(model, null)), [false, true]);
  assert.deepEqual([photo, digit].map((model) => asksTheSame(model, firstDraft(photo, [FOLDER]))), [true, false]);
});

test('an untouched form follows the network; what the reader has chosen stays', async () => {
  const { api } = server({ 'POST /trainings/checks': (/** @type {unknown} */ request) => ({ request, problems: [] }), 'GET /datasets': [MNIST, FOLDER], 'GET /designs': [] });
  const store = createStore({ ...initialState(), model: photo });
  const draft = createTrainingDraft(store, api, { pause: 0 });
  await settled();
  assert.deepEqual([draft.get().model, draft.isFresh()], ['alexnet_small', true]);
  store.set({ model: digit });
  await settled();
  assert.deepEqual([draft.get().model, draft.isFresh()], ['lenet5', true]);
  draft.change({ seed: 4 });
  store.set({ model: photo });
  await settled();
  assert.deepEqual([draft.get().model, draft.get().seed], ['lenet5', 4]);
  draft.destroy();
});
