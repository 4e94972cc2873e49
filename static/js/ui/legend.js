/**
 * What the colours mean, always in sight: the gradient with its numbers, the scale, zero, and the links.
 *
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../core/types.js').Context} Context
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/types.js').Range} Range
 * @typedef {import('../core/types.js').Widget} Widget
 */
import { nameOf } from '../core/networks/graph.js';
import { isLarge } from '../core/session.js';
import { colourOf, stageRange } from '../core/numbers/colormap.js';
import { short } from '../core/numbers/format.js';
import { outputStage } from '../core/unit/arithmetic.js';
import { segmented } from './controls.js';
import { eachFrame, h } from './dom.js';

const SCALES = /** @type {const} */ (['map', 'layer', 'fixed']);
const STOPS = 17;

/**
 * @param {Store} store
 * @param {Context} ctx
 * @param {(state: State) => {name: string, range: Range}|null} [find]  What it speaks of.
 * @returns {Widget & {update: () => void}}
 */
export function createLegend(store, ctx, find = subject) {
  const name = h('span', { class: 'legend-name' });
  const gradient = h('span', { class: 'legend-gradient', role: 'img', 'aria-label': ctx.t('legend.title') });
  const ends = [0, 1, 2].map(() => h('span', { class: 'num' }));
  const kind = h('p', { class: 'legend-kind' });
  const scale = segmented(ctx.t('legend.scale'), SCALES.map((value) => ({ value, label: ctx.t(`legend.scale.${value}`), title: ctx.t(`legend.scale.${value}.about`) })),
    (value) => store.set({ scale: value }));
  const links = createLinks(ctx);
  const element = h('section', { class: 'legend', 'aria-label': ctx.t('legend.title') },
    h('div', { class: 'legend-values' }, name, gradient, h('div', { class: 'legend-ends' }, ...ends)), scale.element, h('div', { class: 'legend-words' }, kind, links.element));

  function render() {
    const state = store.get();
    scale.show(state.scale);
    links.update(state);
    const shown = find(state);
    element.classList.toggle('is-waiting', shown === null);
    if (!shown || !state.palette) return;
    const { range } = shown;
    name.textContent = shown.name;
    paintGradient(gradient, range, state.palette);
    [range.lo, range.signed ? 0 : null, range.hi].forEach((value, i) => { ends[i].textContent = value === null ? '' : short(value, state.lang); });
    gradient.setAttribute('aria-label', ctx.t('legend.range', { name: shown.name, lo: short(range.lo, state.lang), hi: short(range.hi, state.lang) }));
    kind.textContent = wordsFor(state, range).map((key) => ctx.t(key)).join(' ');
  }

  /** @param {State} state @param {Range} range */
  function wordsFor({ model, scale: chosen }, range) {
    const words = [range.signed ? 'legend.diverging' : 'legend.sequential'];
    if (!model || !isLarge(model)) return words;
    if (chosen === 'fixed') words.push('legend.fixed_first');
    if (find === subject) words.push('legend.lifted'); // the boards of the network view, scene/board-shaders.js
    return words;
  }

  const schedule = eachFrame(render);
  const off = store.on(['model', 'frame', 'palette', 'scale', 'hover', 'pinned', 'drawer', 'edgeColour', 'trace', 'lang'], schedule);
  schedule();
  return { element, update: schedule, destroy: () => { off(); schedule.cancel(); element.remove(); } };
}

/**
 * What the legend speaks of: the map of the hovered unit, else of the pinned one, else the drawer's stage, else the first after the input.
 * @param {State} state
 * @returns {{name: string, range: Range}|null}
 */
export function subject({ model, frame, hover, pinned, drawer, scale }) {
  if (!model || !frame) return null;
  const unit = hover ?? pinned;
  const stage = model.stages.find(({ id }) => id === (unit?.stage ?? drawer)) ?? model.stages[1] ?? outputStage(model);
  const tensor = frame.tensors.get(stage.output);
  if (!tensor) return null;
  const perMap = scale === 'map' && unit !== null && stage.shape.length === 3 && stage.shape[0] > 1;
  return { name: perMap ? `${nameOf(stage)} · ${unit.channel}` : nameOf(stage), range: stageRange(model, stage, tensor, unit?.channel ?? null, scale) };
}

/** @param {HTMLElement} node @param {Range} range @param {import('../core/types.js').Palette} palette */
function paintGradient(node, range, palette) {
  const stops = Array.from({ length: STOPS }, (_, i) => `rgb(${colourOf(range.lo + ((range.hi - range.lo) * i) / (STOPS - 1), range, palette).join(' ')})`);
  node.style.backgroundImage = `linear-gradient(to right, ${stops.join(', ')})`;
}

/** What the links' colours mean, while links are shown. @param {Context} ctx */
function createLinks(ctx) {
  const gradient = h('span', { class: 'legend-gradient legend-links' });
  const words = h('span', {});
  const element = h('p', { class: 'legend-link-row', hidden: true }, gradient, words);

  /** @param {State} state */
  function update({ hover, pinned, trace, edgeColour, palette }) {
    element.hidden = !palette || (!hover && !pinned && !trace);
    if (!palette || element.hidden) return;
    paintGradient(gradient, { lo: -1, hi: 1, signed: true }, palette);
    words.textContent = ctx.t(`legend.links.${edgeColour}`);
  }

  return { element, update };
}
