/**
 * What of the network is seen: every unit's small surface, the chosen or hovered unit's large one, and what every unit
 * says of the probe. Computed when it is asked for, once for each network.
 *
 * @typedef {import('../../../core/points/control.js').PointsControl} Control
 * @typedef {import('../../../core/points/surface.js').UnitSurface} UnitSurface
 * @typedef {readonly [number, number]} Unit
 */
import { rangeOf } from '../../../core/points/choice.js';
import { passOf } from '../../../core/points/network.js';
import { answerOf, surfacesOf, widthsOf } from '../../../core/points/surface.js';

/** Points across a tile, and across the plane. */
const SMALL = 30;
const LARGE = 110;

/** @param {Control} control @param {() => void} changed */
export function createSight(control, changed) {
  /** @type {Unit|null} */
  let hovered = null;
  /** @type {{network: unknown, set: string, size: number, surfaces: UnitSurface[][]}[]} */
  let kept = [];

  /** @param {number} size @returns {UnitSurface[][]|null} */
  function surfaces(size) {
    const { network } = control.shown();
    const { set } = control.choice();
    if (!network) return null;
    const found = kept.find((each) => each.network === network && each.set === set && each.size === size);
    if (found) return found.surfaces;
    const made = surfacesOf(network, size, rangeOf(set));
    kept = [{ network, set, size, surfaces: made }, ...kept.filter((each) => each.network === network)].slice(0, 2);
    return made;
  }

  /** The unit that is shown large: the hovered one, else the chosen one, else the answer. @returns {Unit} */
  function unit() {
    const { network } = control.shown();
    const wanted = hovered ?? control.choice().unit;
    if (!network) return wanted ?? [1, 0];
    return wanted && wanted[1] < (widthsOf(network)[wanted[0]] ?? 0) ? wanted : answerOf(network);
  }

  return {
    unit,
    small: () => surfaces(SMALL),
    large: () => { const [layer, index] = unit(); return surfaces(LARGE)?.[layer]?.[index] ?? null; },
    /** What every unit says of the probe; null without one. */
    probed() {
      const { network } = control.shown();
      const { probe } = control.choice();
      return network && probe ? passOf(network, probe[0], probe[1]) : null;
    },
    /** @param {Unit|null} next */
    hover(next) {
      if (next?.join() === hovered?.join()) return;
      hovered = next;
      changed();
    },
  };
}

/** @typedef {ReturnType<typeof createSight>} Sight */
