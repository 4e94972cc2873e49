/**
 * What can be done with the network of a training: draw with it, maximize its units, take it away as a file, its curves as a
 * table, the same as a program, once more, delete.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */
import { metricsUrl, weightsUrl } from '../../core/train/api.js';
import { actionsOf } from '../../core/train/control.js';
import { openTrained } from '../../core/train/present.js';
import { again, openForm, otherSeed } from '../../core/train/request.js';
import { titleText } from '../../core/train/words.js';
import { createCodeButton } from '../code-snippets.js';
import { menuItem } from '../controls.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { withPopover } from '../popover.js';

/** @param {string} title */
function fileName(title) {
  return title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '').toLowerCase() || 'network';
}

/** @param {Store} store @param {ViewContext} ctx @param {import('../../core/train/control.js').TrainingControl} control */
export function createRunMenu(store, ctx, control) {
  const { t, api } = ctx;
  const draw = h('button', { class: 'tool tool-text', type: 'button', title: t('train.draw.about'), on: { click: () => openTrained(store, ctx, 'network') } }, icon('view'), h('span', {}, t('train.draw')));
  const maximize = h('button', { class: 'tool tool-text', type: 'button', title: t('train.maximize.about'), on: { click: () => openTrained(store, ctx, 'maximize') } }, icon('image'), h('span', {}, t('view.maximize')));
  const code = createCodeButton(store, ctx, () => {
    const { trainingData } = store.get();
    return trainingData ? { about: 'training', request: again(trainingData.request) } : null;
  });
  const more = withPopover(h('button', { class: 'tool tool-text run-more', type: 'button' }, h('span', {}, t('train.more_actions')), icon('chevron')), items, { class: 'menu', label: t('train.more_actions') });
  const element = h('div', { class: 'run-menu' }, draw, maximize, code.element, more.element);
  let asked = false;

  /** @param {() => void} act */
  const then = (act) => () => { more.close(); act(); };

  /** @param {string} href @param {string} name @param {string} words */
  const file = (href, name, words) => h('a', { class: 'menu-item', href, download: name, on: { click: () => more.close() } }, icon('download'), h('span', {}, words));

  function items() {
    const { trainingData: training, moment } = store.get();
    if (!training) return [];
    const name = fileName(titleText(training, t));
    asked = false;
    const remove = menuItem(t('train.delete'), () => {
      if (asked) return then(() => void control.remove(training.id))();
      asked = true;
      remove.querySelector('span')?.replaceChildren(t('train.delete.sure'));
    }, 'clear');
    remove.disabled = !actionsOf(training).remove;
    return [
      ...(training.model !== null && training.checkpoints.length > 0 ? [file(weightsUrl(api, training.id, moment ?? 'latest'), `${name}.safetensors`, t(moment === null ? 'train.download' : 'train.download.moment', { step: moment ?? 0 }))] : []),
      ...(training.step > 0 ? [file(metricsUrl(api, training.id), `${name}.csv`, t('train.csv'))] : []),
      menuItem(t('train.again'), then(() => openForm(store, training)), 'again'),
      menuItem(t('train.again.seed'), then(() => openForm(store, training, otherSeed)), 'again'),
      remove,
    ];
  }

  return {
    element,
    /** @param {import('../../core/train/types.js').Training} training */
    update({ model, state, step }) { draw.hidden = maximize.hidden = model === null || (state === 'queued' && step === 0); },
  };
}
