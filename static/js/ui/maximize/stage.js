/**
 * The middle of the maximize view: which unit, how, the picture as it forms, what came of it, and earlier results.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/maximize/control.js').MaximizeControl} Control
 */
import { nameOf } from '../../core/networks/graph.js';
import { stageOf } from '../../core/unit/arithmetic.js';
import { pictureCount, requestOf, takesLayer, takesPicture } from '../../core/maximize/request.js';
import { createCodeButton } from '../code-snippets.js';
import { createLayerPicker } from '../features/layer-picker.js';
import { eachFrame, h } from '../dom.js';
import { createAnswer } from './answer.js';
import { createChoices } from './choices.js';
import { createFigure } from './figure.js';
import { createHistory } from './history.js';
import { createIdeas } from './ideas.js';
import { createProgress } from './progress.js';
import { createSheetBoard } from './sheet.js';
import { saveResult, sendToInput } from './take.js';
import { createUnitPicker } from './unit-picker.js';

/** @param {Store} store @param {ViewContext} ctx @param {Control} control */
export function createMaximizeStage(store, ctx, control) {
  const { t } = ctx;
  const layers = createLayerPicker(ctx, chooseStage, (layer) => control.choose({ layer: layer === control.subject()?.stage.output ? null : layer }));
  const units = createUnitPicker(ctx, t('maximize.unit'), chooseUnit);
  const choices = createChoices(store, ctx, control);
  const ideas = createIdeas(store, ctx);
  const figure = createFigure(store, ctx, control, {
    pick: (next) => { figure.pick(next); render(); },
    save: () => void saveResult(store, ctx, control, figure.index()),
  });
  const answer = createAnswer(store, ctx, control, {
    send: () => void sendToInput(store, ctx, control, figure.index()),
  });
  const progress = createProgress(store, ctx, control);
  const history = createHistory(store, ctx, control.recall);
  const code = createCodeButton(store, ctx, question);
  const bar = h('header', { class: 'maximize-bar' }, layers.element, units.element, h('span', { class: 'spacer' }), code.element);
  const side = h('div', { class: 'maximize-side' }, answer.element, progress.element);
  const element = h('div', { class: 'maximize-stage' }, bar, choices.element, ideas.element, h('div', { class: 'maximize-body' }, figure.element, side), history.element);
  const sheet = createSheetBoard(store, ctx, control, { scroller: element, choose: (channel) => { chooseUnit(channel); showPicture(); } });
  element.append(sheet.element);

  /** From the sheet back to the picture. */
  function showPicture() {
    bar.scrollIntoView({ block: 'nearest', behavior: store.get().reducedMotion ? 'auto' : 'smooth' });
  }

  /** @param {string} id */
  function chooseStage(id) {
    const { model, maximize } = store.get();
    const stage = model && stageOf(model, id);
    const subject = control.subject();
    if (!model || !stage || stage === model.stages[0]) return;
    const channel = Math.min(subject?.channel ?? 0, stage.shape[0] - 1);
    const [, height = 1, width = 1] = stage.shape;
    store.set({ pinned: { stage: id, channel, y: height >> 1, x: width >> 1 }, drawer: id, maximize: { ...maximize, layer: null, other: null } });
  }

  /** @param {number} channel */
  function chooseUnit(channel) {
    const { pinned } = store.get();
    if (pinned) store.set({ pinned: { ...pinned, channel } });
  }

  /** What a program would ask for. @returns {import('../../core/snippets.js').Question|null} */
  function question() {
    const { maximize } = store.get();
    const subject = control.subject();
    if (!subject) return null;
    return { about: 'maximization', request: requestOf(maximize, subject, takesPicture(maximize) ? '' : null), pictures: pictureCount(maximize) };
  }

  function render() {
    const { model, maximize, lang } = store.get();
    const subject = control.subject();
    element.classList.toggle('is-empty', !subject);
    if (model && subject) {
      layers.update(model, subject.stage, subject.layer);
      units.update(model, subject, subject.channel, lang);
      units.element.hidden = takesLayer(maximize);
      bar.setAttribute('aria-label', nameOf(subject.stage));
    }
    choices.update();
    ideas.update();
    figure.update();
    answer.update(figure.index());
    progress.update(figure.index());
    history.update();
  }

  const schedule = eachFrame(render);
  const stops = [control.on(schedule), store.on(['model', 'pinned', 'maximize', 'maximized', 'lang', 'theme'], schedule)];
  schedule();
  return {
    element,
    step: units.step,
    exportPng: () => saveBlob(),
    destroy() { stops.forEach((stop) => stop()); schedule.cancel(); figure.destroy(); sheet.destroy(); },
  };

  /** The shown picture as the server's file. */
  async function saveBlob() {
    const picture = control.run().answer?.pictures[figure.index()];
    if (!picture) throw new Error('There is no picture yet.');
    return ctx.api.file(picture.href);
  }
}
