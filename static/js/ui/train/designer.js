/**
 * The layer designer: a list of layers with their sizes. What each gives, how many parameters it has and what cannot be
 * is shown as one types. Keys on a layer: Alt with an arrow key moves it, Delete removes it.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/train/draft.js').TrainingDraft} Draft
 * @typedef {import('../../core/train/types.js').Design} Design
 */
import { added, changed, moved, NEW_LAYERS, removed } from '../../core/train/designer.js';
import { compact, shape } from '../../core/numbers/format.js';
import { problemsOf, withNetwork } from '../../core/train/request.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { attachPopover } from '../popover.js';
import { createDesignerRow } from './designer-row.js';

/** @param {Store} store @param {ViewContext} ctx @param {Draft} draft */
export function createDesigner(store, { t }, draft) {
  const list = h('ol', { class: 'designer-list', 'aria-label': t('train.designer') });
  const name = h('input', { class: 'field-input designer-name', type: 'text', maxlength: 60, 'aria-label': t('train.designer.name'), on: { change: () => edit((design) => ({ ...design, name: name.value.trim() || design.name })) } });
  const ends = h('div', { class: 'designer-end' });
  const start = h('div', { class: 'designer-end' });
  const said = h('p', { class: 'visually-hidden', role: 'status' });
  const add = h('button', { class: 'button', type: 'button' }, t('train.designer.add'));
  const menu = attachPopover(add, () => [h('div', { class: 'choice-list' }, ...Object.keys(NEW_LAYERS).map((type) => h('button', { class: 'choice-entry', type: 'button', on: { click: () => { menu.close(); insert(type); } } },
    h('span', { class: 'choice-entry-name' }, t(`train.layer.${type}`)), h('span', { class: 'choice-about' }, t(`train.layer.${type}.about`)))))], { class: 'choice-popover designer-menu', label: t('train.designer.add') });
  const element = h('div', { class: 'designer' }, h('div', { class: 'designer-head' }, name, h('span', { class: 'spacer' }), h('span', { class: 'has-popover' }, add, menu.panel)),
    start, list, ends, said);
  /** @type {ReturnType<typeof createDesignerRow>[]} */
  let rows = [];
  /** The layer behind which the next one is added. */
  let at = -1;

  /** @param {(design: Design) => Design} change */
  function edit(change) {
    const { design } = draft.get();
    if (!design) return;
    draft.replace(withNetwork(draft.get(), { design: change(design) }));
    update(); // at once: the focus goes to a layer of the new list
  }

  /** @param {string} type */
  function insert(type) {
    const { length } = draft.get().design?.layers ?? [];
    const index = at >= 0 && at < length ? at + 1 : length;
    edit((design) => added(design, index, type));
    said.textContent = t('train.designer.added', { layer: t(`train.layer.${type}`), place: index + 1 });
    focus(index);
  }

  /** @param {number} index @param {-1|1} by */
  function move(index, by) {
    edit((design) => moved(design, index, by));
    focus(Math.max(0, Math.min(rows.length - 1, index + by)));
    said.textContent = t('train.designer.moved', { place: at + 1 });
  }

  /** @param {number} index */
  function remove(index) {
    edit((design) => removed(design, index));
    said.textContent = t('train.designer.removed');
    if (rows.length > 0) focus(Math.min(index, rows.length - 1));
    else add.focus();
  }

  /** @param {number} index */
  function focus(index) {
    at = index;
    rows[index]?.element.focus();
  }

  /** @param {Design} design */
  function build(design) {
    const same = rows.length === design.layers.length && rows.every((each, i) => each.type === design.layers[i].type);
    if (!same) {
      rows = design.layers.map((layer, i) => createDesignerRow(t, layer.type, {
        change: (patch) => edit((present) => changed(present, i, patch)), move: (by) => move(i, by), remove: () => remove(i), enter: () => { at = i; },
      }));
      list.replaceChildren(...rows.map((each) => each.element));
    }
    const check = draft.check();
    const infos = new Map((check?.layers ?? []).map((info) => [info.index, info]));
    rows.forEach((each, i) => each.show(design.layers[i], { place: i + 1, last: rows.length - 1, info: infos.get(i) ?? null, problems: problemsOf(check, `design.layers.${i}`), lang: store.get().lang, stale: !draft.isFresh() }));
    showEnds(design);
  }

  /** What goes in, and what the last layer gives. @param {Design} design */
  function showEnds({ layers }) {
    const { lang } = store.get();
    const check = draft.check();
    const data = draft.offer().datasets.find(({ id }) => id === draft.get().dataset?.id);
    const own = draft.full().dataset?.size;
    const input = data ? (own && data.shape.length === 3 ? [data.shape[0], own, own] : data.shape) : null;
    start.replaceChildren(h('span', { class: 'designer-id' }, t('train.designer.input')), h('span', { class: 'designer-shape' }, input ? shape(input) : ''));
    const out = check?.layers.find(({ index }) => index === layers.length);
    const total = check?.parameters ?? null;
    ends.replaceChildren(h('span', { class: 'designer-id' }, t('train.designer.out')), h('span', { class: 'designer-shape' }, out ? shape(out.output_shape) : ''),
      h('span', { class: 'designer-parameters' }, total === null ? '' : t('train.designer.total', { count: compact(total, lang) })));
    const general = (check?.problems ?? []).filter(({ field }) => field === 'design' || field === 'design.layers');
    ends.append(...general.map(({ detail }) => h('p', { class: 'setup-problem' }, icon('warning'), detail)));
  }

  function update() {
    const { design } = draft.get();
    element.hidden = !design;
    if (!design) return;
    if (document.activeElement !== name) name.value = design.name;
    build(design);
  }

  return { element, update };
}
