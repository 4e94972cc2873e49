import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initialState } from '../../static/js/core/store.js';
import { addressOf, isPinnedAt, pinnedFor, subjectAt, unitFromPath, unitHref, unitPath, whatInstead } from '../../static/js/core/unit/address.js';
import { pathOf, stateFromAddress } from '../../static/js/core/url.js';
import { harley } from './networks.js';

const model = { ...harley(), classes: [...'0123456789'] };
const at = (layer, channel, id = model.id) => ({ model: id, layer, channel });

test('an address and back', () => {
  const address = { model: 'vgg16', layer: 'features.22', channel: 178 };
  assert.equal(unitPath(address), '/models/vgg16/layers/features.22/units/178');
  assert.deepEqual(unitFromPath(unitPath(address)), address);
  assert.deepEqual(unitFromPath('/models/a/layers/b/units/x'), { model: 'a', layer: 'b', channel: -1 });
  for (const path of ['/', '/models/a', '/models/%E0%A4%A/layers/b/units/0']) assert.equal(unitFromPath(path), null);
  assert.equal(unitHref(address, 'random'), '/models/vgg16/layers/features.22/units/178#w=random');
  assert.equal(unitHref(address, null), unitPath(address));
});

test('the path names the unit, whatever the hash says', async () => {
  const saved = await stateFromAddress({ pathname: '/models/vgg16/layers/features.22/units/178', hash: '#m=lenet5&v=filters&w=random' });
  assert.deepEqual([saved.view, saved.modelId, saved.weights, saved.unitPage?.channel], ['unit', 'vgg16', 'random', 178]);
  assert.equal((await stateFromAddress({ pathname: '/', hash: '#v=filters' })).unitPage, undefined);
  assert.equal(pathOf('unit', { unitPage: at('relu1', 3) }), `/models/${model.id}/layers/relu1/units/3`);
  assert.equal(pathOf('filters', { unitPage: at('relu1', 3) }), '/');
  assert.equal(pathOf('unit', { unitPage: null }), '/');
});

test('the unit of an address', () => {
  const stage = model.stages[1];
  const subject = subjectAt(model, at(stage.output, 2));
  assert.deepEqual([subject?.stage.id, subject?.channel, subject?.label], [stage.id, 2, null]);
  assert.equal(subjectAt(model, at(stage.output, stage.shape[0])), null);
  assert.equal(subjectAt(model, at(stage.output, -1)), null);
  assert.equal(subjectAt(model, at('input', 0)), null);
  assert.equal(subjectAt(model, at(stage.output, 0, 'other')), null);
  const last = model.stages.at(-1);
  assert.equal(subjectAt(model, at(last.output, 7))?.label, model.classes[7]);
});

test('a pinned unit of the same map stays where it is', () => {
  const stage = model.stages[1];
  const subject = subjectAt(model, at(stage.output, 2));
  const pinned = { stage: stage.id, channel: 2, y: 0, x: 1 };
  assert.equal(pinnedFor(subject, pinned), pinned);
  assert.deepEqual(pinnedFor(subject, { ...pinned, channel: 1 }), { stage: stage.id, channel: 2, y: stage.shape[1] >> 1, x: stage.shape[2] >> 1 });
  assert.ok(isPinnedAt(model, at(stage.id, 2), pinned)); // a layer within the stage
  assert.ok(!isPinnedAt(model, at(stage.output, 3), pinned));
  assert.deepEqual(addressOf(model, pinned), at(stage.output, 2));
  assert.equal(addressOf(model, { stage: 'input', channel: 0 }), null);
});

test('what there is where the address names nothing', () => {
  const state = { ...initialState(), model, models: [{ id: model.id, title: 'DigitNet' }, { id: 'vgg16', title: 'VGG-16' }] };
  const other = whatInstead(state, at('relu1', 0, 'vgg61'));
  assert.deepEqual([other.what, other.links[0].name, other.links[0].address.model], ['model', 'VGG-16', 'vgg16']);
  const layer = whatInstead(state, at('relu', 5));
  assert.equal(layer.what, 'layer');
  assert.ok(layer.links.length > 0 && layer.links.every(({ address }) => subjectAt(model, address)));
  const channel = whatInstead(state, at(model.stages[1].output, 999));
  assert.deepEqual([channel.what, channel.most], ['channel', model.stages[1].shape[0] - 1]);
});
