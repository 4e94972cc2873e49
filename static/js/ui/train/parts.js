/**
 * The parts of the train view that live in files of their own; null until one is there. Each is
 * `create(store, ctx) → {element, destroy}`; analysis and playground have a `panel` for the right side, too, the
 * playground a `side` for the left.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/types.js').Widget & {panel?: HTMLElement, side?: HTMLElement, keys?: Record<string, () => void>}} Part
 * @typedef {(store: Store, ctx: ViewContext) => Part} CreatePart
 */
import { createAnalysis } from './analysis.js';
import { createCurves } from './curves.js';
import { createPlayground } from './points/playground.js';
import { createProbe } from './probe.js';
import { createTimeline } from './timeline.js';

/** @type {Record<'curves'|'analysis'|'timeline'|'probe'|'playground', CreatePart|null>} */
export const PARTS = {
  curves: createCurves,
  analysis: createAnalysis,
  timeline: createTimeline,
  probe: createProbe,
  playground: createPlayground,
};
