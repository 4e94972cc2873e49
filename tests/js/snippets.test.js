import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { curlSnippet, packBytes, pythonSnippet, unitPath, unitPlace } from '../../static/js/core/snippets.js';

const request = { base: 'http://localhost:8000/api/v1', model: 'harley', preprocess: 'center', layer: 'tanh1', unit: '0/3/4', index: '0, 3, 4', drawing: 'H4sIAAA=' };

test('the path of a unit follows the shape of its stage', () => {
  const unit = { stage: 's', channel: 5, y: 3, x: 2 };
  assert.equal(unitPath({ shape: [6, 28, 28] }, unit), '5/3/2');
  assert.deepEqual(unitPlace({ shape: [120] }, unit), [5]);
});

test('both snippets ask for the pass and for the unit', () => {
  for (const text of [curlSnippet(request), pythonSnippet(request)]) {
    assert.match(text, /models\/harley\/passes/);
    assert.match(text, /layers\/tanh1\/neurons\/0\/3\/4/);
    assert.match(text, /H4sIAAA=/);
    assert.match(text, /center/);
  }
});

test('packed bytes come back', async () => {
  const bytes = Uint8Array.from({ length: 912 }, (_, i) => i % 7);
  const unpacked = gunzipSync(Buffer.from(await packBytes(bytes.buffer), 'base64'));
  assert.deepEqual([...unpacked], [...bytes]);
});
