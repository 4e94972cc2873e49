/**
 * The units that this one reads, or that read it, strongest first: each with its map on the present picture, as a link to its page.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/unit/address.js').Subject} Subject
 * @typedef {import('../../core/unit/card.js').LinkedUnit} LinkedUnit
 */
import { channelOf } from '../../core/maps/channel.js';
import { short } from '../../core/numbers/format.js';
import { nameOf, shape3 } from '../../core/networks/graph.js';
import { addressOf, subjectAt } from '../../core/unit/address.js';
import { mapRange } from '../../core/unit/map.js';
import { signedShort } from '../../core/unit/text.js';
import { h } from '../dom.js';
import { createPlane } from '../plane.js';
import { unitLink } from '../unit-links.js';

const SHOWN = 8;

/** @param {Store} store @param {ViewContext} ctx @param {'before'|'after'} way */
export function createLinked(store, ctx, way) {
  const { t } = ctx;
  const list = h('ol', { class: 'linked' });
  const note = h('p', { class: 'unit-note' });
  const element = h('section', { class: `unit-part unit-${way}`, 'aria-label': t(`unit.${way}`) }, h('h3', { class: 'section-title' }, t(`unit.${way}`)), list, note);
  /** @type {{subject: Subject, plane: ReturnType<typeof createPlane>, value: HTMLElement}[]} */
  let entries = [];
  /** @type {unknown} */
  let shown = null;

  /** The stage's own output, which has a page and a map on every picture. @param {Subject} own @param {LinkedUnit} linked @returns {Subject|null} */
  function outputOf({ model }, { layer, channel }) {
    const found = subjectAt(model, { model: model.id, layer, channel });
    const address = found && addressOf(model, { stage: found.stage.id, channel });
    return address ? subjectAt(model, address) : null;
  }

  /** @param {Subject} subject @param {LinkedUnit} linked */
  function entryOf(subject, { weight, norm }) {
    const { lang } = store.get();
    const plane = createPlane();
    const [layer, channel] = [nameOf(subject.stage), subject.label ?? String(subject.channel)];
    const value = h('span', { class: 'linked-value num' });
    const link = unitLink(store, ctx, { model: subject.model.id, layer: subject.layer.id, channel: subject.channel },
      { class: 'linked-unit', data: { tip: t('unit.linked', { unit: `${layer} · ${channel}`, weight: signedShort(weight, lang), norm: short(norm, lang) }) } },
      h('span', { class: 'linked-map' }, plane.canvas), h('span', { class: 'linked-words' }, h('span', { class: 'linked-name' }, h('span', { class: 'linked-layer' }, layer), h('span', { class: 'linked-channel' }, ` · ${channel}`)), h('span', { class: `linked-weight num${weight < 0 ? ' is-negative' : ''}` }, signedShort(weight, lang)), value));
    return { subject, plane, value, element: h('li', {}, link) };
  }

  /** @param {Subject} subject @param {LinkedUnit[]|null} units  Null while they are not known. @param {string} problem */
  function show(subject, units, problem) {
    if (units !== shown) {
      shown = units;
      const built = (units ?? []).slice(0, SHOWN).flatMap((unit) => { const output = outputOf(subject, unit); return output ? [entryOf(output, unit)] : []; });
      entries = built;
      list.replaceChildren(...built.map((entry) => entry.element));
    }
    note.textContent = problem ? t('unit.linked.failed', { problem }) : units === null ? t('unit.linked.waiting') : entries.length === 0 ? t(`unit.${way}.none`) : '';
    note.hidden = note.textContent === '';
    paint();
  }

  /** What each of them makes of the present picture. */
  function paint() {
    const state = store.get();
    for (const { subject, plane, value } of entries) {
      const tensor = state.frame?.tensors.get(subject.layer.id);
      const [channels, height, width] = shape3(subject.layer.output_shape);
      const isMap = height * width > 1;
      plane.canvas.hidden = !tensor || !state.palette;
      value.textContent = '';
      if (!tensor || !state.palette) continue;
      const data = channelOf(tensor, subject.channel, channels);
      plane.draw(data, 0, height, width, mapRange(subject, data, isMap ? { ...state, scale: 'map' } : { ...state, scale: 'layer' }), state.palette);
      if (!isMap) value.textContent = short(data[0], state.lang);
    }
  }

  return { element, show };
}
