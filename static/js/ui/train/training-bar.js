/**
 * The slim bar below every view while the present network is one that was trained here: how far its training is, pause and
 * go on, and the same timeline as in the train view.
 */
import { accuracy, count, epochText, short } from '../../core/numbers/format.js';
import { presentTraining } from '../../core/train/follow-network.js';
import { readingOf } from '../../core/train/timeline.js';
import { changeTraining } from '../../core/train/api.js';
import { isActive } from '../../core/train/follow.js';
import { iconButton } from '../controls.js';
import { eachFrame, h } from '../dom.js';
import { icon } from '../icons.js';
import { createFilmButton, createLiveButton, createTrainingFilm } from './timeline.js';
import { createTimelineTrack } from './timeline-track.js';

const NUMBERS = /** @type {const} */ (['step', 'epoch', 'loss', 'accuracy', 'test']);
const NOTHING = '–';

/** The numbers of a moment, each with its name. @param {import('../../core/types.js').Translate} t */
function createNumbers(t) {
  const values = NUMBERS.map((name) => ({ name, value: h('dd', {}) }));
  const element = h('dl', { class: 'training-numbers' }, ...values.map(({ name, value }) => h('div', { data: { name } }, h('dt', {}, t(`timeline.bar.${name}`)), value)));
  return {
    element,
    /** @param {import('../../core/train/timeline.js').Reading} reading @param {string} lang */
    show({ step, epoch, loss, accuracy: batch, testAccuracy, testedAt }, lang) {
      const share = (/** @type {number|null} */ value) => (value === null ? NOTHING : accuracy(value, lang));
      const texts = { step: count(step, lang), epoch: epochText(epoch, lang), loss: loss === null ? NOTHING : short(loss, lang), accuracy: share(batch), test: share(testAccuracy) };
      values.forEach(({ name, value }) => {
        value.textContent = texts[name];
        value.title = name === 'test' && testAccuracy !== null && testedAt >= 0 ? t('timeline.bar.tested', { step: count(testedAt, lang) }) : '';
      });
    },
  };
}

/**
 * @param {import('../../core/types.js').Store} store @param {import('../../views.js').ViewContext} ctx
 * @returns {import('../../core/types.js').Widget}
 */
export function createTrainingBar(store, ctx) {
  const { t } = ctx;
  const film = createTrainingFilm(store, (playing) => play.show(playing));
  const play = createFilmButton(ctx, film.toggle);
  const pause = iconButton('pause', t('timeline.bar.pause'), () => void toggle(), { class: 'tool training-pause' });
  const numbers = createNumbers(t);
  const live = createLiveButton(store, ctx, film.stop);
  const track = createTimelineTrack(store, ctx, { grab: film.stop });
  const open = h('button', { class: 'text-button', type: 'button', title: t('timeline.bar.open.about'), on: { click: () => ctx.open('train') } }, t('timeline.bar.open'));
  const element = h('section', { class: 'training-bar', 'aria-label': t('timeline.bar') }, open, pause, numbers.element, play.element, track.element, live.element);

  async function toggle() {
    const training = presentTraining(store.get());
    if (!training) return;
    pause.disabled = true;
    try {
      await changeTraining(ctx.api, training.id, { state: training.state === 'paused' ? 'running' : 'paused' });
    } catch (error) {
      ctx.notify(error instanceof Error ? error.message : String(error), 'error');
    } finally {
      pause.disabled = false;
    }
  }

  function paint() {
    const { trainingMetrics, moment, lang, reducedMotion } = store.get();
    const training = presentTraining(store.get());
    element.hidden = training === null;
    document.documentElement.dataset.training = training ? 'present' : 'none';
    if (!training) return film.stop();
    film.setSlides(reducedMotion);
    const paused = training.state === 'paused';
    pause.hidden = !isActive(training);
    pause.replaceChildren(icon(paused ? 'play' : 'pause'));
    pause.title = t(paused ? 'timeline.bar.resume' : 'timeline.bar.pause');
    pause.setAttribute('aria-label', pause.title);
    element.dataset.past = String(moment !== null);
    numbers.show(readingOf(training, trainingMetrics, moment), lang);
    live.show();
  }

  const schedule = eachFrame(paint);
  const stop = store.on(['model', 'trainingData', 'trainingMetrics', 'moment', 'lang', 'reducedMotion'], schedule);
  paint();
  return {
    element,
    destroy() {
      stop();
      schedule.cancel();
      film.stop();
      track.destroy();
      document.documentElement.dataset.training = 'none';
      element.remove();
    },
  };
}
