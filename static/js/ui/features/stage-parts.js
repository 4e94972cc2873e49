/**
 * The parts of the features view's middle, put together.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('./look.js').FeatureLook} FeatureLook
 * @typedef {import('./column.js').Under} Under
 */
import { createCodeButton } from '../code-snippets.js';
import { createConnection } from '../page/connection.js';
import { pressButton } from '../controls.js';
import { h } from '../dom.js';
import { createLegend } from '../legend.js';
import { createStageNotice } from '../stage-notice.js';
import { createUnitLinks } from '../unit-links.js';
import { createColumn } from './column.js';
import { createCompareBar, createCompareEmpty } from './compare-bar.js';
import { createEnlarged } from './enlarged.js';
import { createLayerPicker } from './layer-picker.js';
import { legendSubject } from './look.js';
import { sameShape } from './sides.js';
import { createMapControls } from './toolbar.js';

/**
 * @param {Store} store @param {ViewContext} ctx @param {FeatureLook} look
 * @param {{
 *   present: ReturnType<typeof import('./present.js').createPresent>, other: ReturnType<typeof import('./other.js').createOther>,
 *   pointing: ReturnType<typeof import('./pointing.js').createPointing>, schedule: () => void, turnCompare: (on: boolean) => void,
 * }} behind
 */
export function createStageParts(store, ctx, look, { present, other, pointing, schedule, turnCompare }) {
  const { t } = ctx;
  const picker = createLayerPicker(ctx, (stage) => store.set({ drawer: stage }), present.chooseLayer);
  const code = createCodeButton(store, ctx, () => {
    const chosen = present.choice();
    return chosen && { about: 'maps', layer: chosen.layer.id, channel: look.map };
  });
  const controls = createMapControls(ctx, (change) => { Object.assign(look.choice, change); schedule(); });
  const compare = pressButton('layers', t('features.compare'), t('features.compare.about'), turnCompare);
  const bar = createCompareBar(store, ctx, other);
  const nothing = createCompareEmpty(store, ctx, other);
  const columns = [0, 1].map((side) => createColumn(ctx, columnEvents(side)));
  const own = h('header', { class: 'compare-bar' });
  columns[0].element.prepend(own);
  columns[1].element.prepend(bar.element, nothing.element);
  const enlarged = createEnlarged(ctx, { onHover: pointing.hoverCell, onPick: pointing.pickCell, onStep: pointing.step, onClose: pointing.close, onChange: schedule }, createUnitLinks(store, ctx));
  const waiting = h('p', { class: 'map-waiting', role: 'status' });
  const legend = createLegend(store, ctx, ({ scale }) => legendSubject(look, scale));
  const connection = createConnection(store, ctx, () => ctx.session.retry());
  const notice = createStageNotice(store, ctx);
  const body = h('div', { class: 'feature-body' }, h('div', { class: 'map-columns' }, ...columns.map((column) => column.element)), enlarged.element, waiting);
  const element = h('section', { class: 'stage-side feature-stage', 'aria-label': t('maps.title') },
    h('div', { class: 'feature-toolbar' }, picker.element, h('span', { class: 'spacer' }), compare.element, code.element), controls.element, body,
    h('div', { class: 'stage-foot' }, legend.element), connection.element, notice.element);

  /** @param {number} side */
  function columnEvents(side) {
    return {
      onOpen: pointing.open,
      onActive: pointing.focus,
      onHover: (/** @type {Under|null} */ under) => pointing.hoverMap(side, under),
      onPick: (/** @type {number} */ unit) => pointing.pin(side, unit, { y: 0, x: 0 }),
      onScroll: (/** @type {number} */ top) => { if (sameShape(look.sides[0], look.sides[1])) columns[1 - side].grid.scrollTo(top); },
      onResize: schedule,
    };
  }

  /** What the comparison needs beside the maps. */
  function showCompare() {
    const isOn = other.isOn();
    compare.show(isOn);
    own.hidden = columns[1].element.hidden = !isOn;
    own.textContent = look.sides[0].title;
    bar.update();
    nothing.update();
  }

  return {
    element, body, picker, controls, columns, enlarged, waiting, legend, showCompare,
    destroy: () => [bar, nothing, legend, connection, notice, ...columns].forEach((part) => part.destroy()),
  };
}
