/**
 * What helps against over-fitting, and what rarely matters.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/train/draft.js').TrainingDraft} Draft
 */
import { short } from '../../core/numbers/format.js';
import { INITIALISATIONS, PRECISIONS, problemsOf } from '../../core/train/request.js';
import { regularisationText } from '../../core/train/words.js';
import { averagingText, decayAt, placeOf, REACHES } from '../../core/train/weight-averaging.js';
import { segmented } from '../controls.js';
import { h } from '../dom.js';
import { createChoice } from '../maximize/choice.js';
import { numberInput, part, row, slider } from './fields.js';

/** @param {Store} store @param {ViewContext} ctx @param {Draft} draft */
export function createSetupRegularisation(store, { t }, draft) {
  const lang = () => store.get().lang;
  const decay = numberInput({ least: 0, most: 10 }, (value) => draft.section('optimizer', { decay: value }));
  const dropout = numberInput({ least: 0, most: 0.95, optional: true, placeholder: t('train.dropout.own') }, (value) => draft.change({ dropout: value }));
  const smoothing = slider({ least: 0, most: 0.5, step: 0.01, label: t('train.smoothing'), format: (value) => short(value, lang()) }, (value) => draft.change({ label_smoothing: value }));
  const averaging = slider({ least: 0, most: REACHES.length - 1, step: 1, label: t('train.ema'), format: (place) => averagingText(decayAt(place), t, lang()) }, (place) => draft.change({ ema_decay: decayAt(place) }));
  const patience = numberInput({ least: 1, most: 1000, whole: true, optional: true, placeholder: t('train.off') }, (value) => draft.change({ stopping: value === null ? null : { patience: value } }));
  const rows = [row(t('train.decay'), decay.element, { about: t('train.decay.about') }), row(t('train.dropout'), dropout.element, { about: t('train.dropout.about') }),
    row(t('train.smoothing'), smoothing.element, { about: t('train.smoothing.about') }),
    row(t('train.ema'), averaging.element, { about: t('train.ema.about') }), row(t('train.stopping'), patience.element, { about: t('train.stopping.about') })];
  const fold = part('regularisation', t('train.regularisation'), [h('div', { class: 'setup-rows' }, ...rows.map(({ element }) => element))]);

  return {
    element: fold.element,
    update() {
      const full = draft.full();
      const check = draft.check();
      decay.show(full.optimizer?.decay);
      dropout.show(full.dropout);
      smoothing.show(full.label_smoothing ?? 0);
      averaging.show(placeOf(full.ema_decay ?? 0));
      patience.show(full.stopping?.patience);
      rows[1].problem(problemsOf(check, 'dropout'));
      rows[3].problem(problemsOf(check, 'ema_decay'));
      fold.say(regularisationText(full, t, lang()) || t('train.none'));
    },
  };
}

/** @param {Store} _store @param {ViewContext} ctx @param {Draft} draft */
export function createSetupMore(_store, { t }, draft) {
  const title = h('input', { class: 'field-input', type: 'text', maxlength: 120, placeholder: t('train.title.own'), on: { change: () => draft.change({ title: title.value.trim() || null }) } });
  const initialisation = createChoice(t('train.initialisation'), INITIALISATIONS.map((value) => ({ value, label: t(`train.initialisation.${value}`), about: t(`train.initialisation.${value}.about`) })), (value) => draft.change({ initialisation: value }));
  const seed = numberInput({ least: 0, most: 2 ** 31 - 1, whole: true }, (value) => draft.change({ seed: value ?? 1 }));
  const precision = segmented(t('train.precision'), PRECISIONS.map((value) => ({ value, label: t(`train.precision.${value}`) })), (value) => draft.change({ precision: value }));
  const clip = numberInput({ least: 1e-6, most: 1e6, optional: true, placeholder: t('train.off') }, (value) => draft.section('optimizer', { clip: value }));
  const rows = [row(t('train.title'), title), row(t('train.initialisation'), initialisation.element), row(t('train.seed'), seed.element, { about: t('train.seed.about') }),
    row(t('train.precision'), precision.element, { about: t('train.precision.about') }), row(t('train.clip'), clip.element, { about: t('train.clip.about') })];
  const fold = part('more', t('train.more'), [h('div', { class: 'setup-rows' }, ...rows.map(({ element }) => element))]);

  return {
    element: fold.element,
    update() {
      const full = draft.full();
      if (document.activeElement !== title) title.value = draft.get().title ?? '';
      initialisation.show(/** @type {typeof INITIALISATIONS[number]} */ (full.initialisation ?? 'default'));
      seed.show(full.seed ?? 1);
      precision.show(full.precision ?? 'auto');
      clip.show(full.optimizer?.clip);
      fold.say(`${t('train.seed')} ${full.seed ?? 1}`);
    },
  };
}
