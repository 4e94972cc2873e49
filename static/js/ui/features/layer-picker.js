/**
 * Which layer is shown: the stages of the network in a list with a search, and beside it which layer of the stage
 * (convolution, batch norm, activation).
 *
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Model} Model
 * @typedef {import('../../core/types.js').Stage} Stage
 */
import { shape } from '../../core/numbers/format.js';
import { nameOf } from '../../core/networks/graph.js';
import { layerTitles } from '../../core/maps/stage-layers.js';
import { segmented } from '../controls.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { attachPopover } from '../popover.js';

/** @param {Context} ctx @param {(stage: string) => void} choose @param {(layer: string) => void} chooseLayer */
export function createLayerPicker({ t }, choose, chooseLayer) {
  const [name, size] = [h('span', { class: 'layer-name' }), h('small', {})];
  const button = h('button', { class: 'tool layer-button', type: 'button' }, name, ' ', size, icon('chevron'));
  const search = h('input', { class: 'field-input', type: 'search', placeholder: t('features.layer.search'), 'aria-label': t('features.layer.search'), autocomplete: 'off' });
  const list = h('div', { class: 'layer-list' });
  const popover = attachPopover(button, () => { search.value = ''; filter(); return [search, list]; }, { class: 'layer-popover', label: t('features.layer') });
  const within = h('span', { class: 'layer-within' });
  const element = h('div', { class: 'layer-picker' }, h('span', { class: 'has-popover' }, button, popover.panel), within);
  /** @type {Model|null} */
  let model = null;
  let current = '';
  let built = '';
  /** @type {(layer: string) => void} */
  let showLayer = () => {};

  function filter() {
    const text = search.value.trim().toLowerCase();
    const stages = (model?.stages ?? []).filter((stage) => `${stage.id} ${stage.name ?? ''} ${shape(stage.shape)}`.toLowerCase().includes(text));
    list.replaceChildren(...stages.map(entry), ...(stages.length === 0 ? [h('p', { class: 'hint' }, t('features.layer.none'))] : []));
  }

  /** @param {Stage} stage */
  function entry(stage) {
    const pick = () => { popover.close(); choose(stage.id); };
    const named = stage.name ? h('span', { class: 'layer-id' }, stage.id) : null;
    return h('button', { class: 'layer-entry', type: 'button', 'aria-current': stage.id === current ? 'true' : null, on: { click: pick } },
      h('span', { class: 'layer-name' }, nameOf(stage)), named, h('small', {}, shape(stage.shape)));
  }

  /** Arrow keys go through the list; Enter in the search takes the first. @param {KeyboardEvent} event */
  function walk(event) {
    const entries = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('button')]);
    if (event.key === 'Enter' && event.target === search) entries[0]?.click();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = entries.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step;
    (next < 0 ? search : entries[Math.min(next, entries.length - 1)])?.focus();
  }

  search.addEventListener('input', filter);
  popover.panel.addEventListener('keydown', walk);
  popover.panel.addEventListener('toggle', () => list.querySelector('[aria-current]')?.scrollIntoView({ block: 'center' }));

  /** @param {Model} next @param {Stage} stage */
  function buildWithin(next, stage) {
    const titles = layerTitles(next, stage);
    within.hidden = titles.length < 2;
    const choice = segmented(t('maps.layer'), titles.map(({ id, title }) => ({ value: id, label: title, title: id })), chooseLayer);
    showLayer = choice.show;
    within.replaceChildren(choice.element);
  }

  return {
    element,
    /** @param {Model} next @param {Stage} stage @param {string} layer */
    update(next, stage, layer) {
      const key = `${next.id} ${stage.id}`;
      model = next;
      current = stage.id;
      if (key !== built) {
        built = key;
        name.textContent = nameOf(stage);
        size.textContent = shape(stage.shape);
        button.title = t('features.layer.now');
        buildWithin(next, stage);
      }
      showLayer(layer);
    },
  };
}
