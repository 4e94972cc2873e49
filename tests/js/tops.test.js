import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../static/js/core/api.js';
import { createStore, initialState } from '../../static/js/core/store.js';
import { createTops, firstSet, kindOf, pictureUrl } from '../../static/js/core/unit/tops.js';

const model = { id: 'digitnet', weights: { status: 'ready', source: 'shipped' } };
const digits = (more) => ({ id: 'mnist-test', pictures: 10_000, scanned: 0, job: null, ...more });
const job = (state, done = 0) => ({ id: 'j1', state, progress: { done, total: 10_000, unit: 'pictures', message: '' }, error: null });
const answer = (channel) => ({ layer: 'relu1', channel, set: 'mnist-test', top: [] });

/** An EventSource that a test speaks through. */
class Source extends EventTarget {
  static last;
  CLOSED = 2;
  readyState = 1;
  constructor(url) { super(); this.url = url; Source.last = this; }
  say(name, state) { this.dispatchEvent(Object.assign(new Event(name), { data: JSON.stringify(state) })); }
  close() { this.readyState = 2; }
}

/** A server with one set of pictures. */
function serve(sets) {
  const server = {
    scanned: false, posts: [], asked: [], cancelled: [],
    base: '/api/v1',
    job: async () => job('running'),
    cancelJob: async (id) => void server.cancelled.push(id),
    async json(path, init) {
      server.asked.push(path);
      if (path.endsWith('/picture-sets')) return sets.map((set) => ({ ...set, scanned: server.scanned ? set.pictures : set.scanned }));
      if (init?.method === 'POST') { server.posts.push(JSON.parse(init.body)); return { id: 'j1', href: '/api/v1/jobs/j1' }; }
      if (!server.scanned) throw new ApiError(409, 'not scanned');
      return answer(Number(/units\/(\d+)/.exec(path)?.[1]));
    },
  };
  return server;
}

function start(sets) {
  const server = serve(sets);
  const store = createStore({ ...initialState(), model });
  const tops = createTops(store, server, () => {}, Source);
  return { server, store, tops, kind: () => kindOf(tops.standing()) };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('the set to begin with', () => {
  const folder = { id: 'folder', pictures: 500, scanned: 0, job: null };
  const gallery = { id: 'gallery', pictures: 10, scanned: 10, job: null };
  assert.equal(firstSet([digits(), { ...digits(), id: 'mnist-train', pictures: 60_000 }]), 'mnist-test');
  assert.equal(firstSet([folder, gallery]), 'gallery');
  assert.equal(firstSet([{ ...folder, scanned: 500 }, gallery]), 'folder');
  assert.equal(firstSet([{ ...folder, pictures: 0 }]), null);
});

test('digits are looked through without being asked, then the pictures come', async () => {
  const { server, tops, kind } = start([digits()]);
  tops.show('relu1', 3);
  assert.equal(kind(), 'waiting');
  await turn();
  assert.deepEqual(server.posts, [{ set: 'mnist-test' }]);
  assert.equal(kind(), 'scanning');
  Source.last.say('progress', job('running', 5000));
  assert.equal(tops.standing().scan.progress.done, 5000);
  server.scanned = true;
  Source.last.say('done', job('done', 10_000));
  await turn();
  assert.equal(kind(), 'found');
  assert.equal(tops.standing().tops.channel, 3);
});

test('a scan that was cancelled does not start again by itself', async () => {
  const { server, tops, kind } = start([digits()]);
  tops.show('relu1', 0);
  await turn();
  tops.cancel();
  assert.deepEqual(server.cancelled, ['j1']);
  Source.last.say('cancelled', job('cancelled', 10));
  tops.show('relu1', 1);
  await turn();
  assert.equal(kind(), 'unscanned');
  assert.equal(server.posts.length, 1);
  void tops.scan();
  await turn();
  assert.equal(server.posts.length, 2);
});

test('a large folder waits for the reader', async () => {
  const { server, tops, kind } = start([{ id: 'folder', pictures: 1000, scanned: 0, job: null }]);
  tops.show('relu1', 0);
  await turn();
  assert.equal(kind(), 'unscanned');
  assert.equal(server.posts.length, 0);
});

test('a scan that is under way is followed', async () => {
  const { server, tops, kind } = start([digits({ job: 'j7' })]);
  tops.show('relu1', 0);
  await turn();
  assert.equal(kind(), 'scanning');
  assert.equal(Source.last.url, '/api/v1/jobs/j7/events');
  assert.equal(server.posts.length, 0);
});

test('what is shown stays until the next unit is here; the newest question wins', async () => {
  const { server, tops } = start([digits()]);
  server.scanned = true;
  tops.show('relu1', 0);
  await turn();
  tops.show('relu1', 1);
  assert.deepEqual([tops.standing().tops.channel, tops.standing().fresh], [0, false]);
  tops.show('relu1', 2);
  await turn();
  assert.deepEqual([tops.standing().tops.channel, tops.standing().fresh], [2, true]);
  const asked = server.asked.length;
  tops.show('relu1', 2);
  await turn();
  assert.equal(server.asked.length, asked);
});

test('a failed scan says why, and can be tried again', async () => {
  const { server, tops, kind } = start([digits()]);
  tops.show('relu1', 0);
  await turn();
  Source.last.say('failed', { ...job('failed'), error: { detail: 'disk full' } });
  await turn();
  assert.deepEqual([kind(), tops.standing().problem], ['failed', 'disk full']);
  server.scanned = true;
  tops.retry();
  await turn();
  assert.equal(kind(), 'found');
});

test('pictures are asked for with the chosen weights', () => {
  const state = { model, weights: 'random' };
  assert.equal(pictureUrl('/api/v1/models/digitnet/layers/relu1/x', { base: '/api/v1' }, state), '/api/v1/models/digitnet/layers/relu1/x?weights=random');
  assert.equal(pictureUrl('/api/v1/models/digitnet/x?set=a&weights=b', { base: '/api/v1' }, state), '/api/v1/models/digitnet/x?set=a&weights=b');
});
