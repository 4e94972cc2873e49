import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../static/js/core/api.js';
import { advance, createMaximizer, IDLE, idOf, isGoing, scoresOf } from '../../static/js/core/maximize/run.js';

const job = (state, done, metrics = {}, more = {}) => ({ id: 'j1', state, progress: { done, total: 10, unit: 'steps', message: '' }, metrics, error: null, preview: null, ...more });
const answer = (state, more = {}) => ({ id: 'm1', href: '/api/v1/maximizations/m1', state, curve: [], pictures: [{ index: 0, title: 'a' }], request: {}, ...more });

/** A server that knows one maximization; `news` is what its job says. */
function setUp({ states = ['waiting', 'done'], news = [], refuse = [] } = {}) {
  const asked = [];
  const api = /** @type {any} */ ({
    base: '/api/v1',
    async json(path, init = {}) {
      asked.push([init.method ?? 'GET', path, init.body]);
      const problem = path.endsWith('/maximizations') ? refuse.shift() : undefined;
      if (problem) throw problem;
      if (path.endsWith('/maximizations')) return { id: 'j1', href: '/api/v1/jobs/j1', maximization: '/api/v1/maximizations/m1' };
      return answer(states.length > 1 ? states.shift() : states[0]);
    },
    cancelJob: async (id) => { asked.push(['DELETE', id]); },
  });
  const runs = [];
  const follow = /** @type {any} */ (async (url, onNews) => { asked.push(['follow', url]); news.forEach((each) => onNews(each)); return news.at(-1); });
  const waits = [];
  const maximizer = createMaximizer(api, (run) => runs.push(run), { follow, wait: async (seconds) => { waits.push(seconds); } });
  return { maximizer, asked, runs, waits };
}

test('from the request to the picture', async () => {
  const news = [job('running', 1, { 'score.0': 0.5 }, { preview: '/p?v=1' }), job('running', 1, { 'score.0': 0.5 }), job('running', 2, { 'score.0': 0.9 }, { preview: '/p?v=2' }), job('done', 10, { 'score.0': 3 })];
  const { maximizer, asked, runs } = setUp({ news });
  await maximizer.start('digitnet', async () => ({ class: 7 }));
  assert.deepEqual(asked[0], ['POST', '/models/digitnet/maximizations', '{"class":7}']);
  assert.ok(asked.some(([what, url]) => what === 'follow' && url === '/api/v1/jobs/j1/events'));
  assert.deepEqual(runs.map(({ phase }) => phase), ['sending', 'queued', 'running', 'running', 'running', 'running', 'done']);
  const last = maximizer.get();
  assert.deepEqual(last.curve, [[1, [0.5]], [2, [0.9]], [10, [3]]]);
  assert.equal(last.answer?.state, 'done');
  assert.equal(runs[4].preview, '/p?v=2');
});

test('a kept answer comes at once, without following', async () => {
  const { maximizer, asked } = setUp({ states: ['done'] });
  await maximizer.start('digitnet', async () => ({}));
  assert.equal(maximizer.get().phase, 'done');
  assert.ok(!asked.some(([what]) => what === 'follow'));
});

test('a busy server is asked again; a refusal is told', async () => {
  const busy = new ApiError(503, 'Busy');
  busy.retryAfter = 3;
  const { maximizer, waits, runs } = setUp({ states: ['done'], refuse: [busy] });
  await maximizer.start('digitnet', async () => ({}));
  assert.deepEqual(waits, [3]);
  assert.ok(runs.some(({ phase, seconds }) => phase === 'busy' && seconds === 3));
  const refused = setUp({ refuse: [new ApiError(422, 'Invalid', { detail: 'size: too small', field: 'size' })] });
  await refused.maximizer.start('digitnet', async () => ({}));
  assert.deepEqual([refused.maximizer.get().phase, refused.maximizer.get().problem], ['failed', 'size: too small']);
});

test('a job that fails or is cancelled elsewhere', async () => {
  const failed = setUp({ news: [job('failed', 3, {}, { error: { detail: 'no memory' } })] });
  await failed.maximizer.start('digitnet', async () => ({}));
  assert.deepEqual([failed.maximizer.get().phase, failed.maximizer.get().problem], ['failed', 'no memory']);
  const cancelled = setUp({ news: [job('cancelled', 3)] });
  await cancelled.maximizer.start('digitnet', async () => ({}));
  assert.equal(cancelled.maximizer.get().phase, 'cancelled');
});

test('pause, go on, cancel; the newest start wins', async () => {
  const { maximizer, asked } = setUp();
  const endless = /** @type {any} */ ((url, onNews, { signal }) => { onNews(job('running', 1)); return new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)); }); });
  const going = createMaximizer(/** @type {any} */ ({ base: '', json: async (path, init) => { asked.push([init?.method ?? 'GET', path, init?.body]); return path.endsWith('/maximizations') ? { id: 'j9', maximization: '/m/m9' } : answer('running'); }, cancelJob: async (id) => { asked.push(['DELETE', id]); } }), () => {}, { follow: endless });
  void going.start('digitnet', async () => ({}));
  await new Promise((resolve) => { setTimeout(resolve); });
  assert.equal(going.get().phase, 'running');
  await going.pause();
  await going.resume();
  assert.deepEqual(asked.filter(([method]) => method === 'PATCH').map(([, path, body]) => [path, body]), [['/jobs/j9', '{"state":"paused"}'], ['/jobs/j9', '{"state":"running"}']]);
  going.cancel();
  assert.equal(going.get().phase, 'cancelled');
  assert.ok(asked.some(([method, id]) => method === 'DELETE' && id === 'j9'));
  going.cancel();
  assert.equal(asked.filter(([method]) => method === 'DELETE').length, 1);
  maximizer.destroy();
});

test('an answer is asked for again when real pictures have been scanned, unless nothing compares with them', async () => {
  const { maximizer, asked } = setUp({ states: ['done'] });
  await maximizer.start('digitnet', async () => ({}));
  const before = asked.length;
  await maximizer.refresh();
  assert.equal(asked.length, before + 1);
  maximizer.show(/** @type {any} */ (answer('done', { pictures: [{ measure: 'objective' }] })));
  await maximizer.refresh();
  assert.equal(asked.length, before + 1);
});

test('what a job says', () => {
  assert.deepEqual(scoresOf(/** @type {any} */ (job('running', 1, { 'score.0': 1, 'score.1': 2, other: 3 }))), [1, 2]);
  assert.equal(advance(IDLE, /** @type {any} */ (job('done', 10))).phase, 'running');
  assert.equal(advance(IDLE, /** @type {any} */ (job('paused', 4))).phase, 'paused');
  assert.equal(isGoing(IDLE), false);
  assert.equal(isGoing({ ...IDLE, phase: 'paused' }), true);
  assert.equal(idOf('/api/v1/maximizations/a%20b'), 'a b');
});
