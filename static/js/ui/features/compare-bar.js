/**
 * What stands on the other side, and what can be put there: another picture, another network, another of its layers.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Model} Model
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {ReturnType<typeof import('./other.js').createOther>} Other
 */
import { isLarge } from '../../core/session.js';
import { iconButton, select } from '../controls.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { attachPopover } from '../popover.js';
import { createLayerPicker } from './layer-picker.js';
import { createPicturePicker } from './picture-picker.js';

/** Networks that can look at the same input with weights that are here. @param {import('../../core/types.js').State} state */
function candidates({ models, model }) {
  return models.filter((each) => each.id === model?.id || (each.input.preprocessing === model?.input.preprocessing && each.weights.status === 'ready'));
}

/** @param {Store} store @param {ViewContext} ctx @param {Other} other */
export function createCompareBar(store, ctx, other) {
  const { t } = ctx;
  const pictures = createPicturePicker(store, ctx, (photo) => { popover.close(); other.choose({ photo }); });
  const same = h('button', { class: 'text-button', type: 'button', on: { click: () => { popover.close(); other.choose({ photo: null }); } } }, t('features.compare.same'));
  const name = h('span', { class: 'compare-name' });
  const button = h('button', { class: 'tool compare-picture', type: 'button', 'aria-label': t('features.compare.picture'), title: t('features.compare.picture') }, icon('image'), name);
  const popover = attachPopover(button, () => [pictures.element, same], { class: 'picture-popover', label: t('features.compare.picture') });
  const pictureBox = h('span', { class: 'has-popover' }, button, popover.panel);
  const networks = h('span', { class: 'compare-networks' });
  const picker = createLayerPicker(ctx, (stage) => other.choose({ stage, layer: null }), (layer) => other.choose({ layer }));
  const kept = h('span', { class: 'compare-kept' }, t('features.compare.kept'));
  const element = h('header', { class: 'compare-bar' }, networks, kept, picker.element, h('span', { class: 'spacer' }), pictureBox,
    iconButton('close', t('features.compare.end'), () => other.turn(false)));
  let built = '';
  /** @type {(id: string) => void} */
  let showNetwork = () => {};

  function buildNetworks() {
    const { model } = store.get();
    const list = candidates(store.get());
    const key = `${model?.id} ${list.map(({ id }) => id)}`;
    if (key === built) return;
    built = key;
    const choice = select(t('features.compare.network'), list.map(({ id, title }) => ({ value: id, label: title })),
      (id) => other.choose({ model: id === store.get().model?.id ? null : id, stage: null, layer: null }));
    showNetwork = choice.show;
    networks.replaceChildren(choice.element);
  }

  return {
    element,
    update() {
      const { model } = store.get();
      const side = other.side();
      const wish = other.wish();
      buildNetworks();
      showNetwork(wish.model ?? model?.id ?? '');
      pictureBox.hidden = !model || !isLarge(model);
      kept.hidden = !pictureBox.hidden;
      same.hidden = wish.photo === null;
      name.textContent = wish.photo ? wish.photo.name || t('photo.unnamed') : '';
      picker.element.hidden = !side || wish.model === null;
      if (side) picker.update(side.model, side.stage, side.layer.id);
    },
    destroy: pictures.destroy,
  };
}

/** The other side while nothing is chosen for it. @param {Store} store @param {ViewContext} ctx @param {Other} other */
export function createCompareEmpty(store, ctx, other) {
  const pictures = createPicturePicker(store, ctx, (photo) => other.choose({ photo }));
  const words = h('p', {}, ctx.t('features.compare.empty'));
  const element = h('div', { class: 'compare-empty' }, words, pictures.element);
  return {
    element,
    update() {
      const problem = other.problem();
      element.hidden = other.side() !== null;
      pictures.element.hidden = other.isChosen() && !problem;
      words.textContent = problem ? ctx.t('maps.error', { detail: problem }) : ctx.t(other.isChosen() ? 'features.waiting' : 'features.compare.empty');
    },
    destroy: pictures.destroy,
  };
}
