/**
 * The input that drives the unit most, as it forms or as it was kept, and what it is worth beside real pictures.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/unit/address.js').Subject} Subject
 * @typedef {import('../../core/maximize/run.js').Run} Run
 */
import { count, short } from '../../core/numbers/format.js';
import { isGoing } from '../../core/maximize/run.js';
import { strengthText, sureText } from '../../core/maximize/text.js';
import { isLarge } from '../../core/session.js';
import { createUnitMaximum, pictureIndex } from '../../core/unit/maximum.js';
import { fullNumber } from '../../core/unit/text.js';
import { eachFrame, h } from '../dom.js';
import { icon } from '../icons.js';
import { createPictures, drawPart } from '../maximize/pictures.js';

/** @param {Store} store @param {ViewContext} ctx @param {{maximize: () => void}} events */
export function createWanted(store, ctx, { maximize }) {
  const { t } = ctx;
  const canvas = h('canvas', { class: 'wanted-canvas', width: 1, height: 1, role: 'img' });
  const state = h('p', { class: 'wanted-state', role: 'status' });
  const again = h('button', { class: 'button', type: 'button', on: { click: () => maximum.start() } }, icon('play'), h('span', {}, t('maximize.start')));
  const bar = h('progress', { class: 'wanted-bar', max: 1, 'aria-label': t('maximize.progress') });
  const picture = h('div', { class: 'wanted-picture' }, canvas, h('div', { class: 'wanted-over' }, state, again), bar);
  const value = h('p', { class: 'wanted-value num', tabindex: 0 });
  const words = h('p', { class: 'unit-note' });
  const says = h('p', { class: 'unit-note' });
  const made = h('p', { class: 'unit-note' });
  const more = h('button', { class: 'link-button', type: 'button', on: { click: maximize } }, t('unit.wanted.more'));
  const element = h('section', { class: 'unit-part unit-wanted', 'aria-label': t('unit.wanted') }, h('h3', { class: 'section-title' }, t('unit.wanted')), picture, value, words, says, made, more);
  const schedule = eachFrame(render);
  const maximum = createUnitMaximum(ctx.api, schedule);
  const pictures = createPictures(ctx.api, schedule);

  /** What lies over the picture. @param {Run} run @param {boolean} empty */
  function stateText(run, empty) {
    if (run.phase === 'failed') return t('maximize.failed', { detail: run.problem ?? '' });
    if (run.phase === 'busy') return t('maximize.busy', { seconds: Math.round(run.seconds) });
    if (run.phase === 'cancelled') return empty ? t('maximize.cancelled') : '';
    if (empty && pictures.hasFailed()) return t('photo.gallery_failed');
    return empty ? t('unit.wanted.waiting') : '';
  }

  /** The strength in the end, the score on the way. @param {Run} run @param {Subject} subject @param {string} lang */
  function tell(run, subject, lang) {
    const found = run.phase === 'done' ? run.answer?.pictures[pictureIndex(run.answer, subject)] : undefined;
    const present = run.curve.at(-1)?.[1][0];
    const { value: text, words: about } = found ? strengthText(t, found, lang) : { value: present === undefined ? '' : short(present, lang), words: present === undefined ? '' : t('maximize.score.now') };
    value.textContent = text || ' ';
    value.classList.toggle('is-words', found?.state === 'silent');
    words.textContent = about;
    if (found && found.score !== null) value.dataset.full = t(`maximize.measure.${found.measure}`, { score: fullNumber(found.score) });
    else delete value.dataset.full;
    const [first] = (subject.label !== null && found?.prediction?.top) || [];
    says.textContent = first ? t('unit.wanted.says', { label: first.label, share: sureText(first.probability, lang) }) : '';
    const request = run.answer?.request;
    made.textContent = found && request ? t('unit.wanted.made', { method: t(`maximize.method.${request.method ?? 'fourier'}`), steps: count(found.steps ?? request.steps ?? 0, lang), seed: request.seed ?? 0 }) : '';
  }

  function render() {
    const run = maximum.run();
    const subject = maximum.subject();
    const { lang } = store.get();
    if (!subject) return;
    if (run.phase === 'idle' || run.phase === 'sending') pictures.clear();
    pictures.update(run, false);
    const part = pictures.parts()[run.answer && run.phase === 'done' ? pictureIndex(run.answer, subject) : 0];
    if (part) drawPart(canvas, part);
    canvas.hidden = !part;
    canvas.setAttribute('aria-label', t('unit.wanted.label', { channel: subject.label ?? subject.channel }));
    picture.classList.toggle('is-digit', !isLarge(subject.model));
    state.textContent = stateText(run, !part);
    again.hidden = !['cancelled', 'failed'].includes(run.phase);
    bar.hidden = !isGoing(run);
    if (run.steps) bar.value = run.step / run.steps;
    else bar.removeAttribute('value');
    tell(run, subject, lang);
  }

  return {
    element, canvas,
    /** @param {Subject} subject */
    show(subject) { maximum.show(subject); schedule(); },
    refresh: maximum.refresh,
    destroy() { schedule.cancel(); maximum.destroy(); pictures.destroy(); },
  };
}
