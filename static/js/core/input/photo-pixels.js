/**
 * A network's input as a picture again: values back to pixels, in red, green and blue.
 *
 * @typedef {import('../types.js').InputInfo} InputInfo
 */

/** Where red, green and blue stand among the input's channels; null for a greyscale input. @param {Pick<InputInfo, 'channels'>} input @returns {[number, number, number]|null} */
export function colourOrder({ channels }) {
  if (channels === 'RGB') return [0, 1, 2];
  return channels === 'BGR' ? [2, 1, 0] : null;
}

/**
 * The picture that a 3×H×W input tensor was made from: H·W pixels, 4 bytes each.
 * @param {Float32Array} data @param {InputInfo} input
 * @returns {Uint8ClampedArray<ArrayBuffer>}
 */
export function inputPixels(data, input) {
  const size = data.length / 3;
  const order = colourOrder(input) ?? [0, 1, 2];
  const rgba = new Uint8ClampedArray(4 * size).fill(255);
  order.forEach((channel, colour) => {
    const [scale, offset] = [255 * input.std[channel], 255 * input.mean[channel]];
    for (let i = 0; i < size; i++) rgba[4 * i + colour] = data[channel * size + i] * scale + offset;
  });
  return rgba;
}

/**
 * A kernel over a colour image in its colours, as in the AlexNet paper's figure: −limit black, 0 grey, limit white.
 * @param {Float32Array} data  3×kH×kW values from `start` on.
 * @param {number} start @param {number} size  kH·kW. @param {number} limit @param {[number, number, number]} order
 * @returns {Uint8ClampedArray<ArrayBuffer>}
 */
export function kernelPixels(data, start, size, limit, order) {
  const rgba = new Uint8ClampedArray(4 * size).fill(255);
  order.forEach((channel, colour) => {
    for (let i = 0; i < size; i++) rgba[4 * i + colour] = 128 + (127 * data[start + channel * size + i]) / (limit || 1);
  });
  return rgba;
}
