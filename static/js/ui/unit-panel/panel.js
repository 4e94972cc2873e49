/**
 * The pinned unit: what it reads, its weights, the sum, the steps to its output, and the way down to the pixels.
 * Pictures of small networks follow the pen from the live frame; the exact arithmetic, and all that is shown of large
 * networks, comes from the server, see core/unit/neurons.js.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/types.js').State} State
 * @typedef {import('../../core/types.js').Unit} Unit
 * @typedef {import('../../core/types.js').Widget} Widget
 * @typedef {import('../../core/unit/view.js').UnitView} UnitView
 * @typedef {import('../../core/unit/neurons.js').Neuron} Neuron
 */
import { incoming } from '../../core/unit/connect.js';
import { sameUnit } from '../../core/networks/graph.js';
import { followNeurons } from '../../core/unit/neurons.js';
import { isLarge } from '../../core/session.js';
import { nextTrail } from '../../core/unit/trail.js';
import { addressOf } from '../../core/unit/address.js';
import { createUnitViewer } from '../../core/unit/view.js';
import { createArithmetic } from './arithmetic.js';
import { createCodeSnippets } from '../code-snippets.js';
import { createColourPatch } from './colour-patch.js';
import { eachFrame, h } from '../dom.js';
import { createFieldCrop } from './field-crop.js';
import { createPanelEmpty } from './empty.js';
import { createPanelHead } from './head.js';
import { createPictures } from './pictures.js';
import { createResponseNeighbours } from './response-neighbours.js';
import { createSources } from './sources.js';
import { createTermsTable } from './terms-table.js';
import { createTrail } from './trail.js';
import { createUnitLinks } from '../unit-links.js';
import { createVerdict } from './verdict.js';

/**
 * @param {Store} store
 * @param {ViewContext} ctx
 * @returns {Widget}
 */
export function createUnitPanel(store, ctx) {
  const element = h('section', { class: 'panel', 'aria-label': ctx.t('panel.title') });
  const empty = createPanelEmpty(store, ctx);
  const parts = createParts(store, ctx);
  const body = h('div', { class: 'panel-body', hidden: true }, parts.trail.element, parts.head.element, parts.links.element, parts.verdict.element,
    parts.field.element, parts.sources.element, parts.colour.element, parts.pictures.element, parts.waiting, parts.arithmetic.element,
    parts.neighbours.element, parts.error, parts.terms.element, parts.code.element);
  element.append(empty.element, body);

  const viewOf = createUnitViewer();
  /** @type {Unit[]} */
  let trail = [];
  /** @type {{unit: Unit, answer: Neuron}|null} The server's arithmetic of the pinned unit. */
  let answered = null;
  /** @type {Neuron|null} The answer whose numbers are shown. */
  let shown = null;

  const schedule = eachFrame(render);

  function render() {
    const state = store.get();
    const answer = state.kernels ? null : answered?.answer ?? null;
    const view = state.pinned && state.palette ? viewOf(state, state.pinned, answer) : null;
    body.hidden = view === null;
    empty.element.hidden = view !== null;
    if (view === null || !state.palette) return empty.update();
    parts.head.update(view, state.palette, state.lang);
    parts.links.show(addressOf(view.model, view.unit));
    parts.field.element.hidden = !isLarge(view.model);
    if (isLarge(view.model)) parts.field.update(view);
    parts.colour.update(view, state.lang);
    parts.pictures.update(view, state.palette, state.lang);
    parts.sources.update(view, state.lang);
    parts.verdict.update(view, state.lang);
    parts.waiting.hidden = view.exact || !parts.error.hidden;
    if (!answered || answered.answer !== shown) showNumbers(view, answered?.answer ?? null);
    keepFocus();
  }

  /** The button that led here may be gone: then the title takes the focus. */
  function keepFocus() {
    const focused = document.activeElement;
    if (focused && body.contains(focused) && !focused.checkVisibility()) parts.head.focus();
  }

  /** @param {UnitView} view @param {Neuron|null} neuron */
  function showNumbers(view, neuron) {
    const { lang } = store.get();
    shown = neuron;
    parts.arithmetic.update(view, neuron, lang);
    parts.neighbours.update(view, neuron, lang);
    parts.terms.update(view, lang);
    parts.code.element.hidden = isLarge(view.model);
    if (!isLarge(view.model)) parts.code.update(view);
  }

  /** @param {string} detail */
  function fail(detail) {
    parts.error.hidden = false;
    parts.error.textContent = ctx.t('panel.error', { detail });
  }

  /** @param {State} state @param {Set<string>} changed */
  function follow(state, changed) {
    if (changed.has('model')) trail = [];
    if (changed.has('model') || changed.has('pinned')) restart(state, changed.has('model'));
    if (changed.has('pass') || changed.has('kernels')) answered = null;
    if (state.neuron && sameUnit(state.neuron.unit, state.pinned)) {
      answered = state.neuron;
      parts.error.hidden = true;
    }
    schedule();
  }

  /** Another unit: its numbers are on their way. @param {State} state @param {boolean} isNewModel */
  function restart({ model, kernels, pinned }, isNewModel) {
    answered = null;
    parts.error.hidden = true;
    trail = model ? nextTrail(isNewModel ? [] : trail, pinned, (source, target) => incoming(model, kernels, target).some(({ from }) => sameUnit(from, source))) : [];
    if (model) parts.trail.update(model, trail);
    element.parentElement?.scrollTo(0, 0);
  }

  const off = store.on(['pinned', 'model', 'kernels', 'frame', 'pass', 'neuron', 'palette', 'scale', 'lang'], follow);
  const stop = followNeurons(store, ctx.session, ctx.api, fail);
  follow(store.get(), new Set(['pinned', 'model']));
  return {
    element,
    destroy() {
      off();
      stop();
      schedule.cancel();
      for (const part of [parts.pictures, parts.terms, parts.neighbours]) part.destroy();
      element.remove();
    },
  };
}

/** @param {Store} store @param {ViewContext} ctx */
function createParts(store, ctx) {
  return {
    trail: createTrail(store, ctx), head: createPanelHead(store, ctx), links: createUnitLinks(store, ctx), verdict: createVerdict(ctx), field: createFieldCrop(ctx),
    sources: createSources(store, ctx), colour: createColourPatch(ctx), pictures: createPictures(store, ctx),
    arithmetic: createArithmetic(ctx), neighbours: createResponseNeighbours(store, ctx), terms: createTermsTable(store, ctx),
    code: createCodeSnippets(store, ctx), waiting: h('p', { class: 'panel-waiting', role: 'status', hidden: true }, ctx.t('panel.waiting')),
    error: h('p', { class: 'panel-error', role: 'alert', hidden: true }),
  };
}
