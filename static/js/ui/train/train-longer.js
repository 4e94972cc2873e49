/** "Train longer": more epochs for a training that has ended, and where its learning rate begins again. */
import { canExtend, rateAfter } from '../../core/train/control.js';
import { baseRate, rateText } from '../../core/train/words.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';

const EPOCHS = [1, 2, 5, 10, 20, 50, 100];

/** @param {import('../../core/types.js').Store} store @param {import('../../views.js').ViewContext} ctx @param {import('../../core/train/control.js').TrainingControl} control */
export function createTrainLonger(store, { t }, control) {
  let more = 2;
  const choice = h('select', { class: 'select', 'aria-label': t('train.longer.epochs'), on: { change: choose } },
    ...EPOCHS.map((epochs) => h('option', { value: String(epochs), selected: epochs === more }, t(epochs === 1 ? 'train.longer.one' : 'train.longer.more', { count: epochs }))));
  const button = h('button', { class: 'button run-button run-main', type: 'button', title: t('train.longer.about'), on: { click: () => void control.extend(more) } }, icon('play'), h('span', {}, t('train.longer')));
  const words = h('span', { class: 'longer-rate', data: { tip: t('train.longer.rate.about') } });
  const element = h('div', { class: 'run-longer', role: 'group', 'aria-label': t('train.longer') }, button, choice, words);

  function choose() {
    more = Number(choice.value);
    const { trainingData } = store.get();
    if (trainingData) update(trainingData);
  }

  /** @param {import('../../core/train/types.js').Training} training */
  function update(training) {
    element.hidden = !canExtend(training);
    if (element.hidden) return;
    const [base, rate] = [baseRate(training), rateAfter(training, more)];
    const isScheduled = rate !== null && base !== null && training.request.schedule?.name !== 'constant';
    words.textContent = isScheduled ? t('train.longer.rate', { rate: rateText(Number(rate.toPrecision(2)), store.get().lang) }) : '';
  }

  return { element, update };
}
