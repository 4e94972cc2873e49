/**
 * The choices above the curves: steps or epochs, logarithmic, smoothing, a second run, the numbers as a table. They
 * stay for the visit, whichever training is shown.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {{axis: 'step'|'epoch', log: boolean|null, smoothing: number, table: boolean}} CurveChoice  log: null: where a loss has left all bounds.
 */
import { candidates } from '../../core/train/compared-run.js';
import { titleText } from '../../core/train/words.js';
import { pressButton, segmented, toggle } from '../controls.js';
import { h } from '../dom.js';

/** @type {CurveChoice} */
const kept = { axis: 'step', log: null, smoothing: 0, table: false };
/** The slider's steps; the strongest smoothing leaves 98 % of what was. */
const STRENGTHS = [0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98];

/** @param {Store} store @param {Context} ctx @param {(patch: Partial<CurveChoice>) => void} change */
export function createCurveTools(store, ctx, change) {
  const { t } = ctx;
  /** @param {Partial<CurveChoice>} patch */
  const set = (patch) => { Object.assign(kept, patch); change(patch); };
  const axis = segmented(t('curves.axis'), [{ value: 'step', label: t('curves.steps') }, { value: 'epoch', label: t('curves.epochs') }], (value) => set({ axis: /** @type {'step'|'epoch'} */ (value) }));
  const log = toggle(t('curves.log'), (on) => set({ log: on }));
  const smoothing = h('input', { type: 'range', class: 'range curve-smoothing', min: 0, max: STRENGTHS.length - 1, step: 1, 'aria-label': t('curves.smoothing'), on: { input: smooth } });
  const table = pressButton('grid', t('curves.table'), t('curves.table.about'), (on) => { table.show(on); set({ table: on }); });
  const other = createOtherRun(store, ctx);
  const element = h('div', { class: 'curve-tools' }, axis.element, log.element,
    h('label', { class: 'curve-smooth' }, h('span', {}, t('curves.smoothing')), smoothing), other.element, table.element);

  function smooth() {
    const strength = STRENGTHS[Number(smoothing.value)];
    smoothing.setAttribute('aria-valuetext', strength === 0 ? t('curves.smoothing.none') : String(strength));
    set({ smoothing: strength });
  }

  axis.show(kept.axis);
  table.show(kept.table);
  smoothing.value = String(STRENGTHS.indexOf(kept.smoothing));
  smoothing.setAttribute('aria-valuetext', String(kept.smoothing));
  return {
    element, choice: /** @type {Readonly<CurveChoice>} */ (kept),
    /** Is the scale logarithmic? @param {boolean} isWild  A linear one would show nothing but the last leap. */
    isLog(isWild) {
      const on = kept.log ?? isWild;
      log.show(on);
      return on;
    },
    destroy: other.destroy,
  };
}

/** Which run stands beside the shown one. @param {Store} store @param {Context} ctx */
function createOtherRun(store, { t }) {
  const input = h('select', { class: 'select', on: { change: () => store.set({ compared: input.value || null }) } });
  const element = h('label', { class: 'select-field curve-other' }, h('span', {}, t('curves.compare')), input);
  let built = '';

  function show() {
    const state = store.get();
    const runs = candidates(state);
    const key = JSON.stringify(runs.map((run) => [run.id, run.title]));
    if (key !== built) {
      built = key;
      input.replaceChildren(h('option', { value: '' }, t('curves.compare.none')), ...runs.map((run) => h('option', { value: run.id }, titleText(run, t))));
    }
    element.hidden = runs.length === 0;
    input.value = runs.some(({ id }) => id === state.compared) ? String(state.compared) : '';
  }

  const stop = store.on(['trainings', 'trainingData', 'compared'], show);
  show();
  return { element, destroy: stop };
}
