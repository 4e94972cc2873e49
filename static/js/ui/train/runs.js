/**
 * The right side: what the shown training learns from and how, and the list of all trainings: choose, compare, delete.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/training-types.js').Training} Training
 */
import { uploadTraining } from '../../core/training-api.js';
import { actionsOf, createTrainingControl } from '../../core/training-control.js';
import { scoreText, stateText } from '../../core/training-words.js';
import { iconButton } from '../controls.js';
import { eachFrame, h } from '../dom.js';
import { createRunFacts } from './run-facts.js';

/** @param {Store} store @param {ViewContext} ctx */
export function createRuns(store, ctx) {
  const { t, api, notify, training: run } = ctx;
  const control = createTrainingControl(store, ctx);
  const facts = createRunFacts(store, ctx);
  const fresh = h('button', { class: 'button', type: 'button', on: { click: () => store.set({ training: null, compared: null }) } }, t('train.new'));
  const file = h('input', { type: 'file', accept: '.safetensors', hidden: true, 'aria-label': t('train.upload'), on: { change: () => { void load(file.files?.[0]); file.value = ''; } } });
  const upload = h('button', { class: 'text-button', type: 'button', title: t('train.upload.about'), on: { click: () => file.click() } }, t('train.upload'));
  const list = h('ul', { class: 'runs-list' });
  const empty = h('p', { class: 'choice-about runs-empty' }, t('train.runs.none'));
  const element = h('div', { class: 'runs' }, facts.element, h('div', { class: 'section-head runs-head' }, h('h3', { class: 'section-title' }, t('train.runs')), fresh), empty, list, h('div', { class: 'runs-foot' }, upload, file));
  /** The one whose deletion was asked for once. @type {string|null} */
  let doomed = null;

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

  /** @param {string} id */
  function remove(id) {
    if (doomed === id) {
      doomed = null;
      void control.remove(id);
    } else {
      doomed = id;
      render();
    }
  }

  /** @param {string} id */
  function compare(id) {
    const { compared, training } = store.get();
    if (training === null) store.set({ training: id });
    else store.set({ compared: compared === id ? null : id });
  }

  /** @param {Training} training */
  function createRow(training) {
    const { training: shown, compared, lang } = store.get();
    const isShown = training.id === shown;
    const isCompared = training.id === compared;
    const sure = doomed === training.id;
    return h('li', { class: 'runs-row', data: { training: training.id, state: training.diverged !== null ? 'failed' : training.state } },
      h('button', { class: 'runs-choose', type: 'button', 'aria-current': isShown ? 'true' : null, on: { click: () => { doomed = null; store.set({ training: training.id, ...(isCompared && { compared: null }) }); } } },
        h('span', { class: 'runs-title' }, training.title), h('span', { class: 'runs-score' }, scoreText(training, lang)), h('span', { class: 'runs-state' }, stateText(training, t))),
      iconButton('compare', t(isCompared ? 'train.compare.stop' : 'train.compare', { title: training.title }), () => compare(training.id), { class: 'tool runs-tool', 'aria-pressed': String(isCompared), disabled: shown === null || isShown }),
      sure ? h('button', { class: 'text-button runs-sure', type: 'button', on: { click: () => remove(training.id) } }, t('train.delete.sure'))
        : iconButton('clear', t('train.delete.one', { title: training.title }), () => remove(training.id), { class: 'tool runs-tool', disabled: !actionsOf(training).remove }));
  }

  let drawn = '';
  function render() {
    const { trainings, training, compared, lang } = store.get();
    facts.update();
    fresh.hidden = training === null;
    const shown = trainings.filter(({ request }) => request.schedule?.name !== 'range');
    empty.hidden = shown.length > 0;
    const key = JSON.stringify([training, compared, lang, doomed, shown.map((each) => [each.id, each.title, each.state, each.diverged, scoreText(each, lang)])]);
    if (key === drawn) return; // the focus stays where it is while nothing changes
    drawn = key;
    const at = focusPlace();
    list.replaceChildren(...shown.map(createRow));
    if (at) /** @type {HTMLElement|undefined} */ (list.querySelector(`[data-training="${at.id}"]`)?.querySelectorAll('button')[at.place])?.focus();
  }

  /** Where the focus is in the list. */
  function focusPlace() {
    const row = /** @type {HTMLElement|null} */ (document.activeElement?.closest('.runs-row') ?? null);
    if (!row || !list.contains(row)) return null;
    return { id: row.dataset.training ?? '', place: [...row.querySelectorAll('button')].indexOf(/** @type {HTMLButtonElement} */ (document.activeElement)) };
  }

  const schedule = eachFrame(render);
  const stop = store.on(['trainings', 'training', 'trainingData', 'compared', 'models', 'lang'], schedule);
  render();
  return { element, destroy() { stop(); schedule.cancel(); control.destroy(); } };
}
