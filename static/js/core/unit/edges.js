/**
 * The edges into one unit as flat indices, without making an object an edge: what connect.js and trace.js build on.
 *
 * @typedef {import('../types.js').Kernels} Kernels
 * @typedef {import('../networks/graph.js').Node} Node
 * @typedef {(source: Node, index: number, weight: number) => void} Visit
 */

/**
 * Call `visit` once an edge into unit `index` of `node`: fan-in many times, zero padding left out.
 * The weight is the kernel's entry; pooling and merging have none of their own, so theirs is structural: 1 for a maximum
 * (which input wins is the frame's business, see trace.js), 1 ÷ area for an average, 1 for an addition or a concatenation.
 * Without kernels (not loaded yet) weights are 0.
 * @param {Node} node @param {Kernels|null} kernels @param {number} index @param {Visit} visit
 */
export function eachIncoming(node, kernels, index, visit) {
  if (node.layer.role === 'merge') return mergeEdges(node, index, visit);
  const source = node.sources[0];
  if (!source) return undefined;
  const kernel = kernels?.get(node.layer.id)?.data;
  if (isDense(node)) return denseEdges(source, kernel, index, visit);
  if (node.layer.role !== 'weighted' && node.layer.role !== 'pool') return visit(source, index, 1);
  return windowEdges(node, source, kernel, index, visit);
}

/** Does every unit of this stage read the whole source? @param {Node} node */
export function isDense({ layer, stage, sources }) {
  if (layer.role === 'weighted') return layer.kernel_size === null;
  return layer.role !== 'pool' && layer.role !== 'merge' && sources.length > 0 && sources[0].stage.units !== stage.units;
}

/** Every unit of the source, in flattened order. @param {Node} source @param {Float32Array|undefined} kernel @param {number} index @param {Visit} visit */
function denseEdges(source, kernel, index, visit) {
  const count = source.stage.units;
  for (let i = 0; i < count; i++) visit(source, i, kernel ? kernel[index * count + i] : 0);
}

/**
 * A convolution's or pooling's window: the channels that the unit's channel reads, rows and columns inside the source.
 * @param {Node} node @param {Node} source @param {Float32Array|undefined} kernel @param {number} index @param {Visit} visit
 */
function windowEdges(node, source, kernel, index, visit) {
  const [, height, width] = source.shape;
  const window = windowOf(node, index);
  const area = window.kernel[0] * window.kernel[1];
  const fixed = structuralWeight(node, area);
  for (const { channel, slot } of channelsOf(node, source, window.channel)) {
    for (let i = 0; i < window.kernel[0]; i++) {
      const y = window.top + i * window.dilation[0];
      if (y < 0 || y >= height) continue;
      for (let j = 0; j < window.kernel[1]; j++) {
        const x = window.left + j * window.dilation[1];
        if (x < 0 || x >= width) continue;
        const weight = fixed ?? kernel?.[slot * area + i * window.kernel[1] + j] ?? 0;
        visit(source, (channel * height + y) * width + x, weight);
      }
    }
  }
}

/**
 * Where a unit's window lies on its source (padding not cut off).
 * @param {Node} node @param {number} index
 */
export function windowOf(node, index) {
  const [, height, width] = node.shape;
  const row = Math.floor(index / width);
  if (!node.layer.kernel_size && node.layer.role === 'pool') return adaptiveWindow(node, index);
  const kernel = node.layer.kernel_size ?? [1, 1];
  const stride = node.layer.stride ?? kernel;
  const padding = node.layer.padding ?? [0, 0];
  const dilation = node.layer.dilation ?? [1, 1];
  return {
    channel: Math.floor(row / height), kernel, dilation,
    top: (row % height) * stride[0] - padding[0],
    left: (index % width) * stride[1] - padding[1],
  };
}

/** Pooling to a given size: from ⌊i·n/m⌋ to ⌈(i + 1)·n/m⌉, as torch. @param {Node} node @param {number} index */
function adaptiveWindow(node, index) {
  const [, height, width] = node.shape;
  const row = Math.floor(index / width);
  const along = (/** @type {number} */ at, /** @type {number} */ size, /** @type {number} */ source) => [Math.floor((at * source) / size), Math.ceil(((at + 1) * source) / size)];
  const [, sourceHeight, sourceWidth] = node.sources[0].shape;
  const [top, bottom] = along(row % height, height, sourceHeight);
  const [left, right] = along(index % width, width, sourceWidth);
  return { channel: Math.floor(row / height), kernel: /** @type {[number, number]} */ ([bottom - top, right - left]), dilation: /** @type {[number, number]} */ ([1, 1]), top, left };
}

/** The weight of a pooling window's edges; null where a kernel has the weights. @param {Node} node @param {number} area  Of the window. */
export function structuralWeight(node, area) {
  if (node.layer.role !== 'pool') return null;
  return isAverage(node) ? 1 / area : 1;
}

/** Does this stage average? @param {Node} node */
export function isAverage(node) {
  return /avg|average|mean/i.test(node.layer.type);
}

/** Does one of the values that it reads go on from this stage: the largest, or the smallest? @param {Node} node */
export function isMaximum(node) {
  return node.layer.role === 'pool' && !isAverage(node);
}

/** Is that the smallest? @param {Node} node */
export function isMinimum(node) {
  return isMaximum(node) && /^min/i.test(node.layer.type);
}

/**
 * Source channels that output channel `channel` reads, each with the number of its kernel in the kernel tensor.
 * Pooling reads its own channel; a table names the channels (kernel dense O × I); groups split both sides evenly.
 * @param {Node} node @param {Node} source @param {number} channel
 * @returns {{channel: number, slot: number}[]}
 */
export function channelsOf(node, source, channel) {
  const { role, connections } = node.layer;
  if (role === 'pool') return [{ channel, slot: 0 }];
  if (connections) return connections[channel].map((input) => ({ channel: input, slot: channel * source.shape[0] + input }));
  const groups = node.layer.groups ?? 1;
  const inputs = source.shape[0] / groups;
  const first = Math.floor(channel / (node.shape[0] / groups)) * inputs;
  return Array.from({ length: inputs }, (_, k) => ({ channel: first + k, slot: channel * inputs + k }));
}

/**
 * Where a channel of a merged stage comes from: an addition reads it in every source, a concatenation in the one source
 * that holds it.
 * @param {Node} node @param {number} channel
 * @returns {{source: Node, channel: number}[]}
 */
export function mergeSources(node, channel) {
  if (node.sources.every((source) => source.stage.units === node.stage.units)) return node.sources.map((source) => ({ source, channel }));
  let first = 0;
  for (const source of node.sources) {
    if (channel < first + source.shape[0]) return [{ source, channel: channel - first }];
    first += source.shape[0];
  }
  return [];
}

/** @param {Node} node @param {number} index @param {Visit} visit */
function mergeEdges(node, index, visit) {
  const size = node.shape[1] * node.shape[2];
  const channel = Math.floor(index / size);
  for (const from of mergeSources(node, channel)) visit(from.source, index + (from.channel - channel) * size, 1);
}
