/**
 * A model as objects in space: one mesh a stage, its values on the GPU, and where each unit is at this moment.
 *
 * @typedef {import('../core/types.js').Model} Model
 * @typedef {import('../core/types.js').Unit} Unit
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/networks/graph.js').Node} Node
 * @typedef {import('../core/layout/boards.js').Board} Board
 * @typedef {import('../core/layout/boards.js').Point} Point
 * @typedef {import('../core/layout/boards.js').Layout} Layout
 * @typedef {import('./look.js').Look} Look
 * @typedef {import('./stacks.js').Stack|import('./stacks.js').Vector} Large
 * @typedef {{node: Node, deep: Board, flat: Board, values: Values, mesh: THREE.Mesh, isCubes: boolean, lift: number}} Part
 *   What stands for one stage. `lift`: what lies over the board is so far above it, as a share of what is usual.
 */
import * as THREE from 'three';
import { stageRange } from '../core/numbers/colormap.js';
import { PICTURE, cellOf, placeOf, tileCorner, toWorld } from '../core/layout/boards.js';
import { blockName, blocksOf } from '../core/layout/blocks.js';
import { graphOf, indexOf, isVector } from '../core/networks/graph.js';
import { isTower, layoutOf } from '../core/layout/layout.js';
import { rangesOf } from '../core/numbers/ranges.js';
import { isLarge } from '../core/session.js';
import { createAtlas } from './atlas.js';
import { createCubes, cubeHeight, MOST_CUBES } from './cubes.js';
import { createPlane } from './planes.js';
import { PhotoStack, Stack, Vector } from './stacks.js';
import { Values } from './values.js';

/** Flat, links lie so high above the maps, and under the dense cells. */
const ABOVE = 0.05;
/** At most so many bytes go to the GPU before one picture, so that the page does not freeze; at least one stage. */
const UPLOAD = 4 * 2 ** 20;

/** @param {Point} a @param {Point} b @param {number} t @returns {Point} */
function between(a, b, t) {
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])];
}

export class Network {
  /** Large stages whose values or ranges are not on the GPU yet. @type {Set<Part>} */ #waiting = new Set();

  /** @type {Map<string, Part>} */ parts = new Map();

  /** @param {Model} model @param {Look} look @param {number} aspect  Of the place for it. @param {Network|null} [old]  The same model in another shape, whose values are taken over. */
  constructor(model, look, aspect, old = null) {
    this.model = model;
    this.look = look;
    this.isLarge = isLarge(model);
    this.isTower = isTower(model);
    this.layouts = { '3d': layoutOf(model, '3d', aspect), flat: layoutOf(model, 'flat', aspect) };
    this.group = new THREE.Group();
    /** Stages where all paths meet, each with what the names of its block have in common. */
    this.blockEnds = new Map(this.isTower ? [] : blocksOf(model).map((block) => [block.levels[block.levels.length - 1][0].node.stage.id, blockName(block)]));
    for (const node of graphOf(model).values()) this.#add(node, old?.parts.get(node.stage.id)?.values);
    if (old) this.#waiting = new Set([...old.#waiting].map(({ node }) => this.part(node.stage.id)));
  }

