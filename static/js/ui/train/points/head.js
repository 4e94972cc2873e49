/**
 * The playground's head: start and pause, one step, one epoch, again, how fast; and where the shown network stands.
 *
 * @typedef {import('../../../core/types.js').Store} Store
 * @typedef {import('../../../views.js').ViewContext} ViewContext
 * @typedef {import('../../../core/points/control.js').PointsControl} Control
 */
import { count, percent, short } from '../../../core/numbers/format.js';
import { isGate, SPEEDS } from '../../../core/points/choice.js';
import { measure } from '../../../core/points/network.js';
import { canExtend } from '../../../core/train/control.js';
import { isActive } from '../../../core/train/follow.js';
import { iconButton } from '../../controls.js';
import { h } from '../../dom.js';
import { icon } from '../../icons.js';
import { choiceField } from './fields.js';

/** @param {Store} store @param {ViewContext} ctx @param {Control} control */
export function createPointsHead(store, ctx, control) {
  const { t } = ctx;
  const word = h('span', {});
  const play = h('button', { class: 'button button-first points-play', type: 'button', on: { click: () => void control.toggle() } }, word);
  const text = (/** @type {string} */ key, /** @type {() => void} */ click) => h('button', { class: 'tool', type: 'button', title: t(`${key}.about`), on: { click } }, t(key));
  const steps = [text('points.step', () => void control.step()), text('points.epoch', () => void control.epoch())];
  const again = iconButton('again', t('points.again'), () => void control.again());
  const reset = iconButton('reset', t('points.reset'), control.reset);
  const speed = choiceField(t('points.speed'), SPEEDS, (value) => (value === 0 ? t('points.speed.most') : t('points.speed.steps', { count: count(value, store.get().lang) })), (value) => control.change({ speed: value }));
  const learning = [play, ...steps, reset, again, speed.element];
  const element = h('header', { class: 'points-head-bar' }, ...learning);

  function update() {
    const { trainingData, training, lang } = store.get();
    const choice = control.choice();
    const data = training === null ? null : trainingData;
    const isRunning = data?.state === 'running' || data?.state === 'queued';
    const key = isRunning ? 'pause' : data && isActive(data) ? 'go_on' : data && canExtend(data) ? 'longer' : 'start';
    if (play.dataset.key !== `${key}${lang}`) {
      play.dataset.key = `${key}${lang}`;
      word.textContent = t(`points.${key}`);
      play.title = key === 'longer' ? t('points.longer.about') : '';
      play.replaceChildren(icon(isRunning ? 'pause' : 'play'), word);
    }
    element.hidden = choice.hand !== null;
    reset.disabled = training === null;
    speed.show(choice.speed);
  }

  return { element, update };
}

/** Where the shown network stands, in numbers. @param {Store} store @param {ViewContext} ctx @param {Control} control */
export function createStanding(store, { t }, control) {
  const element = h('p', { class: 'points-standing num', role: 'status', 'aria-live': 'off' });

  /** @param {'train'|'test'} split */
  function words(split) {
    const { lang } = store.get();
    const { network, points } = control.shown();
    if (split === 'test' && isGate(control.choice().set)) return ''; // the same four points
    const found = network && points ? measure(network, points[split]) : null;
    if (!found) return '';
    const right = percent(found.accuracy, lang);
    return found.loss === null ? t(`points.right.${split}`, { right }) : t(`points.loss.${split}`, { loss: short(found.loss, lang), right });
  }

  function update() {
    const { lang, trainingData, training } = store.get();
    const { step, problem } = control.shown();
    const perEpoch = trainingData?.steps_per_epoch ?? 0;
    const at = training === null || control.choice().hand ? '' : t('points.at', { step: count(step, lang), epoch: perEpoch ? short(step / perEpoch, lang) : '0' });
    const state = training !== null && trainingData ? stateWords(trainingData, t) : '';
    element.textContent = problem ?? [at, words('train'), words('test'), state].filter(Boolean).join(' · ');
    element.classList.toggle('is-problem', problem !== null);
  }

  return { element, update };
}

/** What has come of it, where it does not simply go on. @param {import('../../../core/train/types.js').Training} training @param {import('../../../core/types.js').Translate} t */
function stateWords({ state, error, diverged }, t) {
  if (state === 'failed') return error ?? t('points.state.failed');
  if (diverged !== null && diverged !== undefined) return t('points.state.diverged', { step: diverged });
  return ['queued', 'done', 'cancelled', 'interrupted'].includes(state) ? t(`points.state.${state}`) : '';
}
