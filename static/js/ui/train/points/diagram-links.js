/**
 * The diagram's links: as thick as their weights, coloured by sign; each tells its weight, and its product for the probe.
 *
 * @typedef {import('../../../core/types.js').Store} Store
 * @typedef {import('../../../views.js').ViewContext} ViewContext
 * @typedef {import('../../../core/points/control.js').PointsControl} Control
 * @typedef {import('./sight.js').Sight} Sight
 * @typedef {{path: SVGPathElement, touch: SVGPathElement, from: number, to: number, layer: number}} Wire
 */
import { short } from '../../../core/numbers/format.js';
import { linkPath, thickness } from '../../../core/points/diagram.js';
import { s } from '../../dom.js';
import { unitName } from './names.js';

/** @param {Store} store @param {ViewContext} ctx @param {Control} control @param {Sight} sight */
export function createDiagramLinks(store, { t }, control, sight) {
  const element = s('svg', { class: 'points-links', 'aria-hidden': 'true' });
  /** @type {Wire[]} */
  let wires = [];

  /** @param {number} layer @param {number} from @param {number} to @param {boolean} isLast @returns {Wire} */
  function wire(layer, from, to, isLast) {
    const path = s('path', { class: 'points-link' });
    const touch = s('path', { class: 'points-link-touch' });
    touch.addEventListener('pointerenter', () => path.classList.add('is-hovered'));
    touch.addEventListener('pointerleave', () => path.classList.remove('is-hovered'));
    touch.addEventListener('click', () => control.change({ unit: isLast ? null : [layer, to] }));
    return { path, touch, layer, from, to };
  }

  /** @param {readonly number[]} widths  Units of each layer, inputs and answer included. */
  function build(widths) {
    const into = (/** @type {number} */ layer) => Array.from({ length: widths[layer] * widths[layer - 1] }, (_, i) => wire(layer, i % widths[layer - 1], Math.floor(i / widths[layer - 1]), layer === widths.length - 1));
    wires = widths.slice(1).flatMap((_, i) => into(i + 1));
    element.replaceChildren(...wires.map(({ path }) => path), ...wires.map(({ touch }) => touch));
  }

  /** @param {import('../../../core/points/diagram.js').Place[][]} places @param {number} size @param {{width: number, height: number}} board */
  function place(places, size, { width, height }) {
    element.setAttribute('viewBox', `0 0 ${width} ${height}`);
    for (const { path, touch, layer, from, to } of wires) [path, touch].forEach((each) => each.setAttribute('d', linkPath(places[layer - 1][from], places[layer][to], size)));
  }

  function paint() {
    const [chosenLayer, chosenUnit] = sight.unit();
    for (const each of wires) {
      const { path, layer, from, to } = each;
      const weight = control.shown().network?.layers[layer - 1]?.weights[to]?.[from];
      path.setAttribute('visibility', weight === undefined ? 'hidden' : 'visible');
      if (weight === undefined) continue;
      path.style.strokeWidth = `${thickness(weight)}px`;
      path.dataset.sign = weight < 0 ? 'negative' : 'positive';
      path.dataset.own = String(layer === chosenLayer && to === chosenUnit);
      each.touch.dataset.tip = tipOf(each, weight);
    }
  }

  /** @param {Wire} wire @param {number} weight */
  function tipOf({ layer, from, to }, weight) {
    const { lang } = store.get();
    const { network } = control.shown();
    const input = sight.probed()?.units[layer - 1]?.[from]?.[0];
    const names = `${unitName([layer - 1, from], network, t)} → ${unitName([layer, to], network, t)}`;
    return [names, `w = ${short(weight, lang)}`, input !== undefined && `${short(weight, lang)} · ${short(input, lang)} = ${short(weight * input, lang)}`].filter(Boolean).join(' · ');
  }

  return { element, build, place, paint };
}
