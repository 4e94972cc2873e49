/**
 * The edges out of one unit as flat indices: the mirror of edges.js.
 *
 * @typedef {import('../types.js').Kernels} Kernels
 * @typedef {import('../networks/graph.js').Node} Node
 * @typedef {(index: number, weight: number) => void} Visit
 */
import { channelsOf, structuralWeight } from './edges.js';

/**
 * Call `visit` once an edge from unit `index` of `node` into stage `reader`, weights as in edges.js.
 * @param {Node} node @param {Node} reader @param {Kernels|null} kernels @param {number} index @param {Visit} visit
 */
export function eachOutgoing(node, reader, kernels, index, visit) {
  if (reader.layer.role === 'merge') return mergeReaders(node, reader, index, visit);
  const kernel = kernels?.get(reader.layer.id)?.data;
  if (reader.layer.kernel_size) return windowReaders(node, reader, kernel, index, visit);
  for (let i = 0; i < reader.stage.units; i++) visit(i, kernel?.[i * node.stage.units + index] ?? 0);
}

/** @param {Node} node @param {Node} reader @param {Float32Array|undefined} kernel @param {number} index @param {Visit} visit */
function windowReaders(node, reader, kernel, index, visit) {
  const [, height, width] = node.shape;
  const row = Math.floor(index / width);
  const channel = Math.floor(row / height);
  const rows = taps(reader, 0, row % height);
  const columns = taps(reader, 1, index % width);
  const [kernelHeight, kernelWidth] = reader.layer.kernel_size ?? [1, 1];
  const fixed = structuralWeight(reader, kernelHeight * kernelWidth);
  for (let output = 0; output < reader.shape[0]; output++) {
    const slot = channelsOf(reader, node, output).find((input) => input.channel === channel)?.slot;
    if (slot === undefined) continue;
    for (const y of rows) {
      for (const x of columns) {
        const weight = fixed ?? kernel?.[(slot * kernelHeight + y.tap) * kernelWidth + x.tap] ?? 0;
        visit((output * reader.shape[1] + y.output) * reader.shape[2] + x.output, weight);
      }
    }
  }
}

/**
 * Output positions along an axis (0 vertical, 1 horizontal) whose window touches source position `at`, and by which
 * row or column of the kernel.
 * @param {Node} reader @param {0|1} axis @param {number} at
 */
function taps(reader, axis, at) {
  const kernel = reader.layer.kernel_size?.[axis] ?? 1;
  const stride = reader.layer.stride?.[axis] ?? kernel;
  const padding = reader.layer.padding?.[axis] ?? 0;
  const dilation = reader.layer.dilation?.[axis] ?? 1;
  /** @type {{output: number, tap: number}[]} */
  const found = [];
  for (let tap = kernel - 1; tap >= 0; tap--) {
    const output = (at + padding - tap * dilation) / stride;
    if (Number.isInteger(output) && output >= 0 && output < reader.shape[axis + 1]) found.push({ output, tap });
  }
  return found;
}

/** @param {Node} node @param {Node} reader @param {number} index @param {Visit} visit */
function mergeReaders(node, reader, index, visit) {
  if (reader.sources.every((source) => source.stage.units === reader.stage.units)) return visit(index, 1);
  let first = 0;
  for (const source of reader.sources) {
    if (source === node) visit(first + index, 1);
    first += source.stage.units;
  }
}
