/**
 * "Find a good rate": the range test's curve, and its suggestion to take over.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/train/draft.js').TrainingDraft} Draft
 */
import { rangeCurve } from '../../core/train/curves.js';
import { createRangeTest } from '../../core/train/range-test.js';
import { h } from '../dom.js';
import { createRangeCurve } from './range-curve.js';

/** @param {Store} store @param {ViewContext} ctx @param {Draft} draft @param {(rate: number) => void} take */
export function createRangeFinder(store, ctx, draft, take) {
  const { t, api, training } = ctx;
  const test = createRangeTest(api, show);
  const button = h('button', { class: 'text-button', type: 'button', on: { click: start } }, t('train.range.find'));
  const words = h('p', { class: 'range-words', role: 'status' });
  const curve = createRangeCurve(store, ctx, { take });
  const element = h('div', { class: 'range-finder', hidden: true }, words, curve.element);

  async function start() {
    await test.start(draft.get());
    void training.list();
  }

  /** @param {import('../../core/train/range-test.js').RangeTest} state */
  function show({ phase, metrics, suggested, problem }) {
    element.hidden = phase === 'idle';
    button.disabled = ['sending', 'busy', 'running'].includes(phase);
    words.textContent = phase === 'failed' ? t('train.range.failed', { detail: problem }) : phase === 'done' && suggested === null ? t('train.range.none') : t(`train.range.${phase}`);
    curve.show({ ...rangeCurve(metrics), suggested });
  }

  return { element, button, destroy() { test.destroy(); curve.destroy(); } };
}
