/**
 * Which unit is under the pointer: a ray through the pixel's centre against each board, or against each cube.
 *
 * @typedef {import('../core/types.js').Unit} Unit
 * @typedef {import('../core/layout/boards.js').Board} Board
 * @typedef {import('./network.js').Network} Network
 * @typedef {import('./network.js').Part} Part
 */
import * as THREE from 'three';
import { placeOf, toBoard, unitAtPoint } from '../core/layout/boards.js';

const ray = new THREE.Ray();
const plane = new THREE.Plane();
const point = new THREE.Vector3();
const box = new THREE.Box3();
const caster = new THREE.Raycaster();

/**
 * The nearest visible unit at a point of the screen given in −1…1, or null.
 * @param {Network} network @param {THREE.Camera} camera @param {number} x @param {number} y
 * @returns {Unit|null}
 */
export function pick(network, camera, x, y) {
  caster.setFromCamera(new THREE.Vector2(x, y), camera);
  ray.copy(caster.ray);
  /** @type {{unit: Unit, distance: number}|null} */
  let nearest = null;
  for (const part of network.parts.values()) {
    const hit = part.mesh.visible ? hitOf(part, network) : null;
    if (hit && (!nearest || hit.distance < nearest.distance)) nearest = hit;
  }
  return nearest?.unit ?? null;
}

/** @param {Part} part @param {Network} network */
function hitOf(part, network) {
  const board = network.flatness > 0.5 ? part.flat : part.deep;
  return (part.isCubes && board === part.deep && hitCube(part, network)) || hitBoard(board);
}

/** @param {Board} board */
function hitBoard(board) {
  if (board.projection === 'flat') plane.normal.set(0, 0, 1), (plane.constant = 0);
  else plane.normal.set(0, 1, 0), (plane.constant = -board.level);
  const found = ray.intersectPlane(plane, point);
  const unit = found && unitAtPoint(board, ...toBoard(board, [found.x, found.y, found.z]));
  return unit ? { unit, distance: ray.origin.distanceTo(point) } : null;
}

/** @param {Part} part @param {Network} network */
function hitCube({ deep }, network) {
  /** @type {{unit: Unit, distance: number}|null} */
  let nearest = null;
  for (let channel = 0; channel < deep.shape[0]; channel++) {
    const unit = { stage: deep.id, channel, y: 0, x: 0 };
    const [x, y, z] = placeOf(deep, unit);
    box.min.set(x - deep.cell / 2, y, z - deep.cell / 2);
    box.max.set(x + deep.cell / 2, y + network.height(unit), z + deep.cell / 2);
    if (!ray.intersectBox(box, point)) continue;
    const distance = ray.origin.distanceTo(point);
    if (!nearest || distance < nearest.distance) nearest = { unit, distance };
  }
  return nearest;
}
