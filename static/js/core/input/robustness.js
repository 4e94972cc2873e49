/**
 * The probability curve over one slider: what is asked of the server and what is made of the answers.
 *
 * @typedef {import('../types.js').Prediction} Prediction
 * @typedef {import('../types.js').Transform} Transform
 * @typedef {{key: keyof Transform, min: number, max: number, step: number}} Slider
 */
import { sweep } from './image.js';

export const SLIDERS = Object.freeze(/** @type {Slider[]} */ ([
  { key: 'dx', min: -10, max: 10, step: 0.5 },
  { key: 'dy', min: -10, max: 10, step: 0.5 },
  { key: 'rotate', min: -90, max: 90, step: 3 },
  { key: 'scale', min: 0.4, max: 1.6, step: 0.05 },
  { key: 'noise', min: 0, max: 0.8, step: 0.02 },
  { key: 'stroke', min: -1.5, max: 2, step: 0.1 },
]));

const POINTS = 41;

/** The slider's range in equal steps, its ends included. @param {Slider} slider */
export function sweepValues({ min, max }) {
  return Array.from({ length: POINTS }, (_, i) => min + ((max - min) * i) / (POINTS - 1));
}

/** Probabilities by class: result[class][point]. @param {Prediction[]} predictions @param {number} classes */
export function byClass(predictions, classes) {
  const curves = Array.from({ length: classes }, () => predictions.map(() => 0));
  predictions.forEach(({ top }, point) => top.forEach((score) => { curves[score.class][point] = score.probability; }));
  return curves;
}

/** The present winner first, then the other classes that rise highest anywhere. @param {number[][]} curves @param {number} winner @param {number} count */
export function leadingClasses(curves, winner, count) {
  const height = (/** @type {number} */ index) => Math.max(...curves[index]);
  const others = curves.map((_, index) => index).filter((index) => index !== winner).sort((a, b) => height(b) - height(a));
  return [winner, ...others].slice(0, count);
}

/**
 * Probabilities by class over the slider's range, with the present preprocessing and with the other one.
 * @param {import('../api.js').Api} api
 * @param {import('../types.js').State & {model: import('../types.js').Model}} state
 * @param {Slider} slider
 * @param {AbortSignal} signal
 */
export async function askCurves(api, { model, ink, transform, preprocess }, slider, signal) {
  const xs = sweepValues(slider);
  const pixels = sweep(ink, transform, slider.key, xs);
  const modes = preprocess === 'center' ? ['center', 'none'] : ['none', 'center'];
  const [present, other] = await Promise.all(modes.map(async (mode) =>
    byClass(await api.predictions(model.id, pixels, { top: model.classes.length, preprocess: mode, signal }), model.classes.length)));
  return { xs, present, other };
}
