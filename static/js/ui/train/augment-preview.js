/** Pictures of the data set, and what the augmentation makes of them: a sprite of the server, the newest wins. */
import { isAbort } from '../../core/api.js';
import { createLatest } from '../../core/latest.js';
import { postAugmentation } from '../../core/train/api.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';

const PAUSE = 120;
/** Data sets whose pictures are white on black: ink is dark on light here, as on the pad. */
const GREY = ['mnist', 'fashion-mnist'];

/** @param {import('../../core/types.js').Store} _store @param {import('../../views.js').ViewContext} ctx */
export function createAugmentPreview(_store, { t, api }) {
  const image = h('img', { class: 'augment-sprite', alt: t('train.augment.preview'), hidden: true });
  const words = h('p', { class: 'choice-about' }, t('train.augment.waiting'));
  const again = h('button', { class: 'tool tool-text', type: 'button', on: { click: () => { seed += 1; ask(); } } }, icon('again'), h('span', {}, t('train.augment.again')));
  const element = h('div', { class: 'augment-preview' }, image, words, again);
  let seed = 1;
  let shown = '';
  /** @type {{dataset: string, augmentation: import('../../core/train/types.js').AugmentationChoice}|null} */
  let wanted = null;

  const latest = createLatest(async (/** @type {{dataset: string, body: object}} */ { dataset, body }, signal) => {
    try {
      const blob = await postAugmentation(api, dataset, body, { signal });
      if (signal.aborted) return;
      URL.revokeObjectURL(image.src);
      image.src = URL.createObjectURL(blob);
      image.hidden = false;
      image.classList.toggle('is-grey', GREY.includes(dataset));
      words.textContent = '';
    } catch (error) {
      if (isAbort(error)) throw error;
      words.textContent = error instanceof Error ? error.message : String(error);
    }
  }, PAUSE);

  function ask() {
    if (!wanted) return;
    const body = { ...wanted.augmentation, seed };
    const key = JSON.stringify([wanted.dataset, body]);
    if (key === shown) return;
    shown = key;
    latest.push({ dataset: wanted.dataset, body });
  }

  return {
    element,
    /** @param {string} dataset @param {import('../../core/train/types.js').AugmentationChoice} augmentation */
    show(dataset, augmentation) { wanted = { dataset, augmentation }; ask(); },
    destroy() { latest.cancel(); URL.revokeObjectURL(image.src); },
  };
}
