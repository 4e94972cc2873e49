/** What the tooltip says of a map: its statistics, and the value under the pointer. */
import { percent, short } from '../../core/numbers/format.js';
import { deadness } from '../../core/maps/stats.js';
import { fullNumber } from '../../core/unit/text.js';
import { hasMaps, layerLabel, valueAt } from './sides.js';

/**
 * @param {import('./sides.js').FeatureSide} side @param {number} map @param {{y: number, x: number}|null} cell
 * @param {import('../../core/types.js').Translate} t @param {string} lang
 */
export function tipOf(side, map, cell, t, lang) {
  const { stats, model, stage, exact } = side;
  const about = exact ? '' : '≈ ';
  if (!hasMaps(side)) {
    const isOutput = stage === model.stages[model.stages.length - 1];
    const name = isOutput ? model.classes[map] : undefined;
    const value = valueAt(side, map, { y: 0, x: 0 });
    return [`${layerLabel(side)} · ${map}${name ? ` · ${name}` : ''}`, about + (exact ? fullNumber(value) : short(value, lang))].join('\n');
  }
  const dead = deadness(stats, map);
  const number = (/** @type {number} */ value) => about + short(value, lang);
  const lines = [
    `${layerLabel(side)} · ${map}${dead ? ` · ${t(`features.dead.${dead}`)}` : ''}`,
    t('features.tip.range', { min: number(stats.min[map]), max: number(stats.max[map]) }),
    t('features.tip.mean', { mean: number(stats.mean[map]), std: number(Math.sqrt(stats.variance[map])), zeros: percent(stats.zeros[map], lang) }),
  ];
  if (cell) lines.push(t('maps.lens.value', { ...cell, value: number(valueAt(side, map, cell)) }));
  return lines.join('\n');
}
