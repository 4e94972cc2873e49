/**
 * The channels beside a unit that its local response normalization divides by: their values before it, as bars.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/unit/view.js').UnitView} UnitView
 * @typedef {import('../../core/unit/neurons.js').Neuron} Neuron
 */
import { isAbort } from '../../core/api.js';
import { layerOf, magnitude } from '../../core/unit/arithmetic.js';
import { short } from '../../core/numbers/format.js';
import { h } from '../dom.js';
import { responseNorm } from '../math.js';
import { numberElement } from '../number.js';

/** @param {Store} store @param {ViewContext} ctx */
export function createResponseNeighbours(store, ctx) {
  const list = h('ol', { class: 'neighbour-bars' });
  const element = h('section', { class: 'response-neighbours', hidden: true }, h('h3', {}, ctx.t('panel.lrn')), list);
  let control = new AbortController();

  /** @param {UnitView} view @param {Neuron|null} neuron @param {string} lang */
  function update(view, neuron, lang) {
    control.abort();
    control = new AbortController();
    const step = neuron?.steps.find(({ type }) => type === 'LocalResponseNorm');
    const norm = step ? responseNorm(step.formula) : null;
    const source = step && layerOf(view.model, step.layer)?.inputs[0];
    element.hidden = !norm || !source;
    if (norm && source) void fill(view, source, norm.first, norm.last, lang, control.signal);
  }

  /** @param {UnitView} view @param {string} source @param {number} first @param {number} last @param {string} lang @param {AbortSignal} signal */
  async function fill({ model, unit }, source, first, last, lang, signal) {
    try {
      const { shape, data } = await ctx.session.layer(source, { channels: `${first}-${last}`, signal });
      if (signal.aborted) return;
      const [count, height = 1, width = 1] = shape;
      const values = Array.from({ length: count }, (_, i) => data[(i * height + unit.y) * width + unit.x]);
      const most = magnitude(values) || 1;
      list.replaceChildren(...values.map((value, i) => bar({ ...unit, channel: first + i }, value, value / most, first + i === unit.channel, lang)));
    } catch (error) {
      if (!isAbort(error) && model === store.get().model) element.hidden = true;
    }
  }

  /** @param {import('../../core/types.js').Unit} unit @param {number} value @param {number} share @param {boolean} isSelf @param {string} lang */
  function bar(unit, value, share, isSelf, lang) {
    const fill = h('span', { class: 'neighbour-fill' });
    fill.style.height = `${Math.max(0, share) * 100}%`;
    const button = h('button', { class: 'neighbour', type: 'button', 'aria-current': isSelf ? 'true' : null, title: ctx.t('panel.source.title'), on: { click: () => store.set({ pinned: unit, hover: null }) } },
      h('span', { class: 'neighbour-bar' }, fill), h('span', { class: 'neighbour-name' }, unit.channel), numberElement(value, lang, { text: short(value, lang) }));
    return h('li', {}, button);
  }

  return { element, update, destroy: () => control.abort() };
}
