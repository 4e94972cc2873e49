/**
 * The picture, large; of several the chosen one, with the others in a strip below. Over it lies what is waited for,
 * or what to do.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/maximize/control.js').MaximizeControl} Control
 */
import { hasWeights, isLarge } from '../../core/session.js';
import { isGoing } from '../../core/maximize/run.js';
import { subjectName } from '../../core/maximize/text.js';
import { toggle } from '../controls.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { createPictures, drawPart } from './pictures.js';

/**
 * @param {Store} store @param {ViewContext} ctx @param {Control} control
 * @param {{pick: (index: number) => void, save: () => void}} events  Another picture of the batch; its file.
 */
export function createFigure(store, ctx, control, events) {
  const { t } = ctx;
  const canvas = h('canvas', { class: 'maximize-canvas', width: 1, height: 1, role: 'img' });
  const words = h('p', { class: 'maximize-state' });
  const start = h('button', { class: 'button button-first maximize-start', type: 'button', on: { click: control.start } }, icon('play'), h('span', {}, t('maximize.start')));
  const over = h('div', { class: 'maximize-over' }, words, start);
  const strip = h('div', { class: 'maximize-strip', role: 'group', 'aria-label': t('maximize.strip') });
  const mask = toggle(t('maximize.mask'), (on) => { masked = on; update(); });
  mask.element.title = t('maximize.mask.about');
  const save = h('button', { class: 'tool tool-text', type: 'button', title: t('maximize.save.about'), on: { click: events.save } }, icon('download'), h('span', {}, t('maximize.save')));
  const foot = h('div', { class: 'maximize-foot' }, mask.element, h('span', { class: 'spacer' }), save);
  const element = h('figure', { class: 'maximize-figure' }, h('div', { class: 'maximize-picture' }, canvas, over), strip, foot);
  const pictures = createPictures(ctx.api, draw);
  /** @type {HTMLCanvasElement[]} */
  let small = [];
  let index = 0;
  let masked = false;

  function draw() {
    const parts = pictures.parts();
    const part = parts[index] ?? parts[0];
    if (part) drawPart(canvas, part);
    canvas.hidden = !part;
    element.classList.toggle('is-old', !part);
    small.forEach((each, i) => { const own = parts[i]; if (own) drawPart(each, own); });
  }

  /** @param {number} count @param {string[]} titles */
  function buildStrip(count, titles) {
    strip.hidden = count < 2;
    if (strip.childElementCount !== count) {
      small = Array.from({ length: count }, () => h('canvas', { class: 'maximize-canvas', width: 1, height: 1, 'aria-hidden': 'true' }));
      strip.replaceChildren(...small.map((each, i) => h('button', { class: 'maximize-thumb', type: 'button', on: { click: () => events.pick(i) } }, each)));
    }
    [...strip.children].forEach((button, i) => {
      button.setAttribute('aria-label', titles[i] ?? String(i + 1));
      button.setAttribute('title', titles[i] ?? '');
      button.setAttribute('aria-pressed', String(i === index));
    });
  }

  /** Why there is nothing to compute. @param {import('../../core/types.js').Model|null} model @param {boolean} hasSubject */
  function nothingText(model, hasSubject) {
    if (!model) return '';
    if (!hasWeights(model)) return t('maximize.no_weights');
    return hasSubject ? null : t('maximize.sending'); // a unit is about to be chosen
  }

  /** @param {string} phase @param {boolean} empty */
  function stateText(phase, empty) {
    const run = control.run();
    if (phase === 'failed') return t('maximize.failed', { detail: run.problem ?? '' });
    if (phase === 'busy') return t('maximize.busy', { seconds: Math.round(run.seconds) });
    if (phase === 'idle') return t('maximize.ready');
    if (phase === 'cancelled') return empty ? t('maximize.cancelled') : '';
    if (phase === 'queued') return t('maximize.queued');
    return empty && isGoing(run) ? t('maximize.sending') : '';
  }

  function update() {
    const run = control.run();
    const { model, maximize } = store.get();
    const subject = control.subject();
    if (run.phase === 'idle' || run.phase === 'sending') pictures.clear();
    pictures.update(run, masked);
    index = Math.min(index, Math.max(0, (run.answer?.pictures.length ?? 1) - 1));
    buildStrip(run.answer?.pictures.length ?? 1, run.answer?.pictures.map(({ title }) => title) ?? []);
    const empty = pictures.parts().length === 0;
    words.textContent = nothingText(model, subject !== null) ?? stateText(run.phase, empty);
    start.hidden = nothingText(model, subject !== null) !== null || !['idle', 'cancelled', 'failed'].includes(run.phase) || (run.phase === 'cancelled' && !empty);
    over.hidden = words.textContent === '' && start.hidden;
    element.classList.toggle('is-digit', model !== null && !isLarge(model));
    element.classList.toggle('is-masked', masked && run.phase === 'done');
    foot.classList.toggle('is-waiting', run.phase !== 'done');
    if (model && subject) canvas.setAttribute('aria-label', t('maximize.picture', { unit: subjectName(model, subject, maximize) }));
    draw();
  }

  return {
    element, update, canvas,
    index: () => index,
    /** @param {number} next */
    pick(next) { index = next; update(); },
    destroy: pictures.destroy,
  };
}
