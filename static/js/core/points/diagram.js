/**
 * Where the units of a small network stand in the diagram, and the links between them.
 *
 * @typedef {{layer: number, unit: number, x: number, y: number}} Place  The middle of a unit's tile.
 * @typedef {{layer: number, from: number, to: number, weight: number, path: string}} Link  Into `layer`.
 */

const LEAST_TILE = 26;
const MOST_TILE = 68;

/** The side of a tile, so that all columns and rows have room. @param {readonly number[]} widths  Units of each layer. @param {number} width @param {number} height */
export function tileSize(widths, width, height) {
  const rows = Math.max(...widths);
  return Math.round(Math.max(LEAST_TILE, Math.min(MOST_TILE, (height / rows) * 0.74, (width / widths.length) * 0.52)));
}

/** @param {readonly number[]} widths @param {number} width @param {number} height @returns {Place[][]} */
export function placesOf(widths, width, height) {
  const tile = tileSize(widths, width, height);
  const across = widths.length > 1 ? (width - tile) / (widths.length - 1) : 0;
  return widths.map((units, layer) => {
    const pitch = Math.min(tile * 1.5, height / units);
    return Array.from({ length: units }, (_, unit) => ({ layer, unit, x: tile / 2 + layer * across, y: height / 2 + (unit - (units - 1) / 2) * pitch }));
  });
}

/** From the right side of a tile to the left side of another. @param {Place} from @param {Place} to @param {number} tile */
export function linkPath(from, to, tile) {
  const [x1, x2] = [from.x + tile / 2, to.x - tile / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1.toFixed(1)} ${from.y.toFixed(1)}C${(x1 + bend).toFixed(1)} ${from.y.toFixed(1)} ${(x2 - bend).toFixed(1)} ${to.y.toFixed(1)} ${x2.toFixed(1)} ${to.y.toFixed(1)}`;
}

/** How thick a link is, in pixels: it grows with the weight, less and less. @param {number} weight */
export function thickness(weight) {
  return Number.isFinite(weight) ? Math.min(9, 0.5 + 2.6 * Math.sqrt(Math.abs(weight))) : 0.5;
}
