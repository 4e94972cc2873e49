/** One filter in the list: its number, its strongest input channels as pictures (or all its weights as bars), and its statistics. */
import { nameOf } from '../../core/networks/graph.js';
import { short } from '../../core/numbers/format.js';
import { inputChannels } from '../../core/filters/kernels.js';
import { signedShort } from '../../core/unit/text.js';
import { h } from '../dom.js';
import { setNumber } from '../number.js';
import { signedPixels } from './kernel-paint.js';
import { createWeightBars } from './weight-bars.js';

/**
 * @typedef {import('../../core/filters/kernels.js').Filters} Filters
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('../../core/types.js').Translate} Translate
 * @typedef {{filters: Filters, limit: (channel: number) => number, most: number, palette: Palette, lang: string, weightsOf: (channel: number) => Float32Array|null}} Look
 */

const STRONGEST = 5;
const BARS = { width: 160, height: 44 };
const STATISTICS = /** @type {const} */ (['norm', 'mean', 'bias']);

/** @param {Translate} t @param {{open: (channel: number) => void, openInput: (channel: number) => void}} events */
export function createFilterRow(t, { open, openInput }) {
  let channel = 0;
  const name = h('button', { class: 'filter-name', type: 'button', on: { click: () => open(channel) } });
  const inputs = Array.from({ length: STRONGEST }, () => createInput(t, openInput));
  const bars = createWeightBars({ tell: (index, weight) => tellWeight(index, weight), pick: () => open(channel) });
  const numbers = STATISTICS.map((key) => ({ key, node: h('data', { class: 'num' }) }));
  const norm = h('span', { class: 'filter-norm' });
  const element = h('div', { class: 'filter-row' }, name, bars.element, h('ul', { class: 'filter-inputs' }, ...inputs.map((input) => input.element)),
    h('dl', { class: 'filter-numbers' }, ...numbers.map(({ key, node }) => h('div', {}, h('dt', {}, t(`filters.${key}`)), h('dd', {}, node))), norm));
  /** @type {Look|null} */
  let look = null;

  /** @param {number} index @param {number} weight */
  function tellWeight(index, weight) {
    if (!look) return '';
    const { filters, lang } = look;
    return t('filters.weight', { source: filters.source.id, channel: inputChannels(filters, channel)[index], value: short(weight, lang) });
  }

  /** @param {number} next @param {Look} now */
  function show(next, now) {
    channel = next;
    look = now;
    const { filters, limit, most, lang } = now;
    const summary = filters.filters[channel];
    const weights = now.weightsOf(channel);
    name.textContent = String(channel);
    name.setAttribute('aria-label', t('filters.open', { layer: nameOf(filters.stage), channel }));
    const isVector = filters.form === 'vector';
    bars.element.hidden = !isVector;
    if (isVector && weights) bars.draw(weights, limit(channel), BARS);
    bars.element.style.visibility = weights ? 'visible' : 'hidden';
    inputs.forEach((input, i) => input.show(summary.strongest[i] ?? null, channel, weights, now));
    numbers.forEach(({ key, node }) => {
      const value = summary[key];
      setNumber(node, value ?? 0, value === null ? '–' : short(value, lang));
    });
    norm.style.setProperty('--share', String(summary.norm / most));
  }

  return { element, show };
}

/** One of the strongest input channels. @param {Translate} t @param {(channel: number) => void} openInput */
function createInput(t, openInput) {
  let input = 0;
  const canvas = h('canvas', { class: 'filter-kernel', width: 1, height: 1, 'aria-hidden': 'true' });
  const [name, value] = [h('span', { class: 'filter-input-name' }), h('span', { class: 'num filter-input-value' })];
  const button = h('button', { class: 'filter-input', type: 'button', on: { click: () => openInput(input) } }, canvas, name, value);
  const element = h('li', {}, button);

  /** @param {{channel: number, norm: number}|null} strongest @param {number} channel @param {Float32Array|null} weights @param {Look} look */
  function show(strongest, channel, weights, { filters, limit, palette, lang }) {
    element.hidden = strongest === null;
    if (!strongest) return;
    input = strongest.channel;
    const at = inputChannels(filters, channel).indexOf(input);
    const isVector = filters.form === 'vector';
    name.textContent = String(input);
    canvas.hidden = isVector;
    button.dataset.tip = t('filters.input', { source: filters.source.id, channel: input, norm: short(strongest.norm, lang) });
    button.setAttribute('aria-label', button.dataset.tip);
    value.textContent = isVector && weights ? signedShort(weights[at], lang) : '';
    value.classList.toggle('is-negative', isVector && weights !== null && weights[at] < 0);
    if (!isVector && weights) drawKernel(canvas, weights, at, filters, limit(channel), palette);
  }

  return { element, show };
}

/** @param {HTMLCanvasElement} canvas @param {Float32Array} weights @param {number} at @param {Filters} filters @param {number} limit @param {Palette} palette */
function drawKernel(canvas, weights, at, { height, width }, limit, palette) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  canvas.getContext('2d')?.putImageData(new ImageData(signedPixels(weights, at, height * width, limit, palette), width, height), 0, 0);
}
