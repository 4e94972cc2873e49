/**
 * Everything that the panel shows of a unit and that the browser knows by itself, at pen speed.
 *
 * @typedef {import('./types.js').Model} Model
 * @typedef {import('./types.js').Kernels} Kernels
 * @typedef {import('./types.js').Frame} Frame
 * @typedef {import('./types.js').Unit} Unit
 * @typedef {import('./types.js').Edge} Edge
 * @typedef {import('./types.js').Stage} Stage
 * @typedef {import('./types.js').Layer} Layer
 * @typedef {import('./arithmetic.js').Term} Term
 * @typedef {import('./patch.js').PatchLayout} PatchLayout
 *
 * @typedef {object} UnitView
 * @property {Model} model
 * @property {Frame} frame
 * @property {Unit} unit
 * @property {Stage} stage
 * @property {Layer} layer     The stage's weighted or pooling layer.
 * @property {Term[]} terms    One an incoming edge; none at the input.
 * @property {PatchLayout} layout
 * @property {number} output   The unit's value.
 * @property {boolean} maximum  Max pooling: the winner counts, nothing is summed.
 * @property {boolean} isOutput  One of the network's outputs.
 *
 * @typedef {{model: Model, kernels: Kernels, unit: Unit, stage: Stage, layer: Layer, edges: Edge[], maximum: boolean, layout: PatchLayout}} Plan
 */
import { outputStage, termsOf } from './arithmetic.js';
import { exists, incoming, values } from './connect.js';
import { isMaximum } from './edges.js';
import { nodeOf, sameUnit } from './graph.js';
import { layoutPatch } from './patch.js';

/**
 * Gives the view of a unit in a frame; what does not change with the drawing is kept from call to call.
 * Null while the network or the frame is not there, or the unit is not in it.
 */
export function createUnitViewer() {
  /** @type {Plan|null} */
  let plan = null;

  /**
   * @param {import('./types.js').State} state
   * @param {Unit} unit
   * @returns {UnitView|null}
   */
  return ({ model, kernels, frame }, unit) => {
    if (!model || !kernels || !frame) return null;
    if (!plan || plan.model !== model || plan.kernels !== kernels || !sameUnit(plan.unit, unit)) plan = planOf(model, kernels, unit);
    if (!plan || !frame.tensors.has(plan.stage.output)) return null;
    const { stage, layer, edges, maximum, layout } = plan;
    const terms = termsOf(edges, (source) => values(model, frame, source), maximum);
    const output = values(model, frame, unit);
    return { model, frame, unit, stage, layer, terms, layout, output, maximum, isOutput: stage === outputStage(model) };
  };
}

/** @param {Model} model @param {Kernels} kernels @param {Unit} unit @returns {Plan|null} */
function planOf(model, kernels, unit) {
  if (!exists(model, unit)) return null;
  const node = nodeOf(model, unit.stage);
  const { stage, layer } = node;
  const edges = incoming(model, kernels, unit);
  return { model, kernels, unit, stage, layer, edges, maximum: isMaximum(node), layout: layoutPatch(model, layer, unit, edges) };
}
