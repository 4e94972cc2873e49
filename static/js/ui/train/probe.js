/**
 * The reader's own picture in the train view: drawn or chosen, answered by the network as it learns, with what it said at
 * each checkpoint and the first filters as they form.
 */
import { createInputSide } from '../input/side.js';
import { createProbeFilters } from './probe-filters.js';
import { createProbeStrip } from './probe-strip.js';

/** @param {import('../../core/types.js').Store} store @param {import('../../views.js').ViewContext} ctx */
export function createProbe(store, ctx) {
  const strip = createProbeStrip(store, ctx);
  const filters = createProbeFilters(store, ctx);
  const side = createInputSide(store, ctx, [], [strip.element, filters.element]);
  side.element.className = 'probe'; // the host is the column
  return {
    element: side.element,
    keys: side.keys,
    destroy: () => [side, strip, filters].forEach((part) => part.destroy()),
  };
}
