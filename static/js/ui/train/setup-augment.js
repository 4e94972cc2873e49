/**
 * How pictures are changed at every step, with what it does to real ones, as one moves the sliders.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/train/draft.js').TrainingDraft} Draft
 */
import { percent, short } from '../../core/numbers/format.js';
import { augmentationText } from '../../core/train/words.js';
import { toggle } from '../controls.js';
import { h } from '../dom.js';
import { createAugmentPreview } from './augment-preview.js';
import { part, row, slider } from './fields.js';

/** Kind, most, step, unit: as far as it makes sense for pictures. */
const KINDS = /** @type {const} */ ([
  ['shift', 8, 0.5, 'pixels'], ['rotation', 45, 1, 'degrees'], ['shear', 30, 1, 'degrees'], ['scale', 0.5, 0.05, 'share'],
  ['elastic', 3, 0.1, 'pixels'], ['stroke', 1, 0.1, 'pixels'], ['brightness', 0.8, 0.05, 'share'], ['noise', 0.5, 0.05, 'deviation'],
]);

/** @param {Store} store @param {ViewContext} ctx @param {Draft} draft */
export function createSetupAugment(store, ctx, draft) {
  const { t } = ctx;
  const format = (/** @type {number} */ value, /** @type {string} */ unit) => {
    const { lang } = store.get();
    if (value === 0) return t('train.off');
    return unit === 'share' ? `±${percent(value, lang)}` : unit === 'degrees' ? `±${short(value, lang)}°` : unit === 'pixels' ? `±${short(value, lang)} px` : short(value, lang);
  };
  const sliders = KINDS.map(([kind, most, step, unit]) => ({
    kind, control: slider({ least: 0, most, step, label: t(`train.augment.${kind}`), format: (value) => format(value, unit) }, (value) => draft.section('augmentation', { [kind]: value })),
  }));
  const flip = toggle(t('train.augment.flip'), (on) => draft.section('augmentation', { flip: on }));
  const preview = createAugmentPreview(store, ctx);
  const reset = h('button', { class: 'text-button', type: 'button', on: { click: () => draft.reset(['augmentation']) } }, t('train.recipe.reset'));
  const none = h('button', { class: 'text-button', type: 'button', on: { click: () => draft.change({ augmentation: {} }) } }, t('train.augment.off'));
  const fold = part('augmentation', t('train.augmentation'), [h('p', { class: 'setup-note' }, t('train.augmentation.about')), preview.element,
    h('div', { class: 'setup-rows' }, ...sliders.map(({ kind, control }) => row(t(`train.augment.${kind}`), control.element).element), flip.element), h('div', { class: 'setup-links' }, none, reset)]);
  fold.element.addEventListener('toggle', showPreview);

  function showPreview() {
    const { augmentation, dataset } = draft.full();
    if (/** @type {HTMLDetailsElement} */ (fold.element).open && dataset) preview.show(dataset.id, augmentation ?? {});
  }

  return {
    element: fold.element,
    update() {
      const full = draft.full();
      fold.element.hidden = full.dataset?.id === 'points';
      sliders.forEach(({ kind, control }) => control.show(Number(full.augmentation?.[kind] ?? 0)));
      flip.show(full.augmentation?.flip === true);
      reset.hidden = !draft.get().augmentation;
      fold.say(augmentationText(full, t));
      showPreview();
    },
    destroy: preview.destroy,
  };
}
