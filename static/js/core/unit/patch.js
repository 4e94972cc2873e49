/**
 * How the inputs of a unit lie in pictures: a window a channel for convolutions and pooling,
 * the source's maps for a dense layer behind maps, else all in one near-square grid.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Layer} Layer
 * @typedef {import('../types.js').Unit} Unit
 * @typedef {import('../types.js').Edge} Edge
 *
 * @typedef {object} Picture  `cells[row · width + column]` is the index of a term, PADDING or GAP.
 * @property {string} stage
 * @property {number|null} channel  Of the source; null where one picture holds all channels.
 * @property {number} width
 * @property {number} height
 * @property {Int32Array} cells
 *
 * @typedef {{kind: 'windows'|'maps'|'grid', pictures: Picture[]}} PatchLayout
 *
 * @typedef {object} Window  Cell (i, j) is row `top + i·dilation[0]`, column `left + j·dilation[1]` of the source.
 * @property {number} top
 * @property {number} left
 * @property {number} height
 * @property {number} width
 * @property {[number, number]} dilation
 */

/** A cell outside the source map, which counts as zero. */
export const PADDING = -1;
/** A cell that fills up the last row of a grid and means nothing. */
export const GAP = -2;

/**
 * @param {Model} model
 * @param {Layer} layer  The unit's weighted or pooling layer.
 * @param {Unit} unit
 * @param {readonly Edge[]} edges  Incoming, in the order of the terms.
 * @returns {PatchLayout}
 */
export function layoutPatch(model, layer, unit, edges) {
  return layoutReading(model, layer.kernel_size && windowOf(layer, unit), edges);
}

/**
 * The same where the window is known already, as the server tells it; null for a dense layer.
 * @param {Model} model @param {Window|null} window @param {readonly {from: Unit}[]} edges
 * @returns {PatchLayout}
 */
export function layoutReading(model, window, edges) {
  if (edges.length === 0) return { kind: 'grid', pictures: [] };
  if (window && window.height * window.width > 1) return { kind: 'windows', pictures: windows(window, edges) };
  const source = edges[0].from.stage;
  const shape = model.stages.find((stage) => stage.id === source)?.shape ?? [];
  const whole = shape.length === 3 && shape[1] * shape[2] > 1 && edges.length === shape[0] * shape[1] * shape[2];
  return whole
    ? { kind: 'maps', pictures: maps(shape, edges) }
    : { kind: 'grid', pictures: [grid(source, edges.length)] };
}

/** @param {Layer} layer @param {Unit} unit @returns {Window} */
function windowOf({ kernel_size, stride, padding, dilation }, unit) {
  const [height, width] = kernel_size ?? [1, 1];
  const [steps, edge] = [stride ?? [1, 1], padding ?? [0, 0]];
  return { top: unit.y * steps[0] - edge[0], left: unit.x * steps[1] - edge[1], height, width, dilation: dilation ?? [1, 1] };
}

/** @param {Window} window @param {readonly {from: Unit}[]} edges @returns {Picture[]} */
function windows({ top, left, height, width, dilation }, edges) {
  /** @type {Map<string, Picture>} */
  const byChannel = new Map();
  edges.forEach(({ from }, term) => {
    const key = `${from.stage}/${from.channel}`;
    const picture = byChannel.get(key)
      ?? { stage: from.stage, channel: from.channel, width, height, cells: new Int32Array(width * height).fill(PADDING) };
    byChannel.set(key, picture);
    picture.cells[((from.y - top) / dilation[0]) * width + (from.x - left) / dilation[1]] = term;
  });
  return [...byChannel.values()];
}

/** The whole source, a picture a channel. @param {number[]} shape @param {readonly {from: Unit}[]} edges @returns {Picture[]} */
function maps([channels, height, width], edges) {
  const size = height * width;
  return Array.from({ length: channels }, (_, channel) => ({
    stage: edges[0].from.stage, channel, width, height, cells: Int32Array.from({ length: size }, (_, i) => channel * size + i),
  }));
}

/** @param {string} stage @param {number} count @returns {Picture} */
function grid(stage, count) {
  const width = gridColumns(count);
  const height = Math.ceil(count / width);
  const cells = Int32Array.from({ length: width * height }, (_, i) => (i < count ? i : GAP));
  return { stage, channel: null, width, height, cells };
}

/**
 * Columns of a grid for `count` cells: without a rest if that stays at most twice as wide as high.
 * @param {number} count
 */
export function gridColumns(count) {
  const side = Math.ceil(Math.sqrt(count));
  for (let columns = side; columns * columns <= 2 * count; columns += 1) {
    if (count % columns === 0) return columns;
  }
  return side;
}

/**
 * The sum of the products in each picture.
 * @param {readonly Picture[]} pictures @param {readonly {product: number}[]} terms
 * @returns {number[]}
 */
export function pictureSums(pictures, terms) {
  return pictures.map(({ cells }) => cells.reduce((sum, term) => (term < 0 ? sum : sum + terms[term].product), 0));
}
