/**
 * Links as ribbons: thousands in one draw call, of constant width on the screen, antialiased.
 *
 * @typedef {import('../core/layout/boards.js').Point} Point
 * @typedef {[number, number, number]} Rgb
 * @typedef {{start: Point, end: Point, rgb: Rgb, alpha: number, width: number, bend: number}} Link
 */
import * as THREE from 'three';
import { LINK_FRAGMENT, LINK_VERTEX } from './shaders.js';

/** A strip of `pieces` quads along 0…1. @param {number} pieces */
function strip(pieces) {
  const geometry = new THREE.InstancedBufferGeometry();
  const points = Array.from({ length: pieces + 1 }, (_, i) => [i / pieces, -1, 0, i / pieces, 1, 0]).flat();
  const order = Array.from({ length: pieces }, (_, i) => [0, 1, 2, 2, 1, 3].map((corner) => 2 * i + corner)).flat();
  geometry.setAttribute('position', new THREE.Float32BufferAttribute(points, 3));
  geometry.setIndex(order);
  return geometry;
}

/** @param {{value: THREE.Vector2}} viewport @param {number} opacity @param {boolean} depthTest @param {number} caps */
function materialOf(viewport, opacity, depthTest, caps) {
  return new THREE.RawShaderMaterial({
    glslVersion: THREE.GLSL3, vertexShader: LINK_VERTEX, fragmentShader: LINK_FRAGMENT,
    transparent: true, depthWrite: false, depthTest, side: THREE.DoubleSide,
    uniforms: { viewport, opacity: { value: opacity }, caps: { value: caps } },
  });
}

const PARTS = { start: 3, end: 3, rgba: 4, shape: 2 };

export class Links {
  /**
   * @param {object} options
   * @param {{value: THREE.Vector2}} options.viewport  In device pixels.
   * @param {number} options.capacity  Most links at once.
   * @param {number} options.pieces    Quads a link: 1 for straight lines.
   * @param {number} [options.behind]  Opacity of what is hidden behind boards; 1 draws over everything.
   * @param {number} [options.order]
   */
  constructor({ viewport, capacity, pieces, behind = 0.22, order = 1 }) {
    this.capacity = capacity;
    this.geometry = strip(pieces);
    for (const [name, size] of Object.entries(PARTS)) {
      const attribute = new THREE.InstancedBufferAttribute(new Float32Array(capacity * size), size);
      this.geometry.setAttribute(name, attribute.setUsage(THREE.DynamicDrawUsage));
    }
    this.geometry.instanceCount = 0;
    this.group = new THREE.Group();
    const caps = pieces === 1 ? 1 : 0;
    this.materials = [materialOf(viewport, behind, false, caps), ...(behind < 1 ? [materialOf(viewport, 1, true, caps)] : [])];
    this.materials.forEach((material, i) => {
      const mesh = new THREE.Mesh(this.geometry, material);
      mesh.frustumCulled = false;
      mesh.renderOrder = order + i / 10;
      this.group.add(mesh);
    });
  }

  /** Show these links instead of the last ones; the first `capacity` of them. @param {Link[]} links @param {number} scale  Device pixels a CSS pixel. */
  set(links, scale) {
    const count = Math.min(links.length, this.capacity);
    const [start, end, rgba, shape] = Object.keys(PARTS).map((name) => /** @type {Float32Array} */ (this.geometry.getAttribute(name).array));
    for (let i = 0; i < count; i++) {
      const link = links[i];
      start.set(link.start, 3 * i);
      end.set(link.end, 3 * i);
      rgba.set(link.rgb, 4 * i);
      rgba[4 * i + 3] = link.alpha;
      shape[2 * i] = link.width * scale;
      shape[2 * i + 1] = link.bend;
    }
    for (const [name, size] of Object.entries(PARTS)) {
      const attribute = /** @type {THREE.InstancedBufferAttribute} */ (this.geometry.getAttribute(name));
      attribute.clearUpdateRanges();
      attribute.addUpdateRange(0, count * size);
      attribute.needsUpdate = count > 0;
    }
    this.geometry.instanceCount = count;
    this.group.visible = count > 0;
  }

  dispose() {
    this.geometry.dispose();
    for (const material of this.materials) material.dispose();
  }
}
