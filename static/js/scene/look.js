/**
 * The page's colours for the scene: the CSS tokens of the theme, and the palette as a texture.
 *
 * @typedef {import('../core/types.js').Palette} Palette
 * @typedef {[number, number, number]} Rgb  sRGB, 0…1.
 */
import * as THREE from 'three';

const probe = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true }));

/** Any CSS colour as sRGB numbers. @param {string} css @param {string} fallback @returns {Rgb} */
function parse(css, fallback) {
  probe.fillStyle = fallback;
  probe.fillStyle = css.trim() || fallback;
  probe.fillRect(0, 0, 1, 1);
  const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
  return [r / 255, g / 255, b / 255];
}

/** A palette until the server's has come: from the background to the text, or between the two signs' colours. @param {Rgb} from @param {Rgb[]} stops */
function ramp(from, ...stops) {
  const points = [from, ...stops];
  const bytes = new Uint8Array(768);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (points.length - 1);
    const low = Math.min(points.length - 2, Math.floor(at));
    for (let part = 0; part < 3; part++) {
      bytes[3 * i + part] = 255 * (points[low][part] + (at - low) * (points[low + 1][part] - points[low][part]));
    }
  }
  return bytes;
}

export class Look {
  /** @param {HTMLElement} element  Whose computed style holds the tokens. */
  constructor(element) {
    this.element = element;
    this.texture = new THREE.DataTexture(new Uint8Array(256 * 2 * 4), 256, 2);
    this.texture.minFilter = this.texture.magFilter = THREE.LinearFilter;
    this.uniforms = {
      palette: { value: this.texture },
      background: { value: new THREE.Vector3() },
      line: { value: new THREE.Vector3() },
      flatness: { value: 0 },
    };
    this.colours = this.read();
    this.palette = this.fallback();
  }

  read() {
    const style = getComputedStyle(this.element);
    const token = (/** @type {string} */ name, /** @type {string} */ fallback) => parse(style.getPropertyValue(name), fallback);
    return {
      background: token('--bg', '#ffffff'), line: token('--line', '#dddddd'), text: token('--text', '#111111'),
      muted: token('--muted', '#666666'), accent: token('--accent', '#0b6e66'),
      positive: token('--positive', '#a8430f'), negative: token('--negative', '#2459a8'),
      font: style.getPropertyValue('--font').trim() || 'sans-serif',
    };
  }

  /** @returns {Palette} */
  fallback() {
    const { background, text, negative, positive } = this.colours;
    return { sequential: ramp(background, text), diverging: ramp(negative, background, positive) };
  }

  /** Read the tokens again and take the palette. @param {Palette|null} palette */
  update(palette) {
    this.colours = this.read();
    this.palette = palette ?? this.fallback();
    this.uniforms.background.value.set(...this.colours.background);
    this.uniforms.line.value.set(...this.colours.line);
    const bytes = /** @type {Uint8Array} */ (this.texture.image.data);
    [this.palette.sequential, this.palette.diverging].forEach((table, row) => {
      for (let i = 0; i < 256; i++) bytes.set([table[3 * i], table[3 * i + 1], table[3 * i + 2], 255], 4 * (256 * row + i));
    });
    this.texture.needsUpdate = true;
  }

  dispose() {
    this.texture.dispose();
  }
}
