import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layerTitles, matchingStage, typeName } from '../../static/js/core/maps/stage-layers.js';
import { chain, conv, dense } from './networks.js';

test('layers by what people call them', () => {
  assert.deepEqual(['Conv2d', 'BatchNorm2d', 'Linear', 'MaxPool2d', 'AdaptiveAvgPool2d', 'ReLU6'].map(typeName), ['conv', 'norm', 'dense', 'max pool', 'mean pool', 'ReLU6']);
});

test('layers of a stage: none that changes nothing, and ids where a type comes twice', () => {
  const layers = [['0', 'Conv2d'], ['1', 'BatchNorm2d'], ['2', 'Dropout'], ['3', 'ReLU']].map(([id, type]) => ({ id, type }));
  const stage = { output: '3', layers: ['0', '1', '2', '3'] };
  assert.deepEqual(layerTitles({ layers }, stage), [{ id: '0', title: 'conv' }, { id: '1', title: 'norm' }, { id: '3', title: 'ReLU' }]);
  const twice = [{ id: 'a', type: 'ReLU' }, { id: 'b', type: 'ReLU' }];
  assert.deepEqual(layerTitles({ layers: twice }, { output: 'b', layers: ['a', 'b'] }).map(({ title }) => title), ['a', 'b']);
});

test('the stage to compare with: of the same name, else of maps as large, else as deep', () => {
  const one = chain([1, 8, 8], [conv('conv1', 4, 3), conv('conv2', 4, 3), dense('out', 3)]);
  const other = chain([1, 8, 8], [conv('first', 2, 3), conv('conv1', 2, 3), dense('last', 3)]);
  const match = (id) => matchingStage(other, one, one.stages.find((stage) => stage.id === id)).id;
  assert.equal(match('conv1'), 'conv1');
  assert.equal(match('conv2'), 'conv1');
  assert.equal(match('out'), 'last');
});
