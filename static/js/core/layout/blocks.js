/**
 * A network's graph as a sequence of blocks: a block ends where all paths meet in one stage (behind an inception
 * module's concatenation, a residual block's addition). Inside a block, stages stand in levels and side by side.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../networks/graph.js').Node} Node
 * @typedef {{node: Node, lane: number|null}} Place  `lane`: which branch it stands in; null for all of the width.
 * @typedef {{levels: Place[][], lanes: number[]}} Block  `lanes`: how many stages each branch has.
 */
import { graphOf, nameOf } from '../networks/graph.js';

/** The blocks in the order of computation. @param {Model} model @returns {Block[]} */
export function blocksOf(model) {
  const nodes = [...graphOf(model).values()];
  const number = new Map(nodes.map((node, i) => [node, i]));
  const lastUse = nodes.map((node) => Math.max(-1, ...node.consumers.map((reader) => number.get(reader) ?? -1)));
  /** @type {Block[]} */
  const blocks = [];
  let [first, reach] = [0, -1];
  nodes.forEach((_, i) => {
    const isEnd = i === nodes.length - 1 || (reach <= i && lastUse[i] > i);
    reach = Math.max(reach, lastUse[i]);
    if (!isEnd) return;
    blocks.push(blockOf(nodes.slice(first, i + 1)));
    first = i + 1;
  });
  return blocks;
}

/** @param {Node[]} nodes  Of one block, in the order of computation. @returns {Block} */
function blockOf(nodes) {
  const level = levelsOf(nodes);
  const lane = lanesOf(nodes, level);
  const last = nodes[nodes.length - 1];
  const lanes = Array.from({ length: 1 + Math.max(...lane.values()) }, (_, i) => nodes.filter((node) => node !== last && lane.get(node) === i).length || 1);
  const levels = Array.from({ length: 1 + Math.max(...level.values()) }, (_, i) => nodes.filter((node) => level.get(node) === i)
    .map((node) => ({ node, lane: node === last || lanes.length === 1 ? null : lane.get(node) ?? 0 })));
  return { levels, lanes };
}

/** As high as the readers allow: a short branch stands just under the stage where it meets the others. @param {Node[]} nodes @returns {Map<Node, number>} */
function levelsOf(nodes) {
  const own = new Set(nodes);
  /** @type {Map<Node, number>} */
  const level = new Map();
  for (const node of nodes) level.set(node, 1 + Math.max(-1, ...node.sources.filter((source) => own.has(source)).map((source) => level.get(source) ?? 0)));
  const top = Math.max(...level.values());
  for (const node of [...nodes].reverse()) {
    const above = node.consumers.filter((reader) => own.has(reader)).map((reader) => level.get(reader) ?? top);
    if (above.length > 0) level.set(node, Math.min(...above) - 1);
    else if (node === nodes[nodes.length - 1]) level.set(node, top);
  }
  return level;
}

/** A stage continues the branch of its first source, unless another stage already does: then it opens a branch. @param {Node[]} nodes @param {Map<Node, number>} level @returns {Map<Node, number>} */
function lanesOf(nodes, level) {
  /** @type {Map<Node, number>} */
  const lane = new Map();
  const taken = new Set();
  let count = 0;
  for (const node of nodes) {
    const before = node.sources.map((source) => lane.get(source)).find((known) => known !== undefined && !taken.has(`${known} ${level.get(node)}`));
    const mine = before ?? count;
    count = Math.max(count, mine + 1);
    lane.set(node, mine);
    taken.add(`${mine} ${level.get(node)}`);
  }
  return lane;
}

/** What the names of a block's stages have in common (`layer3.12` of its convolutions and addition); '' for a single stage. @param {Block} block */
export function blockName({ levels }) {
  const ids = levels.flat().map(({ node }) => nameOf(node.stage));
  if (ids.length < 2) return '';
  const parts = ids.map((id) => id.split('.'));
  const same = parts[0].findIndex((part, i) => parts.some((other) => other[i] !== part));
  return parts[0].slice(0, same < 0 ? undefined : same).join('.');
}
