/**
 * Everything that the panel shows of a unit: of small networks by the browser itself, at pen speed; of large ones, whose
 * kernels stay on the server, from the server's arithmetic of the unit.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Kernels} Kernels
 * @typedef {import('../types.js').Frame} Frame
 * @typedef {import('../types.js').Unit} Unit
 * @typedef {import('../types.js').Edge} Edge
 * @typedef {import('../types.js').Stage} Stage
 * @typedef {import('../types.js').Layer} Layer
 * @typedef {import('./arithmetic.js').Term} Term
 * @typedef {import('./patch.js').PatchLayout} PatchLayout
 * @typedef {import('./neurons.js').Neuron} Neuron
 * @typedef {'input'|'sum'|'maximum'|'minimum'|'average'|'addition'|'concatenation'} Form  How a unit's value comes from what it reads.
 *
 * @typedef {object} UnitView
 * @property {Model} model
 * @property {Frame} frame
 * @property {Unit} unit
 * @property {Stage} stage
 * @property {Layer} layer     The stage's weighted, pooling or merging layer.
 * @property {Form} form
 * @property {Term[]} terms    One an incoming edge; none at the input, nor while the server has not answered.
 * @property {PatchLayout} layout
 * @property {number} output   The unit's value.
 * @property {boolean} exact   Whether `output` is the network's own float32 value (else half precision).
 * @property {boolean} isOutput  One of the network's outputs.
 *
 * @typedef {{model: Model, kernels: Kernels|null, answer: Neuron|null, unit: Unit, edges: Edge[], terms: Term[], layout: PatchLayout}} Plan
 */
import { answeredEdges } from './answers.js';
import { outputStage, termsOf } from './arithmetic.js';
import { exists, incoming, values } from './connect.js';
import { isAverage, isMaximum, isMinimum } from './edges.js';
import { nodeOf, sameUnit } from '../networks/graph.js';
import { layoutPatch, layoutReading } from './patch.js';

/** @type {PatchLayout} */
const NOTHING = { kind: 'grid', pictures: [] };

/**
 * Gives the view of a unit in a frame; what does not change with the drawing is kept from call to call.
 * Null while the network or the frame is not there, or the unit is not in it.
 */
export function createUnitViewer() {
  /** @type {Plan|null} */
  let plan = null;

  /**
   * @param {Pick<import('../types.js').State, 'model'|'kernels'|'frame'>} state
   * @param {Unit} unit
   * @param {Neuron|null} [answer]  The server's arithmetic of this unit, where there are no kernels.
   * @returns {UnitView|null}
   */
  return ({ model, kernels, frame }, unit, answer = null) => {
    if (!model || !frame || !exists(model, unit)) return null;
    const { stage, layer } = nodeOf(model, unit.stage);
    const form = formOf(model, unit);
    const isKept = plan !== null && plan.model === model && plan.kernels === kernels && (kernels !== null || plan.answer === answer) && sameUnit(plan.unit, unit);
    if (!plan || !isKept) plan = kernels ? localPlan(model, kernels, unit) : answeredPlan(model, unit, answer);
    if (kernels && !frame.tensors.has(stage.output)) return null;
    const terms = kernels ? termsOf(plan.edges, (source) => values(model, frame, source), takesOne(form) ? form : null) : plan.terms;
    const exact = kernels !== null || answer !== null;
    const output = answer && !kernels ? answer.output : values(model, frame, unit);
    return { model, frame, unit, stage, layer, form, terms, layout: plan.layout, output, exact, isOutput: stage === outputStage(model) };
  };
}

/** @param {Model} model @param {Kernels} kernels @param {Unit} unit @returns {Plan} */
function localPlan(model, kernels, unit) {
  const edges = incoming(model, kernels, unit);
  return { model, kernels, answer: null, unit, edges, terms: [], layout: layoutPatch(model, nodeOf(model, unit.stage).layer, unit, edges) };
}

/** @param {Model} model @param {Unit} unit @param {Neuron|null} answer @returns {Plan} */
function answeredPlan(model, unit, answer) {
  if (!answer || formOf(model, unit) === 'input') return { model, kernels: null, answer, unit, edges: [], terms: [], layout: NOTHING };
  const edges = answeredEdges({ model, neuron: { unit, answer } }, unit);
  const terms = edges.map(({ from, activation, weight, product }) => ({ from, input: activation, weight, product }));
  return { model, kernels: null, answer, unit, edges, terms, layout: layoutReading(model, answer.patch, edges) };
}

/** How the value of a unit comes from what it reads. @param {Model} model @param {Unit} unit @returns {Form} */
export function formOf(model, unit) {
  const node = nodeOf(model, unit.stage);
  const { role, type } = node.layer;
  if (role === 'input') return 'input';
  if (role === 'merge') return /cat/i.test(type) ? 'concatenation' : 'addition';
  if (isMaximum(node)) return isMinimum(node) ? 'minimum' : 'maximum';
  return isAverage(node) ? 'average' : 'sum';
}

/** Does one of the values that it reads go on? @param {Form} form @returns {form is 'maximum'|'minimum'} */
export function takesOne(form) {
  return form === 'maximum' || form === 'minimum';
}
