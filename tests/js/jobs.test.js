import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPace, followJob } from '../../static/js/core/jobs.js';

/** An EventSource that a test speaks through. */
class Source extends EventTarget {
  static last;
  CLOSED = 2;
  readyState = 1;
  constructor(url) { super(); this.url = url; Source.last = this; }
  say(name, job) { this.dispatchEvent(Object.assign(new Event(name), { data: JSON.stringify(job) })); }
  close() { this.readyState = 2; }
}
const job = (state, done = 0) => ({ state, progress: { done, total: 10 } });

test('news until the end', async () => {
  const heard = [];
  const last = followJob('/jobs/1/events', (news) => heard.push(news.state), { signal: new AbortController().signal, ask: async () => job('failed'), Source });
  Source.last.say('progress', job('running', 5));
  Source.last.say('done', job('done', 10));
  assert.equal((await last).state, 'done');
  assert.deepEqual(heard, ['running', 'done']);
  assert.equal(Source.last.readyState, 2);
});

test('numbers and pictures are news, too', async () => {
  const heard = [];
  const last = followJob('/jobs/1/events', (news) => heard.push(news.preview), { signal: new AbortController().signal, ask: async () => job('failed'), Source });
  Source.last.say('preview', { ...job('running'), preview: '/jobs/1/preview?v=1' });
  Source.last.say('metrics', { ...job('running'), preview: '/jobs/1/preview?v=1' });
  Source.last.say('cancelled', job('cancelled'));
  await last;
  assert.deepEqual(heard, ['/jobs/1/preview?v=1', '/jobs/1/preview?v=1', undefined]);
});

test('where the events cannot be had, the job itself is asked', async () => {
  const last = followJob('/jobs/1/events', () => {}, { signal: new AbortController().signal, ask: async () => job('failed'), Source });
  Source.last.onerror(); // the browser tries again by itself
  Source.last.readyState = 2;
  Source.last.onerror();
  assert.equal((await last).state, 'failed');
});

test('leaving closes the connection', async () => {
  const control = new AbortController();
  const last = followJob('/jobs/1/events', () => {}, { signal: control.signal, ask: async () => job('done'), Source });
  control.abort();
  await assert.rejects(last, { name: 'AbortError' });
  assert.equal(Source.last.readyState, 2);
});

test('rate and time left', () => {
  const pace = createPace();
  assert.deepEqual(pace(0, 1000, 0), { rate: null, left: null });
  assert.deepEqual(pace(100, 1000, 1000), { rate: 100, left: 9 });
  const { rate } = pace(400, 1000, 2000);
  assert.ok(rate > 100 && rate < 300);
  assert.equal(pace(500, null, 3000).left, null);
});
