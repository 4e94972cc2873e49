/**
 * What the network says of the photograph: the five likeliest classes, or in plain words why there are none.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').State} State
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').ClassScore} ClassScore
 */
import { outputStage } from '../../core/unit/arithmetic.js';
import { percent, short } from '../../core/numbers/format.js';
import { silenceText } from '../../core/train/words.js';
import { eachFrame, h } from '../dom.js';

const SHOWN = 5;
/** With so few classes most photographs show something else. */
const FEW = 20;

/** One line: the class, its probability, and a bar behind. @param {Store} store */
function createLine(store) {
  const name = h('span', { class: 'class-name' });
  const share = h('span', { class: 'class-share num' });
  const fill = h('span', { class: 'class-fill' });
  let channel = 0;
  const button = h('button', { class: 'class-line', type: 'button', on: { click: pin } }, fill, name, share);

  function pin() {
    const { model } = store.get();
    if (model) store.set({ pinned: { stage: outputStage(model).id, channel, y: 0, x: 0 } });
  }

  /** @param {ClassScore|undefined} score @param {string} lang */
  function show(score, lang) {
    button.disabled = !score;
    name.textContent = score?.label ?? '';
    share.textContent = score ? percent(score.probability, lang) : '';
    fill.style.transform = `scaleX(${score?.probability ?? 0})`;
    channel = score?.class ?? 0;
    button.title = score ? `${score.label}: ${(score.probability * 100).toPrecision(6)} % · logit ${short(score.logit, lang)}` : '';
  }

  return { element: h('li', {}, button), show };
}

/** The key of what is said instead of classes; null where there are some, or soon will be. @param {State} state */
function reasonFor({ model, photo, pass, arrival }) {
  if (!model) return null;
  if (!photo) return 'photo.no_photo';
  if (arrival?.phase === 'failed' && !pass) return 'photo.failed';
  return pass && pass.predictions.length === 0 ? 'photo.no_classifier' : null;
}

/** @param {Store} store @param {Context} ctx */
export function createPhotoAnswer(store, { t }) {
  const lines = Array.from({ length: SHOWN }, () => createLine(store));
  const list = h('ol', { class: 'classes', 'aria-label': t('photo.classes') }, ...lines.map((line) => line.element));
  const words = h('p', { class: 'photo-words' });
  const few = h('p', { class: 'photo-few' });
  const spoken = h('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  const element = h('section', { class: 'photo-answer', 'aria-label': t('bars.title') },
    h('h2', { class: 'section-title' }, t('photo.classes')), list, words, few, spoken);

  const schedule = eachFrame(() => {
    const state = store.get();
    const reason = reasonFor(state);
    const text = silenceText(state, t) || (reason ? t(reason, { problem: state.arrival?.problem ?? '' }) : '');
    list.hidden = text !== '';
    words.hidden = text === '';
    words.textContent = text;
    const count = state.model?.classes.length ?? 0;
    few.hidden = text !== '' || count === 0 || count > FEW;
    few.textContent = t('photo.few_classes', { count });
    const top = state.pass?.predictions[0]?.top ?? [];
    lines.forEach((line, place) => line.show(top[place], state.lang));
    const said = top.slice(0, 2).map(({ label, probability }) => `${label}, ${percent(probability, state.lang)}`).join('; ');
    if (spoken.textContent !== said) spoken.textContent = said;
  });
  const stop = store.on(['model', 'pass', 'photo', 'arrival', 'trainingData', 'trainings'], schedule);
  schedule();
  return { element, destroy() { stop(); schedule.cancel(); } };
}
