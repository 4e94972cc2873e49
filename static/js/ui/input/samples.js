/** A row of real pictures for those who cannot draw, digits or what else the network has learnt: one press puts one on the pad. */
import { digitCanvas, showDigit } from './digit.js';
import { h } from '../dom.js';
import { rove } from '../roving.js';

/** @typedef {import('../../core/types.js').Sample} Sample */

/** @param {Sample} sample @returns {Uint8Array} */
export function samplePixels(sample) {
  return Uint8Array.from(atob(sample.pixels), (character) => character.charCodeAt(0));
}

/**
 * @param {import('../../core/types.js').Store} store
 * @param {import('../../core/types.js').Context} ctx
 * @param {Sample[]} samples
 * @param {(pixels: Uint8Array) => void} choose
 */
export function createSamples(store, { t }, samples, choose) {
  const { model } = store.get();
  const isDigits = model?.input.preprocessing !== 'plain';
  const entries = [...samples].sort((a, b) => a.label - b.label).map((sample) => {
    const canvas = digitCanvas(sample.width, sample.height);
    const pixels = samplePixels(sample);
    const name = isDigits ? t('samples.one', { digit: sample.label, index: sample.index }) : t('samples.one_plain', { label: model.classes[sample.label] ?? sample.label, index: sample.index });
    const button = h('button', { class: 'sample', type: 'button', 'aria-label': name, title: name, on: { click: () => choose(pixels) } }, canvas);
    return { canvas, pixels, button };
  });
  const title = t(isDigits ? 'samples.title' : 'samples.title_plain');
  const row = h('div', { class: 'sample-row', role: 'toolbar', 'aria-label': title }, ...entries.map((entry) => entry.button));
  const element = h('section', { class: 'samples', 'aria-label': title }, h('h2', { class: 'section-title' }, title), row);
  rove(row);

  const paint = () => entries.forEach(({ canvas, pixels }) => showDigit(canvas, pixels));
  const stop = store.on(['theme'], paint);
  requestAnimationFrame(paint);
  return { element, destroy: stop };
}
