/**
 * A stage of a large network: one quad that shows all of its maps or units, in one draw call.
 *
 * @typedef {import('../core/layout/boards.js').Board} Board
 * @typedef {import('./look.js').Look} Look
 */
import * as THREE from 'three';
import { PICTURE, cellOf, tileCorner, toWorld } from '../core/layout/boards.js';
import { BOARD_VERTEX, MAPS_FRAGMENT, PHOTO_FRAGMENT, VECTOR_FRAGMENT } from './board-shaders.js';
import { PhotoStack, Stack, Vector } from './stacks.js';

/** Corners of the part of a board that begins at a tile: places, and cells from that tile's corner. @param {Board} board @param {number} tile */
function quad(board, tile) {
  const [u, v] = tileCorner(board, tile);
  const cell = cellOf(board, tile);
  const right = tile === PICTURE ? u + board.shape[2] * cell : board.width / 2;
  const places = [[u, v], [right, v], [u, board.depth / 2], [right, board.depth / 2]];
  return { points: places.flatMap(([x, y]) => toWorld(board, x, y)), cells: places.flatMap(([x, y]) => [(x - u) / cell, (y - v) / cell]) };
}

/** @param {Board} deep @param {Board} flat @param {number} tile */
function geometryOf(deep, flat, tile) {
  const [inSpace, inPlane] = [quad(deep, tile), quad(flat, tile)];
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute('position', new THREE.Float32BufferAttribute(inSpace.points, 3));
  geometry.setAttribute('flatPosition', new THREE.Float32BufferAttribute(inPlane.points, 3));
  geometry.setAttribute('cell', new THREE.Float32BufferAttribute(inSpace.cells, 2));
  geometry.setAttribute('flatCell', new THREE.Float32BufferAttribute(inPlane.cells, 2));
  geometry.setIndex([0, 2, 1, 1, 2, 3]);
  return geometry;
}

/** @param {Board} board */
function gridOf({ columns, pitch, cell }) {
  return new THREE.Vector3(columns, pitch[0] / cell, pitch[1] / cell);
}

/** @param {THREE.BufferGeometry} geometry @param {string} fragmentShader @param {Look} look @param {Record<string, {value: any}>} uniforms */
function meshOf(geometry, fragmentShader, look, uniforms) {
  const material = new THREE.RawShaderMaterial({
    glslVersion: THREE.GLSL3, vertexShader: BOARD_VERTEX, fragmentShader, side: THREE.DoubleSide, uniforms: { ...look.uniforms, ...uniforms },
  });
  const mesh = new THREE.Mesh(geometry, material);
  mesh.frustumCulled = false;
  return mesh;
}

/**
 * The mesh of a stage's maps, of its units, or of a photograph with its channels.
 * @param {Board} deep @param {Board} flat @param {Stack|Vector} values @param {Look} look
 */
export function createAtlas(deep, flat, values, look) {
  const [count, height, width] = deep.shape;
  const size = { value: new THREE.Vector2(width, height) };
  const shared = { ranges: { value: values.ranges }, isSigned: values.isSigned, filled: values.filled, grids: { value: [gridOf(deep), gridOf(flat)] }, count: { value: count } };
  if (!(values instanceof Stack)) return meshOf(geometryOf(deep, flat, 0), VECTOR_FRAGMENT, look, { ...shared, values: { value: values.texture } });
  const mesh = meshOf(geometryOf(deep, flat, 0), MAPS_FRAGMENT, look, { ...shared, values: values.layers, size });
  if (values instanceof PhotoStack) mesh.add(meshOf(geometryOf(deep, flat, PICTURE), PHOTO_FRAGMENT, look, { filled: values.filled, photo: { value: values.photo }, size }));
  return mesh;
}
