/** Small pictures of the point sets for their buttons: a few points each, x, y in −1…1, and the class. */

const TURN = 2 * Math.PI;

/** @param {number} count @param {(share: number, i: number) => [number, number, number]} at */
const many = (count, at) => Array.from({ length: count }, (_, i) => at(i / count, i));

/** @type {Record<string, () => [number, number, number][]>} */
const SETS = {
  circle: () => [...many(7, (s) => /** @type {[number, number, number]} */ ([0.32 * Math.sin(TURN * s), 0.32 * Math.cos(TURN * s), 1])), ...many(14, (s) => /** @type {[number, number, number]} */ ([0.82 * Math.sin(TURN * s), 0.82 * Math.cos(TURN * s), 0]))],
  xor: () => many(20, (_, i) => quarter(i)),
  gauss: () => many(18, (s, i) => /** @type {[number, number, number]} */ ([(i % 2 ? 0.5 : -0.5) + 0.3 * Math.sin(TURN * s * 3.1) * (0.4 + s * 0.7), (i % 2 ? 0.5 : -0.5) + 0.3 * Math.cos(TURN * s * 3.1) * (0.4 + s * 0.7), i % 2])),
  spiral: () => many(26, (s, i) => arm(s, i % 2)),
  moons: () => many(20, (s, i) => (i % 2 ? [-0.25 + 0.6 * Math.cos(Math.PI * s), -0.12 + 0.6 * Math.sin(Math.PI * s), 1] : [0.25 - 0.6 * Math.cos(Math.PI * s), 0.12 - 0.6 * Math.sin(Math.PI * s), 0])),
  line: () => many(18, (s, i) => side(s, i % 2)),
  gate_and: () => corners((x, y) => x + y > 1),
  gate_or: () => corners((x, y) => x + y > 0),
  gate_xor: () => corners((x, y) => x !== y),
};

/** @param {number} i @returns {[number, number, number]} */
function quarter(i) {
  const [x, y] = [i % 2 ? 1 : -1, Math.floor(i / 2) % 2 ? 1 : -1];
  const [dx, dy] = [((i * 7) % 5) / 4 - 0.5, ((i * 3) % 5) / 4 - 0.5];
  return [x * (0.5 + 0.5 * dx), y * (0.5 + 0.5 * dy), x * y > 0 ? 1 : 0];
}

/** @param {number} share @param {number} label @returns {[number, number, number]} */
function arm(share, label) {
  const angle = TURN * share * 1.3 + (label ? 0 : Math.PI);
  return [0.9 * share * Math.sin(angle), 0.9 * share * Math.cos(angle), label];
}

/** @param {number} share @param {number} label @returns {[number, number, number]} */
function side(share, label) {
  const [along, off] = [share * 1.5 - 0.75, (0.22 + (Math.round(share * 18) % 3) * 0.22) * (label ? 1 : -1)];
  return [off * 0.54 - along * 0.84, off * 0.84 + along * 0.54, label];
}

/** @param {(x: number, y: number) => boolean} answer @returns {[number, number, number][]} */
function corners(answer) {
  return [[0, 0], [0, 1], [1, 0], [1, 1]].map(([x, y]) => [x * 1.2 - 0.6, y * 1.2 - 0.6, Number(answer(x, y))]);
}

/** @param {string} set @returns {[number, number, number][]} */
export function iconPoints(set) {
  return SETS[set]();
}
