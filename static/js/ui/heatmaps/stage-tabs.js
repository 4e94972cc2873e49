/**
 * The stages of the network as tabs.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Model} Model
 */
import { nameOf } from '../../core/networks/graph.js';
import { shape } from '../../core/numbers/format.js';
import { h } from '../dom.js';

/** @param {Store} store @param {Context} ctx @param {string} panelId  The id of what the tabs control. */
export function createStageTabs(store, ctx, panelId) {
  const element = h('div', { class: 'stage-tabs', role: 'tablist', 'aria-label': ctx.t('maps.stages'), on: { keydown: walk } });
  /** @type {Model|null} */
  let built = null;

  /** @param {Model} model */
  function build(model) {
    built = model;
    element.replaceChildren(...model.stages.map((stage) => h('button', {
      class: 'stage-tab', type: 'button', role: 'tab', id: `${panelId}-${stage.id}`, 'aria-controls': panelId,
      on: { click: () => store.set({ drawer: stage.id }) },
    }, h('span', {}, nameOf(stage)), h('small', {}, shape(stage.shape)))));
  }

  /** @param {Model} model @param {string} selected */
  function update(model, selected) {
    if (model !== built) build(model);
    const isNew = element.dataset.selected !== selected;
    element.dataset.selected = selected;
    [...element.children].forEach((tab, i) => {
      const isSelected = model.stages[i].id === selected;
      tab.setAttribute('aria-selected', String(isSelected));
      tab.setAttribute('tabindex', isSelected ? '0' : '-1');
      if (isSelected && isNew && tab instanceof HTMLElement) reveal(tab);
    });
  }

  /** Scrolls the row of tabs (not the page) to a tab. @param {HTMLElement} tab */
  function reveal(tab) {
    const [left, right] = [tab.offsetLeft - element.offsetLeft, tab.offsetLeft - element.offsetLeft + tab.offsetWidth];
    if (left < element.scrollLeft) element.scrollLeft = left;
    else if (right > element.scrollLeft + element.clientWidth) element.scrollLeft = right - element.clientWidth;
  }

  /** Arrow keys, Home and End move along the tabs. @param {KeyboardEvent} event */
  function walk(event) {
    const tabs = /** @type {HTMLElement[]} */ ([...element.children]);
    const at = tabs.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    const index = (next + tabs.length) % tabs.length;
    tabs[index].focus();
    if (built) store.set({ drawer: built.stages[index].id });
  }

  return { element, update };
}
