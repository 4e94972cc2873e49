/** What is true of the unit whatever the picture: what it sees, its numbers, its formula; and what made pictures cannot say. */
import { isAverage, isMaximum, isMinimum } from '../../core/unit/edges.js';
import { count, shape, short } from '../../core/numbers/format.js';
import { nodeOf } from '../../core/networks/graph.js';
import { h } from '../dom.js';
import { activationFormula, formula, fraction, mi, mn, mo, primed, row, sigma, sub } from '../math.js';
import { PAPERS } from '../maximize/panel.js';

/**
 * @typedef {import('../../core/unit/address.js').Subject} Subject
 * @typedef {import('../../core/unit/card.js').UnitCard} UnitCard
 */

const SAME = /^(Dropout|Flatten|Identity)/;

/** @param {import('../../views.js').ViewContext} ctx @param {{arithmetic: () => void}} events */
export function createUnitFacts({ t }, { arithmetic }) {
  const list = h('dl', { class: 'unit-facts' });
  const formulas = h('div', { class: 'formulas' });
  const link = h('button', { class: 'link-button', type: 'button', on: { click: arithmetic } }, t('unit.arithmetic'));
  const papers = PAPERS.flatMap(([name, href], i) => [i ? ' · ' : '', h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, name)]);
  const element = h('div', { class: 'unit-foot' },
    h('section', { class: 'unit-part', 'aria-label': t('unit.facts') }, h('h3', { class: 'section-title' }, t('unit.facts')), list),
    h('section', { class: 'unit-part', 'aria-label': t('unit.formula') }, h('h3', { class: 'section-title' }, t('unit.formula')), formulas, link),
    h('section', { class: 'unit-part maximize-caveat', 'aria-label': t('maximize.caveat.title') }, h('h3', { class: 'section-title' }, t('maximize.caveat.title')), h('p', {}, t('maximize.caveat')), h('p', {}, ...papers)));
  /** @type {unknown[]} */
  let shown = [];

  /** @param {Subject} subject @param {UnitCard|null} card @param {string} lang */
  function update(subject, card, lang) {
    const key = [subject.layer, subject.channel, card, lang];
    if (key.every((part, i) => part === shown[i])) return;
    shown = key;
    list.replaceChildren(...factsOf(subject, card, lang).map(([name, value]) => h('div', {}, h('dt', {}, t(`unit.fact.${name}`)), h('dd', {}, value))));
    formulas.replaceChildren(...formulasOf(subject, card));
  }

  /** @param {Subject} subject @param {UnitCard|null} card @param {string} lang @returns {[string, string][]} */
  function factsOf({ model, stage, layer, channel, shape: [, height, width] }, card, lang) {
    const { receptive_field: { size, jump } } = layer;
    const isMap = height * width > 1;
    const seen = size.map((side, axis) => Math.min(side, model.input.shape[axis + 1]));
    const node = nodeOf(model, stage.id);
    const entries = card?.kernel_shape?.slice(1).reduce((product, side) => product * side, 1) ?? 0;
    const weights = node.layer.connections ? fanIn(node, channel) : entries; // a sparse table has no weights but for its connections
    /** @type {[string, string|null][]} */
    const facts = [
      ['field', t('unit.field', { size: shape(seen), input: shape(model.input.shape.slice(1)) })],
      ['step', isMap ? t('unit.step', { step: shape(jump) }) : null],
      ['map', isMap ? t('unit.map', { size: `${height} × ${width}` }) : null],
      ['parameters', !card ? null : weights > 0 ? (card.bias === null ? count(weights, lang) : t('unit.parameters', { weights: count(weights, lang) })) : t('unit.parameters.none')],
      ['bias', card && card.bias !== null ? short(card.bias, lang) : null],
      ['weights', card ? `${card.weights.source} · ${card.weights.sha256.slice(0, 8)}` : null],
    ];
    return /** @type {[string, string][]} */ (facts.filter(([, value]) => value !== null));
  }

  return { element, update };
}

/** How the value comes from what the unit reads, step by step. @param {Subject} subject @param {UnitCard|null} card @returns {Element[]} */
function formulasOf({ model, stage, layer, channel }, card) {
  const node = nodeOf(model, stage.id);
  const last = stage.layers.indexOf(layer.id);
  const types = stage.layers.filter((id, i) => id !== stage.id && (last < 0 || i <= last)).map((id) => model.layers.find((each) => each.id === id)?.type ?? '').filter((type) => type && !SAME.test(type));
  const first = formula(mi(types.length ? 'z' : 'a'), mo('='), ...gathered(node, channel, card));
  return [first, ...types.map((type, i) => {
    const x = primed('z', i);
    const applied = /^BatchNorm/.test(type) ? row(mi('γ'), fraction(row(x, mo('−'), mi('μ')), mi('σ')), mo('+'), mi('β')) : activationFormula(type, x, 'en') ?? row(mi(type), mo('('), x, mo(')'));
    return formula(i === types.length - 1 ? mi('a') : primed('z', i + 1), mo('='), applied);
  })];
}

/** How many inputs one unit sums up, padding counted. @param {import('../../core/networks/graph.js').Node} node @param {number} channel */
function fanIn({ layer, sources }, channel) {
  const source = sources[0];
  if (!layer.kernel_size) return source.stage.units;
  if (layer.type === 'Subsample') return layer.kernel_size[0] * layer.kernel_size[1]; // of its own channel
  const channels = layer.connections ? layer.connections[channel].length : source.shape[0] / (layer.groups ?? 1);
  return channels * layer.kernel_size[0] * layer.kernel_size[1];
}

/** @param {import('../../core/networks/graph.js').Node} node @param {number} channel @param {UnitCard|null} card @returns {Node[]} */
function gathered(node, channel, card) {
  const { layer, sources } = node;
  if (layer.role === 'merge') {
    const isSum = sources.every(({ stage }) => stage.units === node.stage.units);
    return isSum ? sources.flatMap((_, i) => [...(i ? [mo('+')] : []), sub('x', String(i + 1))]) : [mi('x')];
  }
  const area = (layer.kernel_size ?? [1, 1])[0] * (layer.kernel_size ?? [1, 1])[1];
  if (isMaximum(node)) return [mi(isMinimum(node) ? 'min' : 'max'), mo('('), sub('x', '1'), mo(','), mi('…'), mo(','), sub('x', String(area)), mo(')')];
  if (isAverage(node)) return [fraction(1, mn(area)), sigma(area), sub('x', 'i')];
  return [sigma(fanIn(node, channel)), sub('w', 'i'), sub('x', 'i'), ...(card && card.bias === null ? [] : [mo('+'), mi('b')])];
}
