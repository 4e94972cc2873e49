/**
 * A model as objects in space: one mesh a stage, its values on the GPU, and where each unit is at this moment.
 *
 * @typedef {import('../core/types.js').Model} Model
 * @typedef {import('../core/types.js').Unit} Unit
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/graph.js').Node} Node
 * @typedef {import('../core/boards.js').Board} Board
 * @typedef {import('../core/boards.js').Point} Point
 * @typedef {import('../core/boards.js').Layout} Layout
 * @typedef {import('./look.js').Look} Look
 * @typedef {{node: Node, deep: Board, flat: Board, values: Values, mesh: THREE.Mesh, isCubes: boolean}} Part  What stands for one stage.
 */
import * as THREE from 'three';
import { stageRange } from '../core/colormap.js';
import { graphOf, indexOf, isVector } from '../core/graph.js';
import { placeOf, tileCorner, toWorld } from '../core/boards.js';
import { layoutOf } from '../core/layout.js';
import { createCubes, cubeHeight, MOST_CUBES } from './cubes.js';
import { createPlane } from './planes.js';
import { Values } from './values.js';

/** Flat, links lie so high above the maps, and under the dense cells. */
const ABOVE = 0.05;

/** @param {Point} a @param {Point} b @param {number} t @returns {Point} */
function between(a, b, t) {
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])];
}

export class Network {
  /** @param {Model} model @param {Look} look @param {number} aspect  Of the place for it. */
  constructor(model, look, aspect) {
    this.model = model;
    this.look = look;
    this.layouts = { '3d': layoutOf(model, '3d', aspect), flat: layoutOf(model, 'flat', aspect) };
    this.group = new THREE.Group();
    /** @type {Map<string, Part>} */
    this.parts = new Map();
    for (const node of graphOf(model).values()) this.#add(node);
  }

  /** @param {Node} node */
  #add(node) {
    const id = node.stage.id;
    const [deep, flat] = [this.layouts['3d'], this.layouts.flat].map((layout) => /** @type {Board} */ (layout.boards.get(id)));
    const values = new Values(node.stage.units, node.shape[0]);
    const isCubes = isVector(node) && node.stage.units <= MOST_CUBES;
    const mesh = (isCubes ? createCubes : createPlane)(deep, flat, values, this.look);
    this.parts.set(id, { node, deep, flat, values, mesh, isCubes });
    this.group.add(mesh);
  }

  /** 0 in space, 1 flat; between the two while it turns. */
  get flatness() {
    return this.look.uniforms.flatness.value;
  }

  /** @param {string} id @returns {Part} */
  part(id) {
    const part = this.parts.get(id);
    if (!part) throw new RangeError(`no stage ${id}`);
    return part;
  }

  /** Take a frame's values and colour ranges. @param {State} state */
  colour({ frame, scale }) {
    if (!frame) return;
    for (const { node, values } of this.parts.values()) {
      const tensor = frame.tensors.get(node.stage.output);
      if (!tensor) continue;
      values.setValues(tensor);
      values.setRanges((channel) => stageRange(this.model, node.stage, tensor, channel, scale), scale !== 'map' || isVector(node));
    }
  }

  /** Send what changed to the GPU now, so that its cost is known. @param {THREE.WebGLRenderer} renderer */
  upload(renderer) {
    for (const { values } of this.parts.values()) {
      renderer.initTexture(values.texture);
      renderer.initTexture(values.ranges);
    }
  }

  /** @param {Set<string>} hidden */
  hide(hidden) {
    for (const [id, { mesh }] of this.parts) mesh.visible = !hidden.has(id);
  }

  /** A point of a stage's board now; `lift` raises it off the board. @param {Part} part @param {(board: Board) => [number, number]} at @param {number} [lift] @returns {Point} */
  point({ deep, flat }, at, lift = 0) {
    const point = between(toWorld(deep, ...at(deep)), toWorld(flat, ...at(flat)), this.flatness);
    return [point[0], point[1] + lift * (1 - this.flatness), point[2] + lift * this.flatness];
  }

  /** How far the unit's top stands off its board. @param {Unit} unit */
  height(unit) {
    const part = this.part(unit.stage);
    if (!part.isCubes) return 0;
    return cubeHeight(part.deep, part.values.strength(indexOf(part.node, unit), unit.channel)) * (1 - this.flatness);
  }

  /** The middle of a unit now: of its top, or of its foot. @param {Unit} unit @param {'top'|'foot'} [side] @returns {Point} */
  place(unit, side = 'top') {
    const { deep, flat } = this.part(unit.stage);
    const [x, y, z] = between(placeOf(deep, unit), placeOf(flat, unit), this.flatness);
    return [x, side === 'top' ? y + this.height(unit) : y, z + ABOVE * this.flatness];
  }

  /**
   * The corners now of a rectangle of cells in one map, in order round it.
   * @param {string} stage @param {number} channel @param {import('../core/field.js').Box} box @param {number} [lift]
   * @returns {Point[]}
   */
  rectangle(stage, channel, { top, left, bottom, right }, lift = 0) {
    const part = this.part(stage);
    return [[left, top], [right, top], [right, bottom], [left, bottom]].map(([x, y]) => this.point(part, (board) => {
      const [u, v] = tileCorner(board, channel);
      return [u + x * board.cell, v + y * board.cell];
    }, lift));
  }

  dispose() {
    for (const { mesh, values } of this.parts.values()) {
      mesh.geometry.dispose();
      /** @type {THREE.Material} */ (mesh.material).dispose();
      values.dispose();
    }
  }
}
