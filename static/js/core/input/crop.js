/**
 * What part of a photograph a network sees: its shorter side becomes `resize` pixels, then the middle is cut out.
 *
 * @typedef {import('../types.js').InputInfo} InputInfo
 * @typedef {{left: number, top: number, width: number, height: number}} Part  Shares of the photograph's width and height, 0…1.
 */

/**
 * @param {number} width  Of the photograph, in pixels.
 * @param {number} height
 * @param {InputInfo} input
 * @returns {Part}
 */
export function seenPart(width, height, input) {
  const [, rows, columns] = input.shape;
  const scale = (input.resize ?? Math.min(rows, columns)) / Math.min(width, height);
  const share = (/** @type {number} */ cut, /** @type {number} */ side) => Math.min(1, cut / (side * scale));
  const [across, down] = [share(columns, width), share(rows, height)];
  return { left: (1 - across) / 2, top: (1 - down) / 2, width: across, height: down };
}

/**
 * Why a file cannot be used as a photograph: 'type', 'size', or null if it can.
 * @param {{type: string, size: number}} file @param {number} most  Bytes that the server takes.
 */
export function pictureProblem({ type, size }, most) {
  if (type !== '' && !type.startsWith('image/')) return 'type';
  return size > most ? 'size' : null;
}
