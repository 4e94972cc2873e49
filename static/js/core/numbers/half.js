/** IEEE 754 half precision → float32, through a table of all 65,536 values (made at the first use). */

/** @type {Float32Array|null} */
let table = null;

/** The number that 16 bits stand for. @param {number} half */
export function decodeHalf(half) {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * @param {Uint16Array} halves
 * @returns {Float32Array}
 */
export function halfToFloat(halves) {
  table ??= Float32Array.from({ length: 65536 }, (_, half) => decodeHalf(half));
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = table[halves[i]];
  return floats;
}
