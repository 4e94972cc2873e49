/** The numbers of one filter: spread of its weights, bias, batch normalization, and the inputs that it weighs most. */
import { nameOf } from '../../core/networks/graph.js';
import { isAbort } from '../../core/api.js';
import { makerOf } from '../../core/filters/kernels.js';
import { short } from '../../core/numbers/format.js';
import { h } from '../dom.js';
import { createHistogram } from '../histogram.js';
import { numberElement } from '../number.js';

/**
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/filters/kernels.js').Filters} Filters
 */

/** The batch normalization behind a stage's filters, if there is one. @param {Filters} filters */
function normOf({ model, stage }) {
  return stage.layers.find((id) => model.layers.some((layer) => layer.id === id && layer.type.startsWith('BatchNorm')));
}

/** @param {Context} ctx @param {{openInput: (channel: number) => void}} events */
export function createFilterFacts(ctx, { openInput }) {
  const { t } = ctx;
  const spread = createHistogram(ctx);
  const more = h('dl', { class: 'filter-facts' });
  const inputs = h('ol', { class: 'filter-strongest' });
  const inputsTitle = h('h3', {});
  const element = h('section', { class: 'filter-about' }, h('h3', {}, t('filters.spread')), spread.element, more, inputsTitle, inputs);
  let control = new AbortController();

  /** @param {string} name @param {number} value @param {string} lang */
  const fact = (name, value, lang) => h('div', {}, h('dt', {}, name), h('dd', {}, numberElement(value, lang, { focusable: true })));

  /** @param {Filters} filters @param {number} channel @param {Float32Array} weights @param {string} lang */
  function show(filters, channel, weights, lang) {
    const { model, source, filters: all } = filters;
    const { norm, bias, strongest } = all[channel];
    spread.update(weights, lang);
    more.replaceChildren(fact(t('filters.norm'), norm, lang), ...(bias === null ? [] : [fact(t('filters.bias'), bias, lang)]));
    inputsTitle.textContent = t('filters.strongest', { source: nameOf(source) });
    inputs.replaceChildren(...strongest.map(({ channel: input, norm: size }) => {
      const words = [h('span', {}, `${nameOf(source)} · ${input}`), numberElement(size, lang)];
      const link = makerOf(model, source.id, input);
      return h('li', {}, link ? h('button', { class: 'link-button', type: 'button', title: t('filters.maker', { layer: link.stage, channel: link.channel }), on: { click: () => openInput(input) } }, ...words) : h('span', {}, ...words));
    }));
    void addNorm(filters, channel, lang);
  }

  /** What the batch normalization makes of the sum: times a scale, plus a shift. @param {Filters} filters @param {number} channel @param {string} lang */
  async function addNorm(filters, channel, lang) {
    control.abort();
    control = new AbortController();
    const { signal } = control;
    const layer = normOf(filters);
    if (!layer) return;
    try {
      const path = `/models/${encodeURIComponent(filters.model.id)}/layers/${encodeURIComponent(layer)}/filters/summary?strongest=0`;
      const found = (await ctx.api.json(path, { signal })).filters[channel];
      if (signal.aborted) return;
      more.append(fact(t('filters.scale'), found.mean, lang), fact(t('filters.shift'), found.bias ?? 0, lang),
        h('p', { class: 'filter-note' }, t('filters.folded', { layer, scale: short(found.mean, lang), shift: short(found.bias ?? 0, lang) })));
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  }

  return { element, show, destroy: () => control.abort() };
}
