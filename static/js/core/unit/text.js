/**
 * Units and their numbers as text: addresses, signed and full numbers, columns that add up.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Unit} Unit
 */
import { nameOf } from '../networks/graph.js';
import { outputStage, stageOf } from './arithmetic.js';
import { short } from '../numbers/format.js';

/** Whether a stage has maps with more than one position. @param {readonly number[]} shape */
export function isSpatial(shape) {
  return shape.length === 3 && shape[1] * shape[2] > 1;
}

/** `pool2 · 11 · (3,2)`; `fc1 · 45`; an output by its label: `out · 7`. @param {Model} model @param {Unit} unit */
export function unitLabel(model, unit) {
  const stage = stageOf(model, unit.stage);
  const place = stage && isSpatial(stage.shape) ? ` · (${unit.y},${unit.x})` : '';
  if (stage && stage.shape[0] === 1 && place) return `${nameOf(stage)}${place}`;
  const isOutput = stage === outputStage(model);
  return `${stage ? nameOf(stage) : unit.stage} · ${isOutput ? (model.classes[unit.channel] ?? unit.channel) : unit.channel}${place}`;
}

/** The address that URL, API and files use: `harley/tanh1/3,12,4`. @param {Model} model @param {Unit} unit */
export function unitAddress(model, unit) {
  const stage = stageOf(model, unit.stage);
  const place = stage?.shape.length === 3 ? `${unit.channel},${unit.y},${unit.x}` : String(unit.channel);
  return `${model.id}/${stage?.output ?? unit.stage}/${place}`;
}

/** Three significant digits with a plus or a minus. @param {number} value @param {string} lang */
export function signedShort(value, lang) {
  return (value > 0 ? '+' : '') + short(value, lang);
}

/** All digits that a float32 holds. @param {number} value */
export function fullNumber(value) {
  return String(Number(value.toPrecision(9))).replace('-', '−');
}

/**
 * Formats numbers for one column: as many decimals as give the largest four digits, so that the others keep some.
 * @param {readonly number[]} values @param {string} lang
 * @returns {(value: number) => string}
 */
export function columnFormat(values, lang) {
  const most = Math.max(...values.map(Math.abs), 1e-9);
  const decimals = Math.min(6, Math.max(0, 3 - Math.floor(Math.log10(most))));
  const format = new Intl.NumberFormat(lang, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return (value) => format.format(value).replace('-', '−');
}
