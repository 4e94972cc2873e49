/**
 * A stage of feature maps: one quad a map, one texel a unit, any number of units in one draw call.
 *
 * @typedef {import('../core/layout/boards.js').Board} Board
 * @typedef {import('./values.js').Values} Values
 * @typedef {import('./look.js').Look} Look
 */
import * as THREE from 'three';
import { tileCorner, toWorld } from '../core/layout/boards.js';
import { PLANE_FRAGMENT, PLANE_VERTEX } from './shaders.js';

/** How far the frame reaches beyond the cells: this share of the gap between maps, in cells. */
const MARGIN = 0.45;

/** The frame's reach in cells. @param {Board} board */
function margin(board) {
  return MARGIN * Math.max(0.5, board.pitch[0] / board.cell - board.shape[2]);
}

/** Positions of all quads' corners on a board. @param {Board} board @param {number} reach */
function quads(board, reach) {
  const [channels, height, width] = board.shape;
  const points = new Float32Array(channels * 12);
  for (let channel = 0; channel < channels; channel++) {
    const [u, v] = tileCorner(board, channel);
    [[-reach, -reach], [width + reach, -reach], [-reach, height + reach], [width + reach, height + reach]].forEach(([x, y], i) => {
      points.set(toWorld(board, u + x * board.cell, v + y * board.cell), 12 * channel + 3 * i);
    });
  }
  return points;
}

/** @param {Board} deep @param {Board} flat */
function geometryOf(deep, flat) {
  const [channels, height, width] = deep.shape;
  const reach = Math.min(margin(deep), margin(flat));
  const [cells, numbers, order] = [new Float32Array(channels * 8), new Float32Array(channels * 4), new Uint32Array(channels * 6)];
  for (let channel = 0; channel < channels; channel++) {
    cells.set([-reach, -reach, width + reach, -reach, -reach, height + reach, width + reach, height + reach], 8 * channel);
    numbers.fill(channel, 4 * channel, 4 * channel + 4);
    order.set([0, 2, 1, 1, 2, 3].map((corner) => 4 * channel + corner), 6 * channel);
  }
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute('position', new THREE.BufferAttribute(quads(deep, reach), 3));
  geometry.setAttribute('flatPosition', new THREE.BufferAttribute(quads(flat, reach), 3));
  geometry.setAttribute('cell', new THREE.BufferAttribute(cells, 2));
  geometry.setAttribute('channel', new THREE.BufferAttribute(numbers, 1));
  geometry.setIndex(new THREE.BufferAttribute(order, 1));
  return geometry;
}

/**
 * The mesh of a stage's maps.
 * @param {Board} deep @param {Board} flat @param {Values} values @param {Look} look
 */
export function createPlane(deep, flat, values, look) {
  const material = new THREE.RawShaderMaterial({
    glslVersion: THREE.GLSL3, vertexShader: PLANE_VERTEX, fragmentShader: PLANE_FRAGMENT, side: THREE.DoubleSide,
    uniforms: {
      ...look.uniforms, values: { value: values.texture }, ranges: { value: values.ranges }, isSigned: values.isSigned,
      size: { value: new THREE.Vector2(deep.shape[2], deep.shape[1]) },
    },
  });
  const mesh = new THREE.Mesh(geometryOf(deep, flat), material);
  mesh.frustumCulled = false;
  return mesh;
}
