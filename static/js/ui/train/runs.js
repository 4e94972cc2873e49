/**
 * The right side: what the shown training learns from and how, and the list of all trainings: choose, compare, delete.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */
import { uploadTraining } from '../../core/train/api.js';
import { createTrainingControl } from '../../core/train/control.js';
import { isOfPoints, isRangeTest } from '../../core/train/follow.js';
import { eachFrame, h } from '../dom.js';
import { createRunFacts } from './run-facts.js';
import { createPointsRuns, createRunsList } from './runs-list.js';

/** @param {Store} store @param {ViewContext} ctx */
export function createRuns(store, ctx) {
  const { t, api, notify, training: run } = ctx;
  const control = createTrainingControl(store, ctx);
  const facts = createRunFacts(store, ctx);
  const fresh = h('button', { class: 'button', type: 'button', on: { click: () => store.set({ training: null, compared: null }) } }, t('train.new'));
  const file = h('input', { type: 'file', accept: '.safetensors', hidden: true, 'aria-label': t('train.upload'), on: { change: () => { void load(file.files?.[0]); file.value = ''; } } });
  const upload = h('button', { class: 'text-button', type: 'button', title: t('train.upload.about'), on: { click: () => file.click() } }, t('train.upload'));
  const list = createRunsList(store, ctx, control);
  const points = createPointsRuns(store, ctx, control);
  const empty = h('p', { class: 'choice-about runs-empty' }, t('train.runs.none'));
  const element = h('div', { class: 'runs' }, facts.element, h('div', { class: 'section-head runs-head' }, h('h3', { class: 'section-title' }, t('train.runs')), fresh), empty, list.element, points.element, h('div', { class: 'runs-foot' }, upload, file));

  /** @param {File|undefined} chosen */
  async function load(chosen) {
    if (!chosen) return;
    try {
      const { id } = await uploadTraining(api, chosen);
      await run.list();
      store.set({ training: id });
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error), 'error');
    }
  }

  function render() {
    const { trainings, training } = store.get();
    facts.update();
    fresh.hidden = training === null;
    const shown = trainings.filter((each) => !isRangeTest(each));
    empty.hidden = shown.length > 0;
    list.show(shown.filter((each) => !isOfPoints(each)));
    points.show(shown.filter(isOfPoints));
  }

  const schedule = eachFrame(render);
  const stop = store.on(['trainings', 'training', 'trainingData', 'compared', 'models', 'lang'], schedule);
  render();
  return { element, destroy() { stop(); schedule.cancel(); control.destroy(); } };
}
