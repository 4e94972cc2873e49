/**
 * A model's stages and layers by name, found once; and where a unit stands in its stage's data.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Stage} Stage
 * @typedef {import('../types.js').Layer} Layer
 * @typedef {import('../types.js').Unit} Unit
 *
 * @typedef {object} Node  A stage with what its edges need.
 * @property {Stage} stage
 * @property {Layer} layer       The layer that gives the stage its edges (conv1 of conv1 + bn1 + relu1).
 * @property {Layer} output      The layer whose values the stage shows.
 * @property {[number, number, number]} shape  C, H, W; dense: C, 1, 1.
 * @property {Node[]} sources
 * @property {Node[]} consumers
 *
 * @typedef {Map<string, Node>} Graph
 */

/** @type {WeakMap<Model, Graph>} */
const graphs = new WeakMap();

/** @param {number[]} shape @returns {[number, number, number]} */
export function shape3(shape) {
  return [shape[0], shape[1] ?? 1, shape[2] ?? 1];
}

/**
 * The model's stages as linked nodes, by stage id.
 * @param {Model} model
 * @returns {Graph}
 */
export function graphOf(model) {
  const known = graphs.get(model);
  if (known) return known;
  const layers = new Map(model.layers.map((layer) => [layer.id, layer]));
  /** @type {Graph} */
  const graph = new Map();
  for (const stage of model.stages) {
    const layer = layers.get(stage.id);
    const output = layers.get(stage.output);
    if (!layer || !output) throw new RangeError(`stage ${stage.id} names a layer that does not exist`);
    graph.set(stage.id, { stage, layer, output, shape: shape3(stage.shape), sources: [], consumers: [] });
  }
  for (const node of graph.values()) {
    node.sources = node.stage.inputs.map((id) => nodeIn(graph, id));
    for (const source of node.sources) source.consumers.push(node);
  }
  graphs.set(model, graph);
  return graph;
}

/** @param {Graph} graph @param {string} id @returns {Node} */
function nodeIn(graph, id) {
  const node = graph.get(id);
  if (!node) throw new RangeError(`no stage is named ${JSON.stringify(id)}; there are ${[...graph.keys()].join(', ')}`);
  return node;
}

/** What people call a stage or layer: the paper's name, else its id. @param {{id: string, name?: string|null}} part */
export function nameOf({ id, name }) {
  return name ?? id;
}

/** The name of a stage by its id. @param {Model} model @param {string} id */
export function stageName(model, id) {
  return nameOf(nodeOf(model, id).stage);
}

/** The node of a stage. @param {Model} model @param {string} id @returns {Node} */
export function nodeOf(model, id) {
  return nodeIn(graphOf(model), id);
}

/** Is this stage a vector (dense layer) rather than a stack of maps? @param {Node} node */
export function isVector(node) {
  return node.shape[1] === 1 && node.shape[2] === 1;
}

/** Where the unit's value stands in its stage's data. @param {Node} node @param {Unit} unit */
export function indexOf(node, unit) {
  const [channels, height, width] = node.shape;
  const { channel, y, x } = unit;
  if (!(channel >= 0 && channel < channels && y >= 0 && y < height && x >= 0 && x < width)) {
    throw new RangeError(`unit ${channel},${y},${x} is outside stage ${node.stage.id} (${node.shape.join(' × ')})`);
  }
  return (channel * height + y) * width + x;
}

/** The unit at an index of its stage's data. @param {Node} node @param {number} index @returns {Unit} */
export function unitAt(node, index) {
  const [, height, width] = node.shape;
  const row = Math.floor(index / width);
  return { stage: node.stage.id, channel: Math.floor(row / height), y: row % height, x: index % width };
}

/** Do two addresses name the same unit? @param {Unit|null} a @param {Unit|null} b */
export function sameUnit(a, b) {
  if (a === null || b === null) return a === b;
  return a.stage === b.stage && a.channel === b.channel && a.y === b.y && a.x === b.x;
}
