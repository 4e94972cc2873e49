/**
 * How it learns: optimizer, learning rate and its schedule with a sketch, range finder, epochs, batch.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/train/draft.js').TrainingDraft} Draft
 */
import { OPTIMIZERS, problemsOf, SCHEDULES, withOptimizer } from '../../core/train/request.js';
import { recipeText } from '../../core/train/words.js';
import { h } from '../dom.js';
import { createChoice } from '../maximize/choice.js';
import { numberInput, part, row } from './fields.js';
import { createRangeFinder } from './range-finder.js';
import { createScheduleSketch } from './schedule-sketch.js';

/** What of a schedule or an optimizer can be set, and for which. */
const SCHEDULE_FIELDS = /** @type {const} */ ([['warmup', ['one_cycle'], 0, 1], ['factor', ['step'], 0.01, 0.99], ['epochs', ['step'], 0.01, 1000]]);
const WITH_MOMENTUM = ['momentum', 'nesterov', 'rmsprop'];

/** @param {Store} store @param {ViewContext} ctx @param {Draft} draft */
export function createSetupRecipe(store, ctx, draft) {
  const { t } = ctx;
  const described = (/** @type {string} */ space, /** @type {readonly string[]} */ values) => values.map((value) => ({ value, label: t(`${space}.${value}`), about: t(`${space}.${value}.about`) }));
  const optimizer = createChoice(t('train.optimizer'), described('train.optimizer', OPTIMIZERS), (name) => draft.replace(withOptimizer(draft.get(), draft.check(), name)));
  const schedule = createChoice(t('train.schedule'), described('train.schedule', SCHEDULES), (name) => draft.section('schedule', { name }));
  const rate = numberInput({ least: 1e-9, most: 1000 }, (value) => draft.section('optimizer', { learning_rate: value }));
  const momentum = numberInput({ least: 0, most: 0.9999 }, (value) => draft.section('optimizer', { momentum: value }));
  const epochs = numberInput({ least: 0.01, most: 10_000 }, (value) => draft.change({ epochs: value }));
  const batch = numberInput({ least: 1, most: 8192, whole: true }, (value) => draft.change({ batch: value }));
  const details = SCHEDULE_FIELDS.map(([key, names, least, most]) => {
    const input = numberInput({ least, most }, (value) => draft.section('schedule', { [key]: value }));
    return { key, names: /** @type {readonly string[]} */ (names), input, row: row(t(`train.schedule.${key}`), input.element) };
  });
  const finder = createRangeFinder(store, ctx, draft, (value) => draft.section('optimizer', { learning_rate: value }));
  const sketch = createScheduleSketch(t);
  const rows = {
    optimizer: row(t('train.optimizer'), optimizer.element), learning_rate: row(t('train.rate'), h('span', { class: 'setup-pair' }, rate.element, finder.button), { about: t('train.rate.about'), wide: true }),
    momentum: row(t('train.momentum'), momentum.element, { about: t('train.momentum.about') }), schedule: row(t('train.schedule'), h('span', { class: 'setup-pair' }, schedule.element, sketch.element)),
    epochs: row(t('train.field.epochs'), epochs.element, { about: t('train.field.epochs.about') }), batch: row(t('train.field.batch'), batch.element, { about: t('train.field.batch.about') }),
  };
  const reset = h('button', { class: 'text-button', type: 'button', on: { click: () => draft.reset(['optimizer', 'schedule', 'epochs', 'batch']) } }, t('train.recipe.reset'));
  const fold = part('recipe', t('train.learning'), [h('div', { class: 'setup-rows' }, rows.optimizer.element, rows.learning_rate.element, finder.element, rows.momentum.element, rows.schedule.element,
    ...details.map((each) => each.row.element), rows.epochs.element, rows.batch.element), reset]);

  return {
    element: fold.element,
    update() {
      const full = draft.full();
      const { lang } = store.get();
      const check = draft.check();
      optimizer.show(/** @type {typeof OPTIMIZERS[number]} */ (full.optimizer?.name ?? 'adamw'));
      rate.show(full.optimizer?.learning_rate);
      momentum.show(full.optimizer?.momentum);
      rows.momentum.element.hidden = !WITH_MOMENTUM.includes(full.optimizer?.name ?? '');
      const plan = full.schedule ?? { name: /** @type {const} */ ('one_cycle') };
      schedule.show(/** @type {typeof SCHEDULES[number]} */ (plan.name));
      details.forEach(({ key, names, input, row: each }) => { each.element.hidden = !names.includes(plan.name); input.show(plan[key]); });
      sketch.show(plan, full.epochs ?? 1);
      epochs.show(full.epochs);
      batch.show(full.batch);
      rows.learning_rate.problem(problemsOf(check, 'optimizer'));
      rows.schedule.problem(problemsOf(check, 'schedule'));
      rows.epochs.problem(problemsOf(check, 'epochs'));
      rows.batch.problem(problemsOf(check, 'batch'));
      reset.hidden = !['optimizer', 'schedule', 'epochs', 'batch'].some((key) => draft.get()[/** @type {'epochs'} */ (key)] != null);
      fold.say(recipeText(full, t, lang), check?.problems.some(({ field }) => /^(optimizer|schedule|epochs|batch)/.test(field)) ? t('train.problem') : '');
    },
    destroy: () => finder.destroy(),
  };
}
