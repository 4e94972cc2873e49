import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incoming } from '../../static/js/core/unit/connect.js';
import { Network } from '../../static/js/scene/network.js';
import { strands, traceStrands } from '../../static/js/scene/strands.js';
import { backwardTrace } from '../../static/js/core/unit/trace.js';
import { frameOf, harley, kernelsOf } from './networks.js';

const model = harley();
const kernels = kernelsOf(model);
const ramp = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
const look = { uniforms: { flatness: { value: 0 } }, palette: { sequential: ramp, diverging: ramp }, colours: { muted: [0.5, 0.5, 0.5] } };
const network = new Network(model, look, 1.2);
const frame = frameOf(model, (_, i) => (i % 7) - 3);
network.colour({ frame, scale: 'layer' });
const stateOf = (edgeColour) => ({ frame, edgeColour, scale: 'layer' });
const edgesOf = (stage) => incoming(model, kernels, { stage, channel: 2, y: 0, x: 0 });

test('a link an edge, from the source up to the unit', () => {
  const edges = edgesOf('conv2');
  const links = strands(network, stateOf('weight'), edges, 2000);
  assert.equal(links.length, edges.length);
  assert.ok(links.every(({ start, end }) => start[1] < end[1]));
});

test('the strongest are drawn last, and only they when there are too many', () => {
  const all = strands(network, stateOf('weight'), edgesOf('fc1'), 2000);
  assert.ok(all.every((link, i) => i === 0 || link.alpha >= all[i - 1].alpha));
  assert.deepEqual(strands(network, stateOf('weight'), edgesOf('fc1'), 10), all.slice(-10));
});

test('the product of a maximum shows its winner alone, its weight shows all alike', () => {
  const alphas = (colour) => strands(network, stateOf(colour), edgesOf('pool1'), 2000).map(({ alpha }) => alpha);
  const product = alphas('product');
  assert.ok(product[3] > product[2]);
  assert.equal(new Set(product.slice(0, 3)).size, 1);
  assert.equal(new Set(alphas('weight')).size, 1);
});

test('without a frame or kernels there are still links', () => {
  assert.equal(strands(network, { frame: null, edgeColour: 'product', scale: 'map' }, incoming(model, null, { stage: 'out', channel: 0, y: 0, x: 0 }), 2000).length, 100);
});

test('a trace has a link an edge, strongest last', () => {
  const edges = backwardTrace(model, kernels, frame);
  const links = traceStrands(network, edges);
  assert.equal(links.length, edges.length);
  assert.ok(links.every(({ alpha, width }) => alpha > 0 && alpha <= 1 && width > 0));
});
