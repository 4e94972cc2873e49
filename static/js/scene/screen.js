/**
 * The canvas and its renderer: follows the size of its element and the density of the display, survives a lost context.
 */
import * as THREE from 'three';

/** Denser displays gain nothing that the eye sees, and pay with the square. */
const DENSEST = 2;

export class Screen {
  /** @param {HTMLElement} element @param {() => void} resized @param {{lost: () => void, restored: () => void}} context */
  constructor(element, resized, { lost, restored }) {
    this.element = element;
    this.renderer = new THREE.WebGLRenderer({ antialias: true, powerPreference: 'high-performance' });
    this.canvas = this.renderer.domElement;
    this.canvas.className = 'scene-canvas';
    element.append(this.canvas);
    this.size = { width: 1, height: 1 };
    /** Size in device pixels, for shaders. */
    this.viewport = { value: new THREE.Vector2(1, 1) };
    this.resized = resized;
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(element);
    this.canvas.addEventListener('webglcontextlost', lost);
    this.canvas.addEventListener('webglcontextrestored', restored);
    this.#watchDensity();
  }

  /** Device pixels a CSS pixel. */
  get density() {
    return Math.min(DENSEST, window.devicePixelRatio || 1);
  }

  /** The display's density changes when the window moves to another one, or with the browser's zoom. */
  #watchDensity() {
    this.query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    this.query.addEventListener('change', this.#onDensity, { once: true });
  }

  #onDensity = () => {
    this.#watchDensity();
    this.measure();
  };

  /** Take the element's present size. */
  measure() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0 || height === 0) return;
    this.size = { width, height };
    this.#setSize(this.density);
    this.resized();
  }

  /** @param {number} density */
  #setSize(density) {
    this.renderer.setPixelRatio(density);
    this.renderer.setSize(this.size.width, this.size.height, false);
    this.renderer.getDrawingBufferSize(this.viewport.value);
  }

  /**
   * A picture at `density` pixels a CSS pixel: `draw` renders, `write` adds words to the copy.
   * @param {number} density @param {() => void} draw @param {(canvas: CanvasRenderingContext2D) => void} write
   * @returns {Promise<Blob>}
   */
  picture(density, draw, write) {
    const copy = document.createElement('canvas');
    this.#setSize(density);
    draw();
    [copy.width, copy.height] = [this.canvas.width, this.canvas.height];
    const context = /** @type {CanvasRenderingContext2D} */ (copy.getContext('2d'));
    context.drawImage(this.canvas, 0, 0);
    this.#setSize(this.density);
    draw();
    write(context);
    return new Promise((resolve, reject) => copy.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture')))));
  }

  dispose() {
    this.observer.disconnect();
    this.query?.removeEventListener('change', this.#onDensity);
    this.renderer.dispose();
    this.canvas.remove();
  }
}
