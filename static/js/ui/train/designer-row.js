/**
 * One layer of the designer.
 *
 * @typedef {import('../../core/train/types.js').DesignLayer} DesignLayer
 * @typedef {import('../../core/train/types.js').DesignLayerInfo} DesignLayerInfo
 * @typedef {import('../../core/train/designer.js').Field} Field
 *
 * @typedef {object} Actions
 * @property {(patch: Record<string, unknown>) => void} change
 * @property {(by: -1|1) => void} move
 * @property {() => void} remove
 * @property {() => void} enter  The layer is looked at.
 *
 * @typedef {{place: number, last: number, info: DesignLayerInfo|null, problems: string[], lang: string, stale: boolean}} Shown
 */
import { compact, shape } from '../../core/numbers/format.js';
import { FIELDS, fieldValue } from '../../core/train/designer.js';
import { iconButton } from '../controls.js';
import { h, uid } from '../dom.js';

/** @param {import('../../core/types.js').Translate} t @param {Field} field @param {(patch: Record<string, unknown>) => void} change */
function createField(t, field, change) {
  const id = uid('layer');
  const label = h('label', { for: id, class: 'designer-label' }, t(`train.field.${field.key}`));
  if (field.kind === 'choice') {
    const input = h('select', { class: 'select', id, on: { change: () => change({ [field.key]: input.value }) } }, ...field.values.map((value) => h('option', { value }, t(`train.value.${value}`))));
    return { element: h('span', { class: 'designer-field' }, h('label', { for: id, class: 'visually-hidden' }, t(`train.field.${field.key}`)), input), show: (/** @type {unknown} */ value) => { input.value = String(value); } };
  }
  if (field.kind === 'switch') {
    const input = h('input', { type: 'checkbox', id, on: { change: () => change({ [field.key]: input.checked }) } });
    return { element: h('span', { class: 'designer-field' }, input, label), show: (/** @type {unknown} */ value) => { input.checked = value === true; } };
  }
  const optional = field.kind === 'number' && field.optional;
  let shown = '';
  const take = () => {
    const value = fieldValue(field, input.value);
    if (value !== undefined && String(value ?? '') !== shown) change({ [field.key]: value });
  };
  const input = h('input', { class: 'field-input designer-number', type: 'text', inputmode: field.kind === 'padding' ? 'text' : 'decimal', id, autocomplete: 'off', title: optional ? t('train.field.same_as_kernel') : null, on: { input: take, change: () => { take(); rest(); } } });
  const rest = () => { input.value = shown; };
  return {
    element: h('span', { class: 'designer-field' }, label, input),
    /** @param {unknown} value @param {DesignLayer} layer */
    show(value, layer) {
      if (optional) input.placeholder = String(layer.kernel ?? ''); // what holds while it is empty
      shown = value === null || value === undefined ? '' : String(value);
      if (document.activeElement !== input) rest();
    },
  };
}

/** @param {import('../../core/types.js').Translate} t @param {string} type @param {Actions} actions */
export function createDesignerRow(t, type, { change, move, remove, enter }) {
  const fields = (FIELDS[type] ?? []).map((field) => ({ key: field.key, ...createField(t, field, change) }));
  const id = h('span', { class: 'designer-id' });
  const size = h('span', { class: 'designer-shape' });
  const parameters = h('span', { class: 'designer-parameters' });
  const problem = h('p', { class: 'setup-problem', role: 'alert', hidden: true });
  const up = iconButton('chevron', t('train.designer.up'), () => move(-1), { class: 'tool designer-tool is-up' });
  const down = iconButton('chevron', t('train.designer.down'), () => move(1), { class: 'tool designer-tool' });
  const away = iconButton('close', t('train.designer.remove'), remove, { class: 'tool designer-tool' });
  const element = h('li', { class: 'designer-row', tabindex: -1, on: { focusin: enter, keydown: press } },
    id, h('div', { class: 'designer-fields' }, h('span', { class: 'designer-type' }, t(`train.layer.${type}`)), ...fields.map((field) => field.element)),
    size, parameters, h('span', { class: 'designer-tools' }, up, down, away), problem);

  /** @param {KeyboardEvent} event */
  function press(event) {
    const by = /** @type {-1|1|undefined} */ ({ ArrowUp: -1, ArrowDown: 1 }[event.key]);
    const isTyping = event.target instanceof HTMLInputElement;
    if (by && event.altKey) move(by);
    else if (by && !isTyping && !(event.target instanceof HTMLSelectElement)) walk(by);
    else if (event.key === 'Delete' && !isTyping) remove();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  /** @param {-1|1} by */
  function walk(by) {
    const other = by < 0 ? element.previousElementSibling : element.nextElementSibling;
    if (other instanceof HTMLElement) other.focus();
  }

  return {
    element, type,
    /** @param {DesignLayer} layer @param {Shown} shown */
    show(layer, { place, last, info, problems, lang, stale }) {
      fields.forEach(({ key, show }) => show(layer[key], layer));
      id.textContent = info?.id ?? '';
      size.textContent = info ? shape(info.output_shape) : '';
      parameters.textContent = info && info.parameters > 0 ? t('train.designer.parameters', { count: compact(info.parameters, lang) }) : '';
      element.setAttribute('aria-label', `${place}. ${t(`train.layer.${type}`)}${info ? `, ${shape(info.output_shape)}` : ''}`);
      element.classList.toggle('is-stale', stale);
      element.classList.toggle('has-problem', problems.length > 0);
      problem.hidden = problems.length === 0;
      problem.textContent = problems.join(' ');
      up.disabled = place === 1;
      down.disabled = place === last + 1;
    },
  };
}
