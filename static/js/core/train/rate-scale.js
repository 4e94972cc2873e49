/** Learning rates on a slider: even steps on it are equal factors. */

export const LOWEST = 1e-6;
export const HIGHEST = 10;
/** Steps of the slider: 24 a decade. */
export const STEPS = 24 * 7;

/** Two significant digits are enough for a learning rate. @param {number} rate */
export function rounded(rate) {
  return Number(rate.toPrecision(2));
}

/** The rate at a place of the slider. @param {number} place  0…STEPS */
export function rateAt(place) {
  return rounded(LOWEST * (HIGHEST / LOWEST) ** (place / STEPS));
}

/** The slider's place nearest to a rate. @param {number} rate */
export function placeOf(rate) {
  const place = (STEPS * Math.log(rate / LOWEST)) / Math.log(HIGHEST / LOWEST);
  return Math.max(0, Math.min(STEPS, Math.round(place)));
}
