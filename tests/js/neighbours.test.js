import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNeighbours, kindOf, photoOf, pictureOf } from '../../static/js/core/input/neighbours.js';
import { createStore, initialState } from '../../static/js/core/store.js';

const seen = { name: 'cat.jpg', distance: 3, thumbnail: '/t', pass_id: 'a b', path: null };
const own = { name: 'dog.jpg', distance: 4, thumbnail: '/t', pass_id: null, path: 'pets/dog 1.jpg' };
const found = { layer: 'fc7', folder: 'unscanned', compared: 2, neighbours: [seen, own] };
const job = (state, error = null) => ({ id: 'j', state, progress: { done: 1, total: 2, message: '' }, error });

/** Events that a test sends by hand. */
class Source {
  static last = null;
  #listeners = {};
  constructor(url) { this.url = url; Source.last = this; }
  addEventListener(name, listener) { this.#listeners[name] = listener; }
  send(name, data) { this.#listeners[name]({ data: JSON.stringify(data) }); }
  close() {}
}

function setUp(answer = async () => found) {
  const store = createStore({ ...initialState(), model: { id: 'net' }, pass: { id: 'p' } });
  const asked = [];
  const api = {
    base: '/api/v1',
    json: async (path) => { asked.push(path); return path.includes('scans') ? { id: 'j' } : answer(path); },
    job: async () => job('queued'),
    file: async (path) => { asked.push(path); return new Blob(['x']); },
    cancelJob: async (id) => { asked.push(`cancel ${id}`); },
  };
  /** @type {(() => boolean)|null} */
  let wanted = null;
  let resolve = () => {};
  const near = createNeighbours(store, api, () => { if (wanted?.()) resolve(); }, Source);
  const until = (condition) => (condition() ? Promise.resolve() : new Promise((done) => { wanted = condition; resolve = done; }));
  void near.load();
  return { store, asked, api, near, until };
}

test('what stands there while nothing is known, where there is nothing, and where it failed', () => {
  const standing = { found: null, scan: null, problem: null };
  assert.equal(kindOf(standing), 'waiting');
  assert.equal(kindOf({ ...standing, problem: 'gone' }), 'failed');
  assert.equal(kindOf({ ...standing, found: { ...found, neighbours: [] } }), 'alone');
  assert.equal(kindOf({ ...standing, found }), 'found');
});

test('a picture seen is had from its pass, one of the folder by its path', async () => {
  assert.equal(pictureOf(seen), '/passes/a%20b/image');
  assert.equal(pictureOf(own), '/pictures/pets/dog%201.jpg');
  const { api } = setUp();
  const photo = await photoOf(api, seen);
  assert.deepEqual([photo.url, photo.origin, photo.id, photo.name], ['/api/v1/passes/a%20b/image', 'pass', 'a b', 'cat.jpg']);
  assert.deepEqual([(await photoOf(api, own)).origin, (await photoOf(api, own)).id], ['file', null]);
});

test('they are asked for again with every pass', async () => {
  const { store, asked, near, until } = setUp();
  await until(() => near.standing().found === found);
  store.set({ pass: null });
  assert.equal(near.standing().found, null);
  store.set({ pass: { id: 'q' } });
  await until(() => near.standing().found === found);
  assert.deepEqual(asked, ['/passes/p/neighbours?top=6', '/passes/q/neighbours?top=6']);
  near.destroy();
});

test('a failure is told', async () => {
  const { near, until } = setUp(async () => { throw new Error('gone'); });
  await until(() => near.standing().problem !== null);
  assert.deepEqual(near.standing(), { found: null, scan: null, problem: 'gone' });
});

test('a scan is followed to its end; then they are asked for again', async () => {
  const { asked, near, until } = setUp();
  await until(() => near.standing().found === found);
  void near.scan();
  await until(() => near.standing().scan?.state === 'queued');
  Source.last.send('progress', job('running'));
  assert.equal(near.standing().scan.state, 'running');
  near.cancel();
  Source.last.send('done', job('done'));
  await until(() => near.standing().scan === null);
  await until(() => asked.filter((path) => path.includes('neighbours')).length === 2);
  assert.ok(asked.includes('cancel j'));
  near.destroy();
});

test('a scan that failed says why', async () => {
  const { near, until } = setUp();
  await until(() => near.standing().found === found);
  void near.scan();
  await until(() => near.standing().scan?.state === 'queued');
  Source.last.send('failed', job('failed', { detail: 'no folder' }));
  await until(() => near.standing().problem === 'no folder');
});
