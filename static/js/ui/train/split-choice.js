/** Test or training pictures: one choice for confusion and mistakes, kept for the visit. */
import { segmented } from '../controls.js';

/** @type {{split: import('../../core/train/learning-types.js').Split}} */
const kept = { split: 'test' };

/** @returns {import('../../core/train/learning-types.js').Split} */
export const presentSplit = () => kept.split;

/** @param {import('../../core/types.js').Context} ctx @param {() => void} change */
export function createSplitChoice({ t }, change) {
  const choice = segmented(t('analysis.split'), [{ value: 'test', label: t('analysis.split.test') }, { value: 'train', label: t('analysis.split.train') }], (value) => {
    kept.split = value === 'train' ? 'train' : 'test';
    change();
  });
  choice.show(kept.split);
  return { element: choice.element, update: () => choice.show(kept.split) };
}
