/**
 * A small dense stage: one real cube a unit, its height and colour computed on the GPU from the values' texture.
 *
 * @typedef {import('../core/layout/boards.js').Board} Board
 * @typedef {import('./values.js').Values} Values
 * @typedef {import('./look.js').Look} Look
 */
import * as THREE from 'three';
import { placeOf } from '../core/layout/boards.js';
import { CUBE_FRAGMENT, CUBE_VERTEX } from './shaders.js';

/** At most so many units of a dense stage are cubes; software rendering pays by the instance. */
export const MOST_CUBES = 512;

/** Lowest and highest cube in 3D, as shares of the cell: in rows behind one another they must not hide each other. */
const LOW = 0.14;
const HIGH = { row: 1.5, rows: 0.48 };

/** How high a unit's cube stands in 3D. @param {Board} board @param {number} strength  0…1 */
export function cubeHeight(board, strength) {
  return board.cell * (LOW + strength * ((board.rows > 1 ? HIGH.rows : HIGH.row) - LOW));
}

/** @param {Board} board */
function places(board) {
  const [channels] = board.shape;
  const points = new Float32Array(channels * 3);
  for (let channel = 0; channel < channels; channel++) points.set(placeOf(board, { stage: board.id, channel, y: 0, x: 0 }), 3 * channel);
  return new THREE.InstancedBufferAttribute(points, 3);
}

/**
 * The mesh of a dense stage's cubes.
 * @param {Board} deep @param {Board} flat @param {Values} values @param {Look} look
 */
export function createCubes(deep, flat, values, look) {
  const [channels] = deep.shape;
  const box = new THREE.BoxGeometry(1, 1, 1);
  const geometry = new THREE.InstancedBufferGeometry();
  geometry.setIndex(box.index);
  for (const name of ['position', 'normal', 'uv']) geometry.setAttribute(name, box.getAttribute(name));
  geometry.setAttribute('place', places(deep));
  geometry.setAttribute('flatPlace', places(flat));
  geometry.setAttribute('channel', new THREE.InstancedBufferAttribute(Float32Array.from({ length: channels }, (_, i) => i), 1));
  geometry.instanceCount = channels;
  const material = new THREE.RawShaderMaterial({
    glslVersion: THREE.GLSL3, vertexShader: CUBE_VERTEX, fragmentShader: CUBE_FRAGMENT,
    uniforms: {
      ...look.uniforms, values: { value: values.texture }, ranges: { value: values.ranges }, isSigned: values.isSigned,
      side: { value: new THREE.Vector2(deep.cell, flat.cell) },
      heights: { value: new THREE.Vector2(cubeHeight(deep, 0), cubeHeight(deep, 1)) },
    },
  });
  const mesh = new THREE.Mesh(geometry, material);
  mesh.frustumCulled = false;
  return mesh;
}
