/**
 * Which view shows what: the whole network from a preset's direction, or one unit near.
 *
 * @typedef {import('../core/types.js').Unit} Unit
 * @typedef {import('../core/layout/boards.js').Projection} Projection
 * @typedef {import('../core/layout/boards.js').Point} Point
 * @typedef {import('./camera.js').View} View
 * @typedef {import('./network.js').Network} Network
 * @typedef {import('./network.js').Part} Part
 * @typedef {{width: number, height: number}} Size
 */
import * as THREE from 'three';
import { corners } from '../core/layout/boards.js';
import { cubeHeight } from './cubes.js';
import { COLUMN_DIRECTIONS, DIRECTIONS, directionOf, fit, LENS } from './camera.js';

/** Room for the stages' names on the left and the classes' on top, in pixels; in columns the names stand above the boards. */
const INSETS = { columns: { left: 20, right: 20, top: 36, bottom: 36 }, wide: { left: 140, right: 32, top: 56, bottom: 30 }, narrow: { left: 74, right: 12, top: 46, bottom: 30 } };
const FRONT = new THREE.Vector3(0, 0, 1);
/** How much height a view of one unit shows, in cells of its stage; at least so much in units of length, but not more cells than `most`. */
const NEAR = { cells: 26, least: 34, most: 60 };

/** @param {string} preset @param {Projection} projection @param {boolean} tower */
function directionFor(preset, projection, tower) {
  if (projection === 'flat') return FRONT;
  const known = tower ? DIRECTIONS : COLUMN_DIRECTIONS;
  const [azimuth, elevation] = known[/** @type {keyof typeof DIRECTIONS} */ (preset)] ?? known['three-quarter'];
  return directionOf(azimuth, elevation);
}

/** @param {Size} size @param {boolean} tower */
function insetsFor(size, tower) {
  if (!tower) return INSETS.columns;
  return size.width < 560 ? INSETS.narrow : INSETS.wide;
}

/** Width ÷ height of what the words leave free; steps of a tenth, so that a small resize does not rearrange everything. @param {Size} size @param {boolean} [tower] */
export function freeAspect(size, tower = true) {
  const { left, right, top, bottom } = insetsFor(size, tower);
  const aspect = Math.max(40, size.width - left - right) / Math.max(40, size.height - top - bottom);
  return Math.exp(Math.round(Math.log(aspect) * 10) / 10);
}

/** Corners of a board, and of the highest cubes that may stand on it. @param {Part} part @param {Projection} projection @returns {Point[]} */
function extentOf({ deep, flat, isCubes }, projection) {
  if (projection === 'flat') return corners(flat);
  const ground = corners(deep);
  const lift = isCubes ? cubeHeight(deep, 1) : 0;
  return [...ground, ...ground.map(([x, y, z]) => /** @type {Point} */ ([x, y + lift, z]))];
}

/** Every board of the network in the picture. @param {Network} network @param {Projection} projection @param {string} preset @param {Size} size @returns {View} */
export function wholeView(network, projection, preset, size) {
  const points = [...network.parts.values()].flatMap((part) => extentOf(part, projection));
  return fit(points, directionFor(preset, projection, network.isTower), LENS[projection], size, insetsFor(size, network.isTower));
}

/** One unit in the middle, seen from where the view is now. @param {Network} network @param {Projection} projection @param {Unit} unit @param {View} present @returns {View} */
export function focusView(network, projection, unit, present) {
  const { deep, flat } = network.part(unit.stage);
  const board = projection === 'flat' ? flat : deep;
  const least = Math.min(NEAR.least, NEAR.most * board.cell);
  const target = new THREE.Vector3(...network.place(unit));
  return { ...present, target, span: Math.max(least, Math.min(NEAR.cells * board.cell, 90)) };
}
