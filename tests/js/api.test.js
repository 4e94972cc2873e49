import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, createApi, withWeights } from '../../static/js/core/api.js';

test('the chosen weights go with every call about their network, and with no other', () => {
  const present = { model: 'vgg16', weights: 'wheel' };
  assert.equal(withWeights('/models/vgg16', present), '/models/vgg16?weights=wheel');
  assert.equal(withWeights('/models/vgg16/passes?top=5', present), '/models/vgg16/passes?top=5&weights=wheel');
  for (const path of ['/models', '/models/vgg16_bn', '/models/alexnet/passes', '/passes/p1', '/models/vgg16?weights=random', '/models/vgg16/weights?source=official', '/models/vgg16/weights/wheel']) {
    assert.equal(withWeights(path, present), path);
  }
  assert.equal(withWeights('/models/vgg16', { model: 'vgg16', weights: null }), '/models/vgg16');
});

test('a photograph goes raw where the server knows its type, else as a form', async () => {
  const sent = [];
  const api = createApi('', async (path, init) => { sent.push([path, init]); return new Response('{"id":"p"}'); });
  await api.createPhotoPass('vgg16', new Blob(['x'], { type: 'image/png' }), { name: 'a cat.png' });
  await api.createPhotoPass('vgg16', new Blob(['x'], { type: 'image/tiff' }));
  assert.equal(sent[0][0], '/models/vgg16/passes?name=a+cat.png');
  assert.equal(sent[0][1].headers['Content-Type'], 'image/png');
  assert.ok(sent[1][1].body instanceof FormData);
});

test('a refusal carries the problem and when to try again', async () => {
  const api = createApi('', async () => new Response('{"title":"Busy","detail":"Later."}', { status: 503, headers: { 'Retry-After': '4' } }));
  await assert.rejects(api.models(), (error) => error instanceof ApiError && error.status === 503 && error.retryAfter === 4 && error.message === 'Later.');
  const gone = createApi('', async () => { throw new TypeError('no route'); });
  await assert.rejects(gone.models(), { status: 0 });
});
