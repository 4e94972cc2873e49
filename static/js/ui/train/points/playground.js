/**
 * The playground of 2-D points: what it is set to on the left (`side`), the network with every unit's own surface in the
 * middle, one unit's surface large with its arithmetic on the right (`panel`).
 *
 * @typedef {import('../../../core/types.js').Store} Store
 * @typedef {import('../../../views.js').ViewContext} ViewContext
 */
import { createPointsControl } from '../../../core/points/control.js';
import { eachFrame, h } from '../../dom.js';
import { createDepth, createDiagram } from './diagram.js';
import { createUnitFormula } from './formula.js';
import { createPointsHead, createStanding } from './head.js';
import { createPlaneLegend } from './legend.js';
import { createLossChart } from './loss-chart.js';
import { createRule } from './rule.js';
import { createPointsSide } from './side.js';
import { createSight } from './sight.js';
import { createPlane } from './surface.js';

/**
 * @param {Store} store @param {ViewContext} ctx
 * @returns {import('../../../core/types.js').Widget & {side: HTMLElement, panel: HTMLElement, keys: Record<string, () => void>}}
 */
export function createPlayground(store, ctx) {
  const control = createPointsControl(store, ctx.api, { again: () => void ctx.training.again(), onProblem: (error) => ctx.notify(error instanceof Error ? error.message : String(error), 'error') });
  const schedule = eachFrame(() => widgets.forEach((widget) => widget.update()));
  const sight = createSight(control, schedule);
  const side = createPointsSide(store, ctx, control);
  const head = createPointsHead(store, ctx, control);
  const depth = createDepth(ctx, control);
  const standing = createStanding(store, ctx, control);
  const diagram = createDiagram(store, ctx, control, sight);
  const chart = createLossChart(store, ctx, control);
  const plane = createPlane(store, ctx, control, sight);
  const legend = createPlaneLegend(store, ctx, control, sight);
  const rule = createRule(store, ctx, control);
  const unit = createUnitFormula(store, ctx, control, sight);
  const widgets = [side, head, depth, standing, diagram, chart, plane, legend, rule, unit];
  const element = h('div', { class: 'points-playground' }, head.element, h('div', { class: 'points-under-head' }, depth.element, standing.element), diagram.element, chart.element);
  const panel = h('div', { class: 'points-panel' }, plane.element, legend.element, rule.element, unit.element);

  const stops = [control.on(schedule), store.on(['palette', 'trainingData', 'trainingMetrics', 'training', 'moment', 'lang'], schedule)];
  schedule();
  return {
    element, panel, side: side.element,
    keys: { p: () => void control.toggle(), '.': () => void control.step() },
    destroy() {
      stops.forEach((stop) => stop());
      schedule.cancel();
      diagram.destroy();
      control.destroy();
    },
  };
}
