/**
 * Pictures as arrays: reducing a drawing, moving and thickening it, enlarging it again.
 * A drawing is 28×28 bytes, white ink (255) on black (0), row by row.
 *
 * @typedef {import('../types.js').Transform} Transform
 */

export const SIDE = 28;
/** Full ink. */
export const FULL = 255;
const PIXELS = SIDE * SIDE;

/**
 * Means over blocks of `cell`×`cell` alpha values: a high-resolution drawing reduced by area averaging.
 * @param {Uint8ClampedArray} rgba  Width × height × 4; the ink is the alpha channel.
 * @param {number} columns  Cells a row; the width is columns × cell.
 * @param {number} rows
 * @param {number} cell
 * @returns {Uint8Array}  rows × columns
 */
export function areaAverage(rgba, columns, rows, cell) {
  const out = new Uint8Array(rows * columns);
  const width = columns * cell;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let y = row * cell; y < (row + 1) * cell; y++) {
        const start = (y * width + column * cell) * 4 + 3;
        for (let k = start; k < start + cell * 4; k += 4) sum += rgba[k];
      }
      out[row * columns + column] = Math.round(sum / (cell * cell));
    }
  }
  return out;
}

/** Bilinear value at (y, x) of a square picture, 0 outside. @param {ArrayLike<number>} from @param {number} y @param {number} x @param {number} side */
function sample(from, y, x, side) {
  const y0 = Math.floor(y);
  const x0 = Math.floor(x);
  const fy = y - y0;
  const fx = x - x0;
  const at = (/** @type {number} */ r, /** @type {number} */ c) => (r >= 0 && r < side && c >= 0 && c < side ? from[r * side + c] : 0);
  const top = at(y0, x0) * (1 - fx) + at(y0, x0 + 1) * fx;
  const bottom = at(y0 + 1, x0) * (1 - fx) + at(y0 + 1, x0 + 1) * fx;
  return top * (1 - fy) + bottom * fy;
}

/** Shifted, turned (degrees, clockwise) and scaled about the middle. @param {Uint8Array} drawing @param {Transform} transform */
function affine(drawing, { dx, dy, rotate, scale }) {
  const out = new Uint8Array(PIXELS);
  const middle = (SIDE - 1) / 2;
  const angle = (rotate * Math.PI) / 180;
  const cos = Math.cos(angle) / scale;
  const sin = Math.sin(angle) / scale;
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const u = x - middle - dx;
      const v = y - middle - dy;
      out[y * SIDE + x] = Math.round(sample(drawing, middle - sin * u + cos * v, middle + cos * u + sin * v, SIDE));
    }
  }
  return out;
}

/** Offsets of a soft disc of fractional radius, with their weights. @param {number} radius */
function softDisc(radius) {
  const reach = Math.ceil(radius);
  const offsets = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const weight = Math.min(1, radius + 1 - Math.hypot(dx, dy));
      if (weight > 0) offsets.push({ dy, dx, weight });
    }
  }
  return offsets;
}

/** Grey dilation: every pixel takes the strongest of its neighbours. @param {Uint8Array} drawing @param {number} radius @param {number} outside */
function dilate(drawing, radius, outside) {
  const out = new Uint8Array(PIXELS);
  const disc = softDisc(radius);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      let best = 0;
      for (const { dy, dx, weight } of disc) {
        const inside = y + dy >= 0 && y + dy < SIDE && x + dx >= 0 && x + dx < SIDE;
        best = Math.max(best, weight * (inside ? drawing[(y + dy) * SIDE + x + dx] : outside));
      }
      out[y * SIDE + x] = Math.round(best);
    }
  }
  return out;
}

/** @param {Uint8Array} drawing */
const inverted = (drawing) => drawing.map((value) => FULL - value);

/** Strokes wider (or, negative, thinner) by about `amount` pixels on each side. @param {Uint8Array} drawing @param {number} amount */
function thicken(drawing, amount) {
  return amount > 0 ? dilate(drawing, amount, 0) : inverted(dilate(inverted(drawing), -amount, FULL));
}

/** Uniform numbers 0…1 that are the same every time (mulberry32). @param {number} seed */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal noise, one value a pixel, always the same. */
const NOISE = (() => {
  const next = random(1);
  return Float32Array.from({ length: PIXELS }, () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()));
})();

/** @param {Uint8Array} drawing @param {number} amount  Standard deviation, 1 = full ink. */
function addNoise(drawing, amount) {
  return drawing.map((value, i) => Math.max(0, Math.min(FULL, Math.round(value + amount * FULL * NOISE[i]))));
}

/** The drawing after its transformations, in the order stroke, place, noise. @param {Uint8Array} drawing @param {Transform} transform @returns {Uint8Array} */
export function applyTransform(drawing, transform) {
  const { dx, dy, rotate, scale, noise, stroke } = transform;
  let out = drawing;
  if (stroke !== 0) out = thicken(out, stroke);
  if (dx !== 0 || dy !== 0 || rotate !== 0 || scale !== 1) out = affine(out, transform);
  if (noise !== 0) out = addNoise(out, noise);
  return out;
}

/** One drawing a value of the slider `key`, one after the other. @param {Uint8Array} drawing @param {Transform} transform @param {keyof Transform} key @param {number[]} values */
export function sweep(drawing, transform, key, values) {
  const out = new Uint8Array(values.length * PIXELS);
  values.forEach((value, i) => out.set(applyTransform(drawing, { ...transform, [key]: value }), i * PIXELS));
  return out;
}

/** Weights of the cubic B-spline for the four cells around a point, `t` behind the second. @param {number} t */
function spline(t) {
  const r = 1 - t;
  return [r * r * r, 3 * t * t * t - 6 * t * t + 4, 3 * r * r * r - 6 * r * r + 4, t * t * t].map((weight) => weight / 6);
}

/**
 * Each row of `from` (rows of SIDE values) stretched `cell` times and laid down as a column: rows become columns.
 * @param {ArrayLike<number>} from @param {number} cell
 */
function stretchAndTurn(from, cell) {
  const rows = from.length / SIDE;
  const out = new Float32Array(rows * SIDE * cell);
  for (let x = 0; x < SIDE * cell; x++) {
    const place = (x + 0.5) / cell - 0.5;
    const first = Math.floor(place) - 1;
    const weights = spline(place - Math.floor(place));
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) {
        if (first + k >= 0 && first + k < SIDE) sum += weights[k] * from[row * SIDE + first + k];
      }
      out[x * rows + row] = sum;
    }
  }
  return out;
}

/**
 * A smooth enlargement for the pad: the outline at about half ink of the picture as a cubic spline.
 * @param {Uint8Array} drawing @param {number} cell  Pixels a cell.
 * @returns {Uint8ClampedArray<ArrayBuffer>}  (SIDE·cell)² × RGBA, ink in alpha.
 */
export function enlarge(drawing, cell) {
  const ink = stretchAndTurn(stretchAndTurn(drawing, cell), cell);
  const out = new Uint8ClampedArray(ink.length * 4);
  ink.forEach((value, i) => {
    const sharp = Math.max(0, Math.min(1, (value / FULL - 0.3) / 0.2));
    out[i * 4 + 3] = FULL * sharp * sharp * (3 - 2 * sharp);
  });
  return out;
}
