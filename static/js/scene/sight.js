/**
 * From places in space to places on the screen and back.
 *
 * @typedef {import('../core/types.js').Unit} Unit
 * @typedef {import('../core/layout/boards.js').Point} Point
 * @typedef {import('./network.js').Network} Network
 * @typedef {import('./rig.js').Rig} Rig
 * @typedef {import('./screen.js').Screen} Screen
 */
import * as THREE from 'three';
import { sameUnit } from '../core/networks/graph.js';
import { pick } from './picking.js';

const vector = new THREE.Vector3();

/** World → CSS pixels of the scene. @param {Rig} rig @param {Screen} screen @param {Point} point */
export function project({ camera }, { size }, point) {
  vector.set(...point).project(camera);
  return { x: ((vector.x + 1) / 2) * size.width, y: ((1 - vector.y) / 2) * size.height, visible: vector.z > -1 && vector.z < 1 };
}

/** The unit at a client position, through the middle of its pixel. @param {Network|null} network @param {Rig} rig @param {Screen} screen @param {number} x @param {number} y */
export function unitAt(network, { camera }, { canvas, size }, x, y) {
  const box = canvas.getBoundingClientRect();
  const across = (Math.floor(x - box.left) + 0.5) / size.width;
  const down = (Math.floor(y - box.top) + 0.5) / size.height;
  if (!network || across < 0 || across > 1 || down < 0 || down > 1) return null;
  return pick(network, camera, 2 * across - 1, 1 - 2 * down);
}

/**
 * Where a unit is in client coordinates: a point where it can be seen, if there is one.
 * @param {Network} network @param {Rig} rig @param {Screen} screen @param {Unit} unit
 */
export function screenOf(network, rig, screen, unit) {
  const box = screen.canvas.getBoundingClientRect();
  const points = [network.place(unit), ...cellPoints(network, unit)].map((point) => project(rig, screen, point))
    .map(({ x, y }) => ({ x: box.left + x, y: box.top + y }));
  return points.find(({ x, y }) => sameUnit(unitAt(network, rig, screen, x, y), unit)) ?? points[0];
}

/** Points near the corners of the unit's top. @param {Network} network @param {Unit} unit */
function cellPoints(network, unit) {
  const box = { top: unit.y + 0.15, left: unit.x + 0.15, bottom: unit.y + 0.85, right: unit.x + 0.85 };
  return network.rectangle(unit.stage, unit.channel, box, network.height(unit));
}
