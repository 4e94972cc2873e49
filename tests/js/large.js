/** The graphs of large networks as the server describes them (shapes, windows, branches), written by hand from the papers. */

const twice = (value) => [value, value];

/** Builds a model stage by stage; every method gives the id of the stage that it adds. */
class Builder {
  constructor(input) {
    this.stages = [];
    this.layers = [];
    this.#add({ id: 'input', type: 'Input', role: 'input', inputs: [], output_shape: input, receptive_field: { size: [1, 1], jump: [1, 1], start: [0, 0] } }, null);
    this.input = input;
  }

  #add(layer, activation) {
    const { id, inputs, output_shape: shape } = layer;
    this.layers.push({ kernel_size: null, stride: null, padding: null, dilation: null, groups: null, connections: null, ...layer, stage: id });
    this.stages.push({ id, output: id, layers: [id], inputs, shape, units: shape.reduce((a, b) => a * b, 1), activation });
    return id;
  }

  shape(id) {
    return this.stages.find((stage) => stage.id === id).shape;
  }

  #field(from, size, stride, before) {
    const { receptive_field: field } = this.layers.find((layer) => layer.id === from);
    const jump = field.jump[0];
    return { size: twice(field.size[0] + (size - 1) * jump), jump: twice(jump * stride), start: twice(field.start[0] + ((size - 1) / 2 - before) * jump) };
  }

  /** `before`, `after`: rows of padding on each side; `ceil`: a last window may begin inside. */
  #window(from, size, stride, before, after, ceil) {
    const [, height, width] = this.shape(from);
    const along = (length) => Math[ceil ? 'ceil' : 'floor']((length + before + after - size) / stride) + 1;
    return [along(height), along(width)];
  }

  conv(id, from, channels, size, { stride = 1, before = (size - 1) >> 1, after = before, groups = 1, activation = 'ReLU' } = {}) {
    const output_shape = [channels, ...this.#window(from, size, stride, before, after, false)];
    return this.#add({
      id, type: 'Conv2d', role: 'weighted', inputs: [from], output_shape, kernel_size: twice(size), stride: twice(stride), padding: twice(before),
      dilation: [1, 1], groups, receptive_field: this.#field(from, size, stride, before),
    }, activation);
  }

  pool(id, from, size, stride, { padding = 0, ceil = false, type = 'MaxPool2d' } = {}) {
    const output_shape = [this.shape(from)[0], ...this.#window(from, size, stride, padding, padding, ceil)];
    return this.#add({
      id, type, role: 'pool', inputs: [from], output_shape, kernel_size: twice(size), stride: twice(stride), padding: twice(padding),
      dilation: [1, 1], receptive_field: this.#field(from, size, stride, padding),
    }, null);
  }

  merge(id, from, type) {
    const shapes = from.map((source) => this.shape(source));
    const channels = type === 'cat' ? shapes.reduce((sum, [count]) => sum + count, 0) : shapes[0][0];
    const { receptive_field } = this.layers.find((layer) => layer.id === from.at(-1));
    return this.#add({ id, type, role: 'merge', inputs: from, output_shape: [channels, ...shapes[0].slice(1)], receptive_field }, type === 'add' ? 'ReLU' : null);
  }

  dense(id, from, channels, activation = 'ReLU') {
    const receptive_field = { size: this.input.slice(1), jump: [0, 0], start: twice((this.input[1] - 1) / 2) };
    return this.#add({ id, type: 'Linear', role: 'weighted', inputs: [from], output_shape: [channels], receptive_field }, activation);
  }

  model(id) {
    const input = { shape: this.input, mode: 'RGB', channels: 'RGB', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], preprocessing: 'photo' };
    return { id, input, classes: [], layers: this.layers, stages: this.stages };
  }
}

export function vgg16() {
  const b = new Builder([3, 224, 224]);
  let at = 'input';
  [[64, 2], [128, 2], [256, 3], [512, 3], [512, 3]].forEach(([channels, count], block) => {
    for (let i = 1; i <= count; i++) at = b.conv(`conv${block + 1}_${i}`, at, channels, 3);
    at = b.pool(`pool${block + 1}`, at, 2, 2);
  });
  at = b.pool('avgpool', at, 1, 1, { type: 'AdaptiveAvgPool2d' });
  b.dense('fc8', b.dense('fc7', b.dense('fc6', at, 4096), 4096), 1000, null);
  return b.model('vgg16');
}

export function alexnet() {
  const b = new Builder([3, 224, 224]);
  let at = b.pool('pool1', b.conv('conv1', 'input', 64, 11, { stride: 4, before: 2 }), 3, 2);
  at = b.pool('pool2', b.conv('conv2', at, 192, 5, { groups: 2 }), 3, 2);
  at = b.conv('conv5', b.conv('conv4', b.conv('conv3', at, 384, 3), 256, 3), 256, 3);
  at = b.pool('avgpool', b.pool('pool5', at, 3, 2), 1, 1, { type: 'AdaptiveAvgPool2d' });
  b.dense('fc8', b.dense('fc7', b.dense('fc6', at, 4096), 4096), 1000, null);
  return b.model('alexnet');
}

