/**
 * What the plane's colours mean, and how it is drawn: two colours only, test points.
 *
 * @typedef {import('../../../core/types.js').Store} Store
 * @typedef {import('../../../views.js').ViewContext} ViewContext
 * @typedef {import('../../../core/points/control.js').PointsControl} Control
 * @typedef {import('./sight.js').Sight} Sight
 */
import { colourOf } from '../../../core/numbers/colormap.js';
import { short } from '../../../core/numbers/format.js';
import { isGate } from '../../../core/points/choice.js';
import { classColour } from '../../../core/points/surface.js';
import { toggle } from '../../controls.js';
import { h } from '../../dom.js';
import { unitName } from './names.js';

const STOPS = 17;

/** @param {Store} store @param {ViewContext} ctx @param {Control} control @param {Sight} sight */
export function createPlaneLegend(store, { t }, control, sight) {
  const name = h('p', { class: 'points-legend-name' });
  const gradient = h('span', { class: 'legend-gradient', role: 'img' });
  const ends = [0, 1, 2].map(() => h('span', { class: 'num' }));
  const discretise = toggle(t('points.discretise'), (on) => control.change({ discretise: on }));
  const showTest = toggle(t('points.show_test'), (on) => control.change({ showTest: on }));
  const keys = [0, 1].map((label) => h('span', { class: 'points-class' }, h('i', {}), t('points.class', { label })));
  const back = h('button', { class: 'text-button', type: 'button', on: { click: () => control.change({ unit: null }) } }, t('points.to_answer'));
  const clear = h('button', { class: 'text-button', type: 'button', on: { click: () => control.change({ probe: null }) } }, t('points.probe.clear'));
  const element = h('div', { class: 'points-legend' },
    h('div', { class: 'points-legend-row' }, name, back),
    gradient, h('div', { class: 'legend-ends' }, ...ends),
    h('div', { class: 'points-legend-row' }, ...keys, discretise.element, showTest.element, clear));

  function update() {
    const { palette, lang } = store.get();
    const surface = sight.large();
    const choice = control.choice();
    discretise.show(choice.discretise);
    showTest.show(choice.showTest);
    showTest.element.hidden = isGate(choice.set) || (control.shown().points?.test.length ?? 0) === 0;
    back.hidden = choice.unit === null;
    clear.hidden = choice.probe === null;
    name.textContent = t('points.shown', { unit: unitName(sight.unit(), control.shown().network, t) });
    if (!palette || !surface) return;
    const { range } = surface;
    const stops = Array.from({ length: STOPS }, (_, i) => `rgb(${colourOf(range.lo + ((range.hi - range.lo) * i) / (STOPS - 1), range, palette).join(' ')})`);
    gradient.style.backgroundImage = `linear-gradient(to right, ${stops.join(', ')})`;
    gradient.setAttribute('aria-label', `${short(range.lo, lang)} … ${short(range.hi, lang)}`);
    [range.lo, range.signed ? (range.lo + range.hi) / 2 : null, range.hi].forEach((value, i) => { ends[i].textContent = value === null ? '' : short(value, lang); });
    keys.forEach((key, label) => { /** @type {HTMLElement} */ (key.firstElementChild).style.backgroundColor = classColour(label, palette); });
  }

  return { element, update };
}
