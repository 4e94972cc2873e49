/**
 * Rows of trainings: choose, compare, delete after a second click. The focus stays where it is while rows come and go.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/train/types.js').Training} Training
 * @typedef {import('../../core/train/control.js').TrainingControl} TrainingControl
 */
import { actionsOf } from '../../core/train/control.js';
import { isOfPoints } from '../../core/train/follow.js';
import { scoreText, stateText, titleText } from '../../core/train/words.js';
import { iconButton } from '../controls.js';
import { h } from '../dom.js';

/** @param {Store} store @param {ViewContext} ctx @param {TrainingControl} control */
export function createRunsList(store, { t }, control) {
  const element = h('ul', { class: 'runs-list' });
  /** The one whose deletion was asked for once. @type {string|null} */
  let doomed = null;
  let drawn = '';
  /** @type {Training[]} */
  let rows = [];

  /** @param {string} id */
  function remove(id) {
    if (doomed === id) void control.remove(id);
    doomed = doomed === id ? null : id;
    show(rows);
  }

  /** @param {string} id @param {boolean} isCompared */
  function choose(id, isCompared) {
    doomed = null;
    store.set({ training: id, ...(isCompared && { compared: null }) });
  }

  /** @param {Training} training */
  function createRow(training) {
    const { training: shown, trainingData, compared, lang } = store.get();
    const { id } = training;
    const [isShown, isCompared] = [id === shown, id === compared];
    const title = titleText(training, t);
    const canStandBeside = !isShown && trainingData !== null && !isOfPoints(trainingData) && !isOfPoints(training);
    return h('li', { class: 'runs-row', data: { training: id, state: training.diverged !== null ? 'failed' : training.state } },
      h('button', { class: 'runs-choose', type: 'button', 'aria-current': isShown ? 'true' : null, on: { click: () => choose(id, isCompared) } },
        h('span', { class: 'runs-title' }, title), h('span', { class: 'runs-score' }, scoreText(training, lang)), h('span', { class: 'runs-state' }, stateText(training, t))),
      trainingData && iconButton('compare', t(isCompared ? 'train.compare.stop' : 'train.compare', { title }), () => store.set({ compared: isCompared ? null : id }), { class: 'tool runs-tool', 'aria-pressed': String(isCompared), disabled: !canStandBeside }),
      doomed === id ? h('button', { class: 'text-button runs-sure', type: 'button', on: { click: () => remove(id) } }, t('train.delete.sure'))
        : iconButton('clear', t('train.delete.one', { title }), () => remove(id), { class: 'tool runs-tool', disabled: !actionsOf(training).remove }));
  }

  /** @param {Training[]} trainings */
  function show(trainings) {
    rows = trainings;
    const { training, trainingData, compared, lang } = store.get();
    const key = JSON.stringify([training, trainingData?.id, compared, lang, doomed, rows.map((each) => [each.id, each.title, each.state, each.diverged, scoreText(each, lang)])]);
    if (key === drawn) return;
    drawn = key;
    const at = focusPlace();
    element.replaceChildren(...rows.map(createRow));
    if (at) /** @type {HTMLElement|undefined} */ (element.querySelector(`[data-training="${at.id}"]`)?.querySelectorAll('button')[at.place])?.focus();
  }

  /** Where the focus is in the list. */
  function focusPlace() {
    const row = /** @type {HTMLElement|null} */ (document.activeElement?.closest('.runs-row') ?? null);
    if (!row || !element.contains(row)) return null;
    return { id: row.dataset.training ?? '', place: [...row.querySelectorAll('button')].indexOf(/** @type {HTMLButtonElement} */ (document.activeElement)) };
  }

  return { element, show };
}

/** The many short runs of the playground: folded away, unless one of them is shown. @param {Store} store @param {ViewContext} ctx @param {TrainingControl} control */
export function createPointsRuns(store, ctx, control) {
  const { t } = ctx;
  const list = createRunsList(store, ctx, control);
  const number = h('span', { class: 'num' });
  const clear = h('button', { class: 'text-button', type: 'button', on: { click: removeAll } });
  const element = h('details', { class: 'runs-points' }, h('summary', {}, h('span', { class: 'section-title' }, t('train.runs.points')), number), list.element, clear);
  /** @type {Training[]} */
  let rows = [];
  let isSure = false;
  let wasShown = false;

  async function removeAll() {
    isSure = !isSure;
    showClear();
    if (isSure) return;
    for (const training of rows) if (actionsOf(training).remove) await control.remove(training.id);
  }
  const showClear = () => { clear.textContent = t(isSure ? 'train.delete.sure' : 'train.runs.points.clear'); };
  showClear();
  element.addEventListener('toggle', () => { isSure = false; showClear(); });

  return {
    element,
    /** @param {Training[]} trainings */
    show(trainings) {
      rows = trainings;
      element.hidden = rows.length === 0;
      number.textContent = String(rows.length);
      const isShown = rows.some(({ id }) => id === store.get().training);
      if (isShown && !wasShown) element.open = true;
      wasShown = isShown;
      list.show(rows);
    },
  };
}