function inception(b, id, from, [one, reduce3, three, reduce5, five, pool]) {
  const branches = [
    b.conv(`${id}.branch1`, from, one, 1),
    b.conv(`${id}.branch2.1`, b.conv(`${id}.branch2.0`, from, reduce3, 1), three, 3),
    b.conv(`${id}.branch3.1`, b.conv(`${id}.branch3.0`, from, reduce5, 1), five, 3),
    b.conv(`${id}.branch4.1`, b.pool(`${id}.branch4.0`, from, 3, 1, { padding: 1, ceil: true }), pool, 1),
  ];
  return b.merge(`${id}.cat`, branches, 'cat');
}

/** Szegedy et al. 2015, table 1. */
const INCEPTIONS = {
  '3a': [64, 96, 128, 16, 32, 32], '3b': [128, 128, 192, 32, 96, 64], pool3: null,
  '4a': [192, 96, 208, 16, 48, 64], '4b': [160, 112, 224, 24, 64, 64], '4c': [128, 128, 256, 24, 64, 64], '4d': [112, 144, 288, 32, 64, 64],
  '4e': [256, 160, 320, 32, 128, 128], pool4: null, '5a': [256, 160, 320, 32, 128, 128], '5b': [384, 192, 384, 48, 128, 128],
};

export function googlenet() {
  const b = new Builder([3, 224, 224]);
  let at = b.pool('maxpool1', b.conv('conv1', 'input', 64, 7, { stride: 2 }), 3, 2, { ceil: true });
  at = b.pool('maxpool2', b.conv('conv3', b.conv('conv2', at, 64, 1), 192, 3), 3, 2, { ceil: true });
  for (const [id, widths] of Object.entries(INCEPTIONS)) at = widths ? inception(b, `inception${id}`, at, widths) : b.pool(id, at, 3, 2, { ceil: true });
  b.dense('fc', b.pool('avgpool', at, 7, 1, { type: 'AdaptiveAvgPool2d' }), 1000, null);
  return b.model('googlenet');
}

function bottleneck(b, id, from, width, stride) {
  const middle = b.conv(`${id}.conv2`, b.conv(`${id}.conv1`, from, width, 1), width, 3, { stride });
  const last = b.conv(`${id}.conv3`, middle, 4 * width, 1, { activation: null });
  const plain = b.shape(from)[0] === 4 * width && stride === 1;
  const skip = plain ? from : b.conv(`${id}.downsample.0`, from, 4 * width, 1, { stride, activation: null });
  return b.merge(`${id}.add`, [last, skip], 'add');
}

function resnet(id, counts) {
  const b = new Builder([3, 224, 224]);
  let at = b.pool('maxpool', b.conv('conv1', 'input', 64, 7, { stride: 2 }), 3, 2, { padding: 1 });
  counts.forEach((count, stage) => {
    for (let i = 0; i < count; i++) at = bottleneck(b, `layer${stage + 1}.${i}`, at, 64 << stage, stage > 0 && i === 0 ? 2 : 1);
  });
  b.dense('fc', b.pool('avgpool', at, 7, 1, { type: 'AdaptiveAvgPool2d' }), 1000, null);
  return b.model(id);
}

export const resnet50 = () => resnet('resnet50', [3, 4, 6, 3]);
export const resnet152 = () => resnet('resnet152', [3, 8, 36, 3]);

export function squeezenet() {
  const b = new Builder([3, 224, 224]);
  let at = b.pool('pool1', b.conv('conv1', 'input', 64, 3, { stride: 2, before: 0 }), 3, 2, { ceil: true });
  [[16, 64], [16, 64], null, [32, 128], [32, 128], null, [48, 192], [48, 192], [64, 256], [64, 256]].forEach((fire, i) => {
    if (!fire) return void (at = b.pool(`pool${i}`, at, 3, 2, { ceil: true }));
    const squeeze = b.conv(`fire${i}.squeeze`, at, fire[0], 1);
    at = b.merge(`fire${i}.cat`, [b.conv(`fire${i}.expand1x1`, squeeze, fire[1], 1), b.conv(`fire${i}.expand3x3`, squeeze, fire[1], 3)], 'cat');
  });
  b.pool('avgpool', b.conv('classifier', at, 1000, 1), 13, 1, { type: 'AdaptiveAvgPool2d' });
  return b.model('squeezenet');
}

/** A few stages of EfficientNet-Lite0 with TensorFlow's "same" padding: a row less before than after, depthwise, a skip. */
export function efficient() {
  const b = new Builder([3, 224, 224]);
  let at = b.conv('stem', 'input', 32, 3, { stride: 2, before: 0, after: 1 });
  at = b.conv('project1', b.conv('depth1', at, 32, 3, { groups: 32 }), 16, 1, { activation: null });
  at = b.conv('depth2', b.conv('expand2', at, 96, 1), 96, 3, { stride: 2, before: 0, after: 1, groups: 96 });
  at = b.conv('project2', at, 24, 1, { activation: null });
  const depth = b.conv('depth3', b.conv('expand3', at, 144, 1), 144, 3, { groups: 144 });
  b.merge('add3', [b.conv('project3', depth, 24, 1, { activation: null }), at], 'add');
  return b.model('efficient');
}
