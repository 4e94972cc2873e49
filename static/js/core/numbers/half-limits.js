/**
 * The largest values of feature maps in half precision, found without decoding them: the bits of two numbers of one sign
 * are in the numbers' own order.
 */
import { decodeHalf } from './half.js';

/** Bits of infinity; above it there is only what is not a number. */
const INFINITE = 0x7c00;

/**
 * `mapLimits` for values that are not in half precision.
 * @param {Float32Array} values  C×H×W. @param {number} channels @param {boolean} signed
 * @returns {Float32Array}
 */
export function floatLimits(values, channels, signed) {
  const size = values.length / channels;
  return Float32Array.from({ length: channels }, (_, channel) => {
    let most = 0;
    for (let i = channel * size; i < (channel + 1) * size; i++) {
      const value = signed ? Math.abs(values[i]) : values[i];
      if (value > most && value < Infinity) most = value;
    }
    return most;
  });
}

/**
 * The largest value of each map, or with `signed` its largest absolute value; at least 0.
 * @param {Uint16Array} halves  C×H×W. @param {number} channels @param {boolean} signed
 * @returns {Float32Array}
 */
export function mapLimits(halves, channels, signed) {
  const size = halves.length / channels;
  return Float32Array.from({ length: channels }, (_, channel) => {
    let most = 0;
    for (let i = channel * size; i < (channel + 1) * size; i++) {
      const bits = signed ? halves[i] & 0x7fff : halves[i];
      if (bits > most && bits < INFINITE) most = bits;
    }
    return decodeHalf(most);
  });
}
