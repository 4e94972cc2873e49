/** Pause, go on, a step, an epoch, stop; and going on with what has ended. */
import { actionsOf } from '../../core/train/control.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';

/** @param {import('../../views.js').ViewContext} ctx @param {import('../../core/train/control.js').TrainingControl} control */
export function createControls({ t }, control) {
  /** @param {import('../icons.js').IconName} name @param {string} words @param {() => void} click @param {string} [kind] */
  const button = (name, words, click, kind = '') => h('button', { class: `button run-button ${kind}`, type: 'button', title: t(`train.${words}.about`), on: { click } }, icon(name), h('span', {}, t(`train.${words}`)));
  const pause = button('pause', 'pause', () => void control.pause(), 'run-main');
  const go = button('play', 'go', () => void control.go(), 'run-main button-first');
  const step = button('step', 'step', () => void control.advance('step'));
  const epoch = button('epoch', 'epoch', () => void control.advance('epoch'));
  const stop = button('stop', 'stop', () => void control.stop());
  const resume = button('play', 'resume', () => void control.resume(), 'run-main button-first');
  const element = h('div', { class: 'run-buttons', role: 'group', 'aria-label': t('train.controls') }, pause, go, resume, step, epoch, stop);
  /** @type {ReturnType<typeof actionsOf>|null} */
  let can = null;

  return {
    element,
    /** @param {import('../../core/train/types.js').Training} training */
    update(training) {
      const focused = element.contains(document.activeElement);
      can = actionsOf(training);
      pause.hidden = !can.pause;
      go.hidden = !can.go;
      resume.hidden = !can.resume;
      step.disabled = epoch.disabled = !can.advance;
      step.hidden = epoch.hidden = !can.rate;
      stop.hidden = !can.stop;
      element.hidden = !can.stop && !can.resume;
      if (focused && !document.activeElement?.checkVisibility()) element.querySelector(/** @type {'button'} */ ('.run-main:not([hidden])'))?.focus();
    },
    toggle() {
      if (can?.pause) void control.pause();
      else if (can?.go) void control.go();
    },
    /** @param {'step'|'epoch'} unit */
    advance(unit) { if (can?.advance) void control.advance(unit); },
  };
}
