import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../static/js/core/api.js';
import { busySeconds, patiently } from '../../static/js/core/patience.js';

const busy = (seconds) => Object.assign(new ApiError(503, 'Busy'), { retryAfter: seconds });
const { signal } = new AbortController();

test('busy is asked again after the named wait', async () => {
  const answers = [busy(3), busy(null), 'here'];
  const waits = [];
  const ask = async () => { const answer = answers.shift(); if (answer instanceof Error) throw answer; return answer; };
  assert.equal(await patiently(ask, { signal, onWait: (seconds) => waits.push(seconds), wait: async () => {} }), 'here');
  assert.deepEqual(waits, [3, 2]);
});

test('other failures are not', async () => {
  await assert.rejects(patiently(async () => { throw new ApiError(422, 'No'); }, { signal }), /No/);
  assert.equal(busySeconds(new Error('x')), null);
  assert.equal(busySeconds(busy(1e6)), 30);
});

test('giving up ends the wait', async () => {
  const control = new AbortController();
  const asked = patiently(async () => { throw busy(30); }, { signal: control.signal, onWait: () => control.abort() });
  await assert.rejects(asked, { name: 'AbortError' });
});
