/**
 * What the pointer does to the state: it hovers, pins, lets go and focuses units.
 *
 * @typedef {import('./director.js').Director} Director
 * @typedef {import('../core/types.js').Unit} Unit
 */
import { sameUnit } from '../core/networks/graph.js';
import { screenOf, unitAt } from './sight.js';

export class Pointer {
  /** @type {{x: number, y: number}|null} */ #at = null;

  /** @param {Director} director */
  constructor(director) {
    this.director = director;
    /** The unit that we made the hovered one. @type {Unit|null} */
    this.ours = null;
  }

  /** Is the hovered unit ours, or another part of the page's? */
  get owns() {
    return this.ours !== null && this.director.store.get().hover === this.ours;
  }

  /** @param {number} x @param {number} y */
  unitAt(x, y) {
    const { network, rig, screen } = this.director;
    return unitAt(network, rig, screen, x, y);
  }

  /** @param {Unit} unit */
  screenOf(unit) {
    const { network, rig, screen } = this.director;
    return network ? screenOf(network, rig, screen, unit) : null;
  }

  /** The unit under it is found with the next picture. @param {number} x @param {number} y */
  move(x, y) {
    this.#at = { x, y };
    this.director.need('hover');
  }

  leave() {
    this.#at = null;
    if (this.owns) this.hover(null);
  }

  /** Look what is under the pointer now. */
  seek() {
    if (!this.#at) return;
    const unit = this.unitAt(this.#at.x, this.#at.y);
    this.director.element.classList.toggle('is-pointing', unit !== null);
    this.hover(unit);
  }

  /** @param {Unit|null} unit */
  hover(unit) {
    const { store } = this.director;
    if (this.owns && sameUnit(this.ours, unit)) return;
    this.ours = unit;
    store.set({ hover: unit });
  }

  /** Pins the unit there; beside the units, lets the pinned one go. @param {number} x @param {number} y */
  click(x, y) {
    const unit = this.unitAt(x, y);
    if (!sameUnit(this.director.store.get().pinned, unit)) this.director.store.set({ pinned: unit });
  }

  /** @param {number} x @param {number} y */
  focus(x, y) {
    const unit = this.unitAt(x, y);
    if (unit) this.director.focus(unit);
  }
}
