/**
 * The graph's edges as quiet lines between the boards of a large network; those at the stage that is looked at stand out.
 *
 * @typedef {import('../core/layout/routes.js').Route} Route
 * @typedef {import('./network.js').Network} Network
 * @typedef {import('./links.js').Link} Link
 * @typedef {[number, number, number]} Rgb
 */
import { routesOf } from '../core/layout/routes.js';
import { Links } from './links.js';

/** @param {Rgb} a @param {Rgb} b @param {number} t @returns {Rgb} */
function mix(a, b, t) {
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])];
}

export class Wires {
  /** @param {{value: import('three').Vector2}} viewport @param {Network} network */
  constructor(viewport, network) {
    this.network = network;
    this.routes = network.isTower ? { '3d': [], flat: [] } : { '3d': routesOf(network.model, network.layouts['3d']), flat: routesOf(network.model, network.layouts.flat) };
    const pieces = Object.values(this.routes).map((routes) => routes.reduce((sum, { points }) => sum + points.length - 1, 0));
    this.links = new Links({ viewport, capacity: Math.max(1, ...pieces), pieces: 1, order: 0.5, behind: 0.25 });
    this.group = this.links.group;
  }

  /** The routes of the present projection. */
  get shown() {
    return this.network.flatness > 0.5 ? this.routes.flat : this.routes['3d'];
  }

  /** @param {string|null} stage  That is looked at. @param {number} scale */
  update(stage, scale) {
    const visible = (/** @type {Route} */ { from, to }) => this.network.part(from).mesh.visible && this.network.part(to).mesh.visible;
    this.links.set(this.shown.filter(visible).flatMap((route) => this.#lines(route, stage)), scale);
  }

  /** @param {Route} route @param {string|null} stage @returns {Link[]} */
  #lines({ from, to, kind, points }, stage) {
    const { background, muted, text } = this.network.look.colours;
    const near = stage !== null && (from === stage || to === stage);
    const rgb = near ? text : mix(background, muted, kind === 'skip' ? 0.7 : 0.55);
    const width = near ? 1.8 : kind === 'skip' ? 1.3 : 1.1;
    return points.slice(1).map((end, i) => ({ start: points[i], end, rgb, alpha: 1, width, bend: 0 }));
  }

  dispose() {
    this.links.dispose();
  }
}
