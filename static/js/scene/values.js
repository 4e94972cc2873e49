/**
 * A stage's values on the GPU: one texel a unit, in the tensor's own order, and one texel a channel with its range.
 *
 * @typedef {import('../core/types.js').Tensor} Tensor
 * @typedef {import('../core/types.js').Range} Range
 */
import * as THREE from 'three';

/** Widest texture that every WebGL 2 device takes with room to spare. */
const WIDEST = 2048;

/** @param {number} count @param {THREE.PixelFormat} format @param {number} parts @param {number} width */
function floats(count, format, parts, width) {
  const height = Math.max(1, Math.ceil(count / width));
  const texture = new THREE.DataTexture(new Float32Array(width * height * parts), width, height, format, THREE.FloatType);
  texture.needsUpdate = true;
  return texture;
}

export class Values {
  /** @param {number} units @param {number} channels */
  constructor(units, channels) {
    const width = Math.min(WIDEST, Math.max(1, Math.ceil(Math.sqrt(units))));
    this.texture = floats(units, THREE.RedFormat, 1, width);
    this.ranges = floats(channels, THREE.RGFormat, 2, Math.min(WIDEST, channels));
    this.numbers = /** @type {Float32Array} */ (this.texture.image.data);
    this.limits = /** @type {Float32Array} */ (this.ranges.image.data);
    this.limits.fill(1);
    this.isSigned = { value: 0 };
  }

  /** Take a tensor's values; they are uploaded before the next picture. @param {Tensor} tensor */
  setValues(tensor) {
    this.numbers.set(tensor.data.length > this.numbers.length ? tensor.data.subarray(0, this.numbers.length) : tensor.data);
    this.texture.needsUpdate = true;
  }

  /** Set the range of each channel. @param {(channel: number) => Range} rangeOf  @param {boolean} shared  One range for all. */
  setRanges(rangeOf, shared) {
    let range = rangeOf(0);
    this.isSigned.value = range.signed ? 1 : 0;
    let changed = false;
    for (let channel = 0; channel * 2 < this.limits.length; channel++) {
      if (!shared) range = rangeOf(channel);
      changed ||= this.limits[2 * channel] !== Math.fround(range.lo) || this.limits[2 * channel + 1] !== Math.fround(range.hi);
      this.limits[2 * channel] = range.lo;
      this.limits[2 * channel + 1] = range.hi;
    }
    if (changed) this.ranges.needsUpdate = true;
  }

  /** Send what changed to the GPU now. @param {THREE.WebGLRenderer} renderer */
  upload(renderer) {
    renderer.initTexture(this.texture);
    renderer.initTexture(this.ranges);
  }

  /** How strong a unit's value is in its range, 0…1. @param {number} index @param {number} channel */
  strength(index, channel) {
    const limit = Math.max(Math.abs(this.limits[2 * channel]), Math.abs(this.limits[2 * channel + 1]));
    return Math.min(1, Math.abs(this.numbers[index]) / limit);
  }

  dispose() {
    this.texture.dispose();
    this.ranges.dispose();
  }
}