  /** @param {Node} node @param {Values} [known] */
  #add(node, known) {
    const id = node.stage.id;
    const [deep, flat] = [this.layouts['3d'], this.layouts.flat].map((layout) => /** @type {Board} */ (layout.boards.get(id)));
    const values = known ?? this.#valuesFor(node);
    const isCubes = !this.isLarge && isVector(node) && node.stage.units <= MOST_CUBES;
    const mesh = values instanceof Stack || values instanceof Vector ? createAtlas(deep, flat, values, this.look) : (isCubes ? createCubes : createPlane)(deep, flat, values, this.look);
    this.parts.set(id, { node, deep, flat, values, mesh, isCubes, lift: Math.min(1, deep.cell) });
    this.group.add(mesh);
  }

  /** @param {Node} node */
  #valuesFor({ stage, shape, sources, ...node }) {
    if (!this.isLarge) return new Values(stage.units, shape[0]);
    if (sources.length === 0 && shape[0] === 3) return new PhotoStack(shape, this.model.input);
    return isVector({ stage, shape, sources, ...node }) ? new Vector(stage.units) : new Stack(shape);
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
  colour(state) {
    if (this.isLarge) return this.#colourLarge(state);
    const { frame, scale } = state;
    if (!frame) return;
    for (const { node, values } of this.parts.values()) {
      const tensor = frame.tensors.get(node.stage.output);
      if (!tensor) continue;
      values.setValues(tensor);
      values.setRanges((channel) => stageRange(this.model, node.stage, tensor, channel, scale), scale !== 'map' || isVector(node));
    }
  }

  /** Note which stages have new values or another scale; an older picture's values go. @param {State} state */
  #colourLarge({ frame, scale, pass }) {
    for (const part of this.parts.values()) {
      const tensor = frame?.tensors.get(part.node.stage.output);
      const values = /** @type {Large} */ (part.values);
      if (!tensor) values.clear();
      if (tensor && (values.tensor !== tensor || values.scale !== scale || values.pass !== pass)) this.#waiting.add(part);
      else this.#waiting.delete(part);
    }
  }

  /** Send what changed to the GPU now, so that its cost is known; true when there is more to send. @param {THREE.WebGLRenderer} renderer @param {State} state @returns {boolean} */
  upload(renderer, state) {
    if (this.isLarge) return this.#uploadLarge(renderer, state);
    for (const { values } of this.parts.values()) values.upload(renderer);
    return false;
  }

  /** @param {THREE.WebGLRenderer} renderer @param {State} state */
  #uploadLarge(renderer, state) {
    let bytes = 0;
    for (const part of this.#waiting) {
      if (bytes > 0 && bytes + 2 * part.node.stage.units > UPLOAD) break;
      bytes += 2 * part.node.stage.units;
      this.#waiting.delete(part);
      this.#take(part, state);
      part.values.upload(renderer);
    }
    return this.#waiting.size > 0;
  }

  /** @param {Part} part @param {State} state */
  #take({ node, values }, { frame, pass, scale }) {
    const tensor = frame?.tensors.get(node.stage.output);
    if (!tensor) return;
    const large = /** @type {Large} */ (values);
    if (large.tensor !== tensor) large.setValues(tensor);
    const { of, shared } = rangesOf(this.model, node.stage, tensor, pass, scale);
    large.setRanges(of, shared);
    [large.scale, large.pass] = [scale, pass];
  }

  /** Does a stage still wait for its values? @param {string} id */
  isEmpty(id) {
    const { values } = this.part(id);
    return (values instanceof Stack || values instanceof Vector) && values.filled.value === 0;
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
    const { deep, flat, lift } = this.part(unit.stage);
    const [x, y, z] = between(placeOf(deep, unit), placeOf(flat, unit), this.flatness);
    return [x, side === 'top' ? y + this.height(unit) : y, z + ABOVE * lift * this.flatness];
  }

  /**
   * The corners now of a rectangle of cells in one map, in order round it.
   * @param {string} stage @param {number} channel @param {import('../core/unit/field.js').Box} box @param {number} [lift]
   * @returns {Point[]}
   */
  rectangle(stage, channel, { top, left, bottom, right }, lift = 0) {
    const part = this.part(stage);
    return [[left, top], [right, top], [right, bottom], [left, bottom]].map(([x, y]) => this.point(part, (board) => {
      const [u, v] = tileCorner(board, channel);
      const cell = cellOf(board, channel);
      return [u + x * cell, v + y * cell];
    }, lift * part.lift));
  }

  /** Tiles that show a channel: its map, and in a colour input the picture too. @param {string} stage @param {number} channel */
  tilesOf(stage, channel) {
    return this.part(stage).deep.picture ? [PICTURE, channel] : [channel];
  }

  /** Lets the GPU's memory go; `keepValues` when another shape of the same network goes on with them. @param {boolean} [keepValues] */
  dispose(keepValues = false) {
    this.group.traverse((each) => {
      if (!(each instanceof THREE.Mesh)) return;
      each.geometry.dispose();
      each.material.dispose();
    });
    if (!keepValues) for (const { values } of this.parts.values()) values.dispose();
  }
}
