/** The moving average of the weights: a decay a step on a slider of the steps that it reaches over. */

/** How many steps an average reaches over, 1 / (1 − decay); 0: no average. */
export const REACHES = Object.freeze([0, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]);

/** @param {number} place  0…REACHES.length − 1 @returns {number} the decay */
export function decayAt(place) {
  const reach = REACHES[place];
  return reach === 0 ? 0 : Number((1 - 1 / reach).toPrecision(4));
}

/** @param {number} decay */
function reachOf(decay) {
  return decay === 0 ? 0 : 1 / (1 - decay);
}

/** The slider's place nearest to a decay. @param {number} decay */
export function placeOf(decay) {
  const away = REACHES.map((reach) => Math.abs(Math.log((1 + reach) / (1 + reachOf(decay)))));
  return away.indexOf(Math.min(...away));
}

/** Over how many steps a decay averages, in words. @param {number} decay @param {import('../types.js').Translate} t @param {string} lang */
export function averagingText(decay, t, lang) {
  const steps = Number(reachOf(decay).toPrecision(2));
  return steps === 0 ? t('train.off') : t('train.ema.over', { steps: new Intl.NumberFormat(lang).format(steps) });
}
