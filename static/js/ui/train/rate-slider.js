/** The learning rate while it runs: a slider on which equal ways are equal factors. */
import { placeOf, rateAt, STEPS } from '../../core/train/rate-scale.js';
import { actionsOf } from '../../core/train/control.js';
import { isRangeTest } from '../../core/train/follow.js';
import { baseRate, rateText } from '../../core/train/words.js';
import { h, uid } from '../dom.js';

/** @param {import('../../core/types.js').Store} store @param {import('../../views.js').ViewContext} ctx @param {import('../../core/train/control.js').TrainingControl} control */
export function createRateSlider(store, { t }, control) {
  const id = uid('rate');
  const input = h('input', { class: 'range', type: 'range', id, min: 0, max: STEPS, step: 1, on: { input: move } });
  const value = h('output', { class: 'rate-value', for: id });
  const now = h('span', { class: 'rate-now' });
  const element = h('div', { class: 'rate', title: t('train.rate.live') }, h('label', { for: id }, t('train.rate')), input, value, now);
  /** What was chosen here; it holds from the next step on, which may be long in coming. @type {{training: string, rate: number}|null} */
  let wanted = null;

  /** @param {number} rate */
  function tell(rate) {
    const text = rateText(rate, store.get().lang);
    value.textContent = text;
    input.setAttribute('aria-valuetext', text);
  }

  function move() {
    const rate = rateAt(Number(input.value));
    wanted = { training: store.get().training ?? '', rate };
    tell(rate);
    control.rate(rate);
  }

  return {
    element,
    /** @param {import('../../core/train/types.js').Training} training */
    update(training) {
      const rate = baseRate(training);
      element.hidden = rate === null || isRangeTest(training) || !actionsOf(training).rate;
      if (rate === null) return;
      if (wanted && (wanted.training !== training.id || wanted.rate === rate)) wanted = null;
      if (!wanted) {
        input.value = String(placeOf(rate));
        tell(rate);
      }
      const present = training.learning_rate;
      const isSame = present === null || Math.abs(present / rate - 1) < 0.01;
      now.textContent = isSame ? '' : t('train.rate.now', { rate: rateText(Number(present.toPrecision(2)), store.get().lang) });
    },
  };
}
