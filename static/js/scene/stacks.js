/**
 * Values of a large stage on the GPU: a stack of feature maps in half precision, one layer a map, with mipmaps. The
 * tensor's bytes go to the GPU as they came; only numbers that half precision cannot hold are scaled to fit, and the
 * ranges with them.
 *
 * @typedef {import('../core/types.js').Tensor} Tensor
 * @typedef {import('../core/types.js').Range} Range
 * @typedef {import('../core/types.js').State} State
 */
import * as THREE from 'three';
import { decodeHalf } from '../core/numbers/half.js';
import { Values } from './values.js';

/** @param {number} width @param {number} height @param {number} depth */
function stackOf(width, height, depth) {
  const texture = new THREE.DataArrayTexture(null, width, height, depth);
  Object.assign(texture, {
    format: THREE.RedFormat, type: THREE.HalfFloatType, generateMipmaps: true,
    minFilter: THREE.LinearMipmapLinearFilter, magFilter: THREE.LinearFilter,
  });
  return texture;
}

/** The largest absolute value that is finite. @param {Float32Array} values */
function largest(values) {
  let most = 0;
  for (const value of values) if (Math.abs(value) > most && Math.abs(value) < Infinity) most = Math.abs(value);
  return most;
}

/** A stage of feature maps. */
export class Stack extends Values {
  /** @param {[number, number, number]} shape */
  constructor([channels, height, width]) {
    super(1, channels);
    this.filled = { value: 0 };
    this.maps = stackOf(width, height, channels);
    /** What a 1 on the GPU stands for. */
    this.unit = 1;
    /** For the shader: nothing is bound before the values have come. @type {{value: THREE.DataArrayTexture|null}} */
    this.layers = { value: null };
    /** What is shown: of which tensor, on which scale, by whose ranges. @type {Tensor|null} */
    this.tensor = null;
    /** @type {State['scale']|null} */
    this.scale = null;
    /** @type {State['pass']} */
    this.pass = null;
  }

  /** @param {Tensor} tensor */
  setValues(tensor) {
    this.unit = tensor.halves ? 1 : largest(tensor.data) || 1;
    this.maps.image.data = tensor.halves ?? Uint16Array.from(tensor.data, (value) => THREE.DataUtils.toHalfFloat(value / this.unit));
    this.maps.needsUpdate = true;
    this.layers.value = this.maps;
    this.tensor = tensor;
    this.filled.value = 1;
  }

  /** @param {(channel: number) => Range} rangeOf @param {boolean} shared */
  setRanges(rangeOf, shared) {
    super.setRanges((channel) => {
      const { lo, hi, signed } = rangeOf(channel);
      return { lo: lo / this.unit, hi: hi / this.unit, signed };
    }, shared);
  }

  /** The values belong to an older picture. */
  clear() {
    this.tensor = null;
    this.filled.value = 0;
  }

  /** @param {THREE.WebGLRenderer} renderer */
  upload(renderer) {
    if (this.layers.value) renderer.initTexture(this.maps);
    renderer.initTexture(this.ranges);
  }

  dispose() {
    super.dispose();
    this.maps.dispose();
  }
}

/** A dense stage of a large network. */
export class Vector extends Values {
  /** @param {number} units */
  constructor(units) {
    super(units, 1);
    this.filled = { value: 0 };
    /** What is shown: of which tensor, on which scale, by whose ranges. @type {Tensor|null} */
    this.tensor = null;
    /** @type {State['scale']|null} */
    this.scale = null;
    /** @type {State['pass']} */
    this.pass = null;
  }

  /** @param {Tensor} tensor */
  setValues(tensor) {
    super.setValues(tensor);
    this.tensor = tensor;
    this.filled.value = 1;
  }

  clear() {
    this.tensor = null;
    this.filled.value = 0;
  }
}

/** The input: its channels as maps, and the picture that they are. */
export class PhotoStack extends Stack {
  /** @param {[number, number, number]} shape @param {import('../core/types.js').InputInfo} input */
  constructor(shape, input) {
    super(shape);
    this.input = input;
    const [, height, width] = shape;
    this.photo = new THREE.DataTexture(new Uint8Array(4 * width * height).fill(255), width, height);
    Object.assign(this.photo, { minFilter: THREE.LinearMipmapLinearFilter, magFilter: THREE.NearestFilter, generateMipmaps: true, anisotropy: 4 });
    this.photo.needsUpdate = true;
  }

  /** @param {Tensor} tensor */
  setValues(tensor) {
    super.setValues(tensor);
    paintPhoto(tensor, this.input, /** @type {Uint8Array} */ (this.photo.image.data));
    this.photo.needsUpdate = true;
  }

  /** @param {THREE.WebGLRenderer} renderer */
  upload(renderer) {
    super.upload(renderer);
    renderer.initTexture(this.photo);
  }

  dispose() {
    super.dispose();
    this.photo.dispose();
  }
}

/**
 * The picture that a network sees, from the values that it is fed: pixel = value × std + mean, channels in RGB order.
 * @param {Tensor} tensor @param {import('../core/types.js').InputInfo} input @param {Uint8Array} rgba
 */
export function paintPhoto({ halves, data, shape }, { mean, std, channels }, rgba) {
  const size = shape[1] * shape[2];
  for (let plane = 0; plane < 3; plane++) {
    const to = channels === 'BGR' ? 2 - plane : plane;
    for (let i = 0; i < size; i++) {
      const value = halves ? decodeHalf(halves[plane * size + i]) : data[plane * size + i];
      rgba[4 * i + to] = Math.max(0, Math.min(255, Math.round(255 * (value * std[plane] + mean[plane]))));
    }
  }
}
