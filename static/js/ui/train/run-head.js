/**
 * The head of a shown training: its name, how far it is, the controls, the learning rate, and what happened in words.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/train/types.js').Training} Training
 */
import { createTrainingControl } from '../../core/train/control.js';
import { experimentOf } from '../../core/train/experiments.js';
import { isActive } from '../../core/train/follow.js';
import { openForm } from '../../core/train/request.js';
import { aheadOf, happenedText, isWorseThanGuessing, paceText, progressText, stateText, titleText } from '../../core/train/words.js';
import { eachFrame, h } from '../dom.js';
import { icon } from '../icons.js';
import { createControls } from './controls.js';
import { createRateSlider } from './rate-slider.js';
import { createRunMenu } from './run-menu.js';
import { createRunTitle } from './run-title.js';
import { createTrainLonger } from './train-longer.js';

/** @param {Store} store @param {ViewContext} ctx */
export function createRunHead(store, ctx) {
  const { t } = ctx;
  const control = createTrainingControl(store, ctx);
  const title = createRunTitle(ctx, (text) => void control.rename(text));
  const state = h('span', { class: 'run-state' });
  const menu = createRunMenu(store, ctx, control);
  const controls = createControls(ctx, control);
  const bar = h('progress', { class: 'run-done', max: 1, value: 0, 'aria-label': t('train.progress.label') });
  const progress = h('span', { class: 'run-progress' });
  const pace = h('span', { class: 'run-pace' });
  const rate = createRateSlider(store, ctx, control);
  const longer = createTrainLonger(store, ctx, control);
  const words = h('p', { role: 'status' });
  const retry = h('button', { class: 'text-button', type: 'button', on: { click: () => { const { trainingData } = store.get(); if (trainingData) openForm(store, trainingData); } } }, t('train.again'));
  const happened = h('div', { class: 'run-happened', hidden: true }, words, retry);
  const note = h('div', { class: 'run-note', hidden: true });
  const waiting = h('p', { class: 'run-waiting' }, t('train.waiting'));
  const body = h('div', { class: 'run-rows' }, h('div', { class: 'run-row run-where' }, state, progress, bar, pace), h('div', { class: 'run-row run-controls' }, controls.element, rate.element, longer.element), happened, note);
  const element = h('header', { class: 'run-head' }, h('div', { class: 'run-row run-title-row' }, title.element, h('span', { class: 'spacer' }), menu.element), waiting, body);
  const spoken = h('p', { class: 'visually-hidden', role: 'status' });
  element.append(spoken);
  let said = '';

  /** Says the beginning and the end, not every step. @param {Training} training */
  function say(training) {
    const key = `${training.id} ${training.state}`;
    if (key === said) return;
    if (said.startsWith(training.id)) spoken.textContent = stateText(training, t);
    said = key;
  }

  /** The experiment that it belongs to: what there is to see. @param {Training} training */
  function showNote({ request }) {
    const experiment = experimentOf(request);
    note.hidden = !experiment;
    if (!experiment || note.dataset.experiment === experiment.id) return;
    note.dataset.experiment = experiment.id;
    note.replaceChildren(icon('help'), h('p', {}, h('strong', {}, `${t(`train.experiment.${experiment.id}`)} `), t(`train.experiment.${experiment.id}.look`)));
  }

  function render() {
    const { trainingData: training, trainings, lang } = store.get();
    body.hidden = !training;
    waiting.hidden = training !== null;
    menu.element.hidden = !training;
    title.show(training ? titleText(training, t) : '');
    state.textContent = training ? stateText(training, t) : '';
    if (!training) return;
    state.dataset.state = training.diverged !== null ? 'failed' : training.state;
    controls.update(training);
    rate.update(training);
    longer.update(training);
    menu.update(training);
    bar.value = training.steps > 0 ? training.step / training.steps : 0;
    bar.hidden = !isActive(training);
    progress.textContent = progressText(training, t, lang);
    pace.textContent = paceText(training, t, lang);
    const text = happenedText(training, aheadOf(training, trainings), t, lang);
    happened.hidden = !text;
    if (words.textContent !== text) words.textContent = text;
    retry.hidden = training.diverged === null && training.state !== 'failed';
    happened.dataset.kind = training.diverged !== null || training.state === 'failed' || isWorseThanGuessing(training) ? 'problem' : 'note';
    showNote(training);
    say(training);
  }

  const schedule = eachFrame(render);
  const stop = store.on(['training', 'trainingData', 'trainings', 'lang'], schedule);
  render();
  return {
    element,
    keys: /** @type {Record<string, () => void>} */ ({ p: controls.toggle, '.': () => controls.advance('step') }),
    destroy() { stop(); schedule.cancel(); control.destroy(); },
  };
}
