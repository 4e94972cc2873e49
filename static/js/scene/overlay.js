/**
 * What lies over the network: the links and outlines of the unit that is looked at, and the backward trace.
 *
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/types.js').Unit} Unit
 * @typedef {import('../core/types.js').Edge} Edge
 * @typedef {import('../core/unit/trace.js').TraceEdge} TraceEdge
 * @typedef {import('./network.js').Network} Network
 * @typedef {import('./outlines.js').Stroke} Stroke
 * @typedef {import('./links.js').Link} Link
 * @typedef {{shown: number, total: number}} Count
 */
import { answeredEdges } from '../core/unit/answers.js';
import { exists, incoming, outgoing } from '../core/unit/connect.js';
import { sameUnit } from '../core/networks/graph.js';
import { measured } from '../core/perf.js';
import { backwardTrace } from '../core/unit/trace.js';
import { windowsOf } from '../core/unit/windows.js';
import { Links } from './links.js';
import { cellOutline, fieldOutline, patchOutlines, windowOutlines } from './outlines.js';
import { strands, traceStrands } from './strands.js';

/** More links than this nobody can tell apart, and software rendering pays for each. */
export const MOST_LINKS = 2000;
const MOST_OUTLINES = 12288;
/** More windows than this are drawn faintly. */
const MANY_WINDOWS = 64;
const TRACE_LINKS = 500;

/** The edges into a unit: as the server has told them, or by the kernels; pooling and merging need neither. @param {State} state @param {Network} network @param {Unit} unit @returns {Edge[]} */
function edgesInto(state, network, unit) {
  const told = network.isLarge ? answeredEdges(state, unit) : [];
  const isKnown = !network.isLarge || network.part(unit.stage).node.layer.role !== 'weighted';
  return told.length === 0 && isKnown ? incoming(network.model, state.kernels, unit) : told;
}

export class Overlay {
  /** @param {{value: import('three').Vector2}} viewport */
  constructor(viewport) {
    this.trace = new Links({ viewport, capacity: 1400, pieces: 20, order: 1, behind: 0.3 });
    this.links = new Links({ viewport, capacity: 2 * MOST_LINKS, pieces: 20, order: 2, behind: 0.3 });
    this.outlines = new Links({ viewport, capacity: MOST_OUTLINES, pieces: 1, order: 3, behind: 1 });
    this.groups = [this.trace.group, this.links.group, this.outlines.group];
    /** @type {Count} */
    this.count = { shown: 0, total: 0 };
    this.traceCount = 0;
    /** @type {Unit|null} */
    this.unit = null;
  }

  /**
   * Follow the state. The unit under the pointer comes before the pinned one, unless another part of the page points at
   * an input of the pinned unit: then its links stay and that input is marked.
   * @param {State} state @param {Network} network @param {{own: boolean, scale: number}} options  own: the pointer is on the scene.
   */
  update(state, network, { own, scale }) {
    const known = (/** @type {Unit|null} */ unit) => (unit && exists(network.model, unit) && network.part(unit.stage).mesh.visible ? unit : null);
    const [hover, pinned] = [known(state.hover), known(state.pinned)];
    const pinnedEdges = pinned ? edgesInto(state, network, pinned) : [];
    const pointsAtInput = !own && hover !== null && pinnedEdges.some(({ from }) => sameUnit(from, hover));
    this.unit = hover && !pointsAtInput ? hover : pinned;
    const into = this.unit === pinned || !this.unit ? pinnedEdges : edgesInto(state, network, this.unit);
    this.#setLinks(state, network, into, pointsAtInput ? hover : null, scale);
    this.#setOutlines(network, { hover, pinned }, into, scale);
  }

  /** @param {State} state @param {Network} network @param {Edge[]} into @param {Unit|null} marked @param {number} scale */
  #setLinks(state, network, into, marked, scale) {
    const visible = (/** @type {Edge} */ { from, to }) => network.part(from.stage).mesh.visible && network.part(to.stage).mesh.visible;
    const below = into.filter(visible);
    const above = state.outgoing && this.unit && state.kernels ? outgoing(network.model, state.kernels, this.unit).filter(visible) : [];
    const links = [...strands(network, state, above, MOST_LINKS), ...strands(network, state, below, MOST_LINKS)];
    if (marked) links.push(...this.#emphasis(network, state, below.filter(({ from }) => sameUnit(from, marked))));
    this.links.set(links, scale);
    this.count = { shown: links.length - (marked ? 1 : 0), total: below.length + above.length };
  }

  /** The same links once more, opaque and thick. @param {Network} network @param {State} state @param {Edge[]} edges @returns {Link[]} */
  #emphasis(network, state, edges) {
    return strands(network, state, edges, 1).map((link) => ({ ...link, rgb: network.look.colours.accent, alpha: 1, width: 2.5 }));
  }

  /** @param {Network} network @param {{hover: Unit|null, pinned: Unit|null}} units @param {Edge[]} into @param {number} scale */
  #setOutlines(network, { hover, pinned }, into, scale) {
    const { accent, text } = network.look.colours;
    /** @type {Stroke} */
    const strong = { rgb: accent, alpha: 1, width: 2 };
    const lines = this.#patches(network, into, { rgb: text, alpha: 0.55, width: 1.2 });
    if (this.unit) lines.push(...fieldOutline(network, this.unit, strong));
    if (hover) lines.push(...cellOutline(network, hover, { ...strong, rgb: text }));
    if (pinned) lines.push(...cellOutline(network, pinned, { ...strong, width: 2.6 }));
    this.outlines.set(lines, scale);
  }

  /** @param {Network} network @param {Edge[]} into @param {Stroke} stroke @returns {Link[]} */
  #patches(network, into, stroke) {
    if (!network.isLarge) return patchOutlines(network, into, stroke).slice(0, MOST_OUTLINES / 2);
    const windows = this.unit ? windowsOf(network.model, this.unit) : [];
    const isMany = windows.some(({ channels }) => channels.length > MANY_WINDOWS);
    return windowOutlines(network, windows, isMany ? { ...stroke, alpha: 0.35, width: 0.8 } : stroke).slice(0, MOST_OUTLINES - 64);
  }

  /** @param {State} state @param {Network} network @param {number} scale */
  updateTrace(state, network, scale) {
    const { trace, frame } = state;
    const visible = (/** @type {TraceEdge} */ { from, to }) => network.part(from.stage).mesh.visible && network.part(to.stage).mesh.visible;
    const edges = trace && frame && state.kernels ? measured('trace', () => backwardTrace(network.model, state.kernels, frame, { limit: TRACE_LINKS })) : [];
    this.traceEdges = edges.filter(visible);
    this.traceCount = this.traceEdges.length;
    this.placeTrace(network, scale);
  }

  /** The same trace at new places: while the view turns. @param {Network} network @param {number} scale */
  placeTrace(network, scale) {
    this.trace.set(traceStrands(network, this.traceEdges ?? []), scale);
  }

  dispose() {
    for (const links of [this.trace, this.links, this.outlines]) links.dispose();
  }
}
