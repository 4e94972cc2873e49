/** Small models as the server describes them, for tests: a chain of layers on an input. */

/** @param {number} size @param {number} stride @param {number} padding @param {number} dilation */
const spatial = (size, stride, padding, dilation) =>
  ({ kernel_size: [size, size], stride: [stride, stride], padding: [padding, padding], dilation: [dilation, dilation], groups: 1, connections: null });

export const conv = (id, channels, size, { stride = 1, padding = 0, dilation = 1, activation = 'Tanh', ...more } = {}) =>
  ({ id, type: 'Conv2d', role: 'weighted', channels, activation, ...spatial(size, stride, padding, dilation), ...more });
export const pool = (id, size, type = 'MaxPool2d') =>
  ({ id, type, role: 'pool', channels: null, activation: null, ...spatial(size, size, 0, 1), groups: null });
export const dense = (id, channels, activation = 'Tanh') =>
  ({ id, type: 'Linear', role: 'weighted', channels, activation, kernel_size: null, stride: null, padding: null, dilation: null, groups: null, connections: null });

/** The sparse table of LeNet-5's third layer (LeCun et al. 1998, table I). */
export const TABLE = [
  [0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [0, 4, 5], [0, 1, 5], [0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5],
  [0, 3, 4, 5], [0, 1, 4, 5], [0, 1, 2, 5], [0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5], [0, 1, 2, 3, 4, 5],
];

function outputShape(layer, [channels, height, width]) {
  if (layer.kernel_size === null) return [layer.channels];
  const along = (size) => Math.floor((size + 2 * layer.padding[0] - layer.dilation[0] * (layer.kernel_size[0] - 1) - 1) / layer.stride[0]) + 1;
  return [layer.channels ?? channels, along(height), along(width)];
}

function receptiveField(layer, before, input) {
  if (layer.kernel_size === null) return { size: input.slice(1), jump: [0, 0], start: input.slice(1).map((size) => (size - 1) / 2) };
  const [reach, jump] = [layer.dilation[0] * (layer.kernel_size[0] - 1), before.jump[0]];
  const twice = (value) => [value, value];
  return {
    size: twice(before.size[0] + reach * jump), jump: twice(jump * layer.stride[0]),
    start: twice(before.start[0] + (reach / 2 - layer.padding[0]) * jump),
  };
}

/** @returns {import('../../static/js/core/types.js').Model} */
export function chain(input, parts, more = {}) {
  const stages = [{ id: 'input', output: 'input', layers: ['input'], inputs: [], shape: input, activation: null }];
  const layers = [{ id: 'input', type: 'Input', role: 'input', inputs: [], output_shape: input, stage: 'input', receptive_field: { size: [1, 1], jump: [1, 1], start: [0, 0] } }];
  for (const part of parts) {
    const before = stages.at(-1);
    const field = receptiveField(part, layers.at(-1).receptive_field, input);
    const shape = outputShape(part, before.shape);
    const base = { output_shape: shape, stage: part.id, receptive_field: field };
    layers.push({ ...part, inputs: [before.output], ...base });
    if (part.activation) layers.push({ id: `${part.id}_act`, type: part.activation, role: 'elementwise', inputs: [part.id], ...base });
    const output = part.activation ? `${part.id}_act` : part.id;
    stages.push({ id: part.id, output, layers: [part.id], inputs: [before.id], shape, activation: part.activation });
  }
  for (const stage of stages) stage.units = stage.shape.reduce((product, size) => product * size, 1);
  return { id: 'test', input: { shape: input, mean: [0], std: [1] }, classes: [], layers, stages, ...more };
}

/** Harley's network: 9,134 units. */
export const harley = () => chain([1, 32, 32], [
  conv('conv1', 6, 5), pool('pool1', 2), conv('conv2', 16, 5, { connections: TABLE }), pool('pool2', 2),
  dense('fc1', 120), dense('fc2', 100), dense('out', 10, null),
]);

/** Padding, stride, dilation, groups and average pooling in one. */
export const odd = () => chain([2, 9, 9], [
  conv('a', 4, 3, { padding: 1, groups: 2 }), conv('b', 3, 3, { stride: 2, padding: 1, dilation: 2 }), pool('c', 2, 'AvgPool2d'), dense('d', 5, 'ReLU'),
]);

/** Kernels filled with distinct numbers, in the shapes that the server sends. */
export function kernelsOf(model) {
  const kernels = new Map();
  let next = 0;
  for (const layer of model.layers.filter(({ role }) => role === 'weighted')) {
    const source = model.stages.find(({ id }) => id === model.stages.find((stage) => stage.id === layer.stage).inputs[0]);
    const inputs = layer.kernel_size ? source.shape[0] / layer.groups : source.units;
    const shape = [layer.output_shape[0], inputs, ...(layer.kernel_size ?? [])];
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => Math.sin(++next));
    kernels.set(layer.id, { shape, data });
  }
  return kernels;
}

/** A frame in which every stage holds `fill(stage, index)`. */
export function frameOf(model, fill) {
  const tensors = new Map(model.stages.map((stage) => [stage.output, { shape: stage.shape, data: Float32Array.from({ length: stage.units }, (_, i) => fill(stage, i)) }]));
  return { seq: 1, tensors, prediction: { top: [{ class: 3, label: '3', probability: 1, logit: 1 }], unsure: false, reason: null } };
}
