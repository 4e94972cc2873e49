/**
 * GLSL of large networks: a stage is one quad, whatever the number of its maps. Which map and which cell a pixel shows
 * is computed from its place on the board, so that levels of detail come from mipmaps.
 */
import { CELL_EDGE, IN_ORDER, LOOKUP } from './shaders.js';

/** The board's corners in 3D and flat; the place on the board in cells of the present projection's grid. */
export const BOARD_VERTEX = /* glsl */ `
precision highp float;
uniform mat4 viewMatrix, projectionMatrix;
uniform float flatness;
in vec3 position;
in vec3 flatPosition;
in vec2 cell;
in vec2 flatCell;
out vec2 at;
void main() {
  at = flatness > 0.5 ? flatCell : cell;
  gl_Position = projectionMatrix * viewMatrix * vec4(mix(position, flatPosition, flatness), 1.0);
}`;

/** What maps and vectors share: an empty plate until the values have come. */
const PLATE = /* glsl */ `
uniform float flatness;
uniform float filled;
in vec2 at;
out vec4 colour;
vec3 plate() {
  return mix(background, line, filled > 0.5 ? 0.55 : 0.3);
}
`;

/**
 * Feature maps in rows and columns. Far away: the average of the values under the pixel (trilinear mipmaps of each map), lifted.
 * Near: every cell for itself.
 */
export const MAPS_FRAGMENT = `${LOOKUP}${CELL_EDGE}${PLATE}
precision highp sampler2DArray;
uniform sampler2DArray values;  // one layer a map
uniform vec3 grids[2];          // in 3D and flat: maps in a row, from a map to the next in cells
uniform vec2 size;              // of a map in cells
uniform int count;              // maps

// Where to read: near, crisp cells with an edge of one pixel between them; far, the cell itself.
vec2 crisp(vec2 cell, vec2 reach) {
  vec2 base = floor(cell - 0.5), rest = cell - 0.5 - base;
  return base + 0.5 + clamp((rest - 0.5) / min(reach, 1.0) + 0.5, 0.0, 1.0);
}
// An average of many sparse values is faint: the farther away, the more it is lifted. Zero stays zero, full stays full.
vec3 lifted(float value, vec2 range, float cells) {
  float full = max(abs(range.x), abs(range.y));
  float share = clamp(abs(value) / full, 0.0, 1.0);
  return colourOf(sign(value) * full * pow(share, mix(1.0, 0.72, clamp(log2(cells) / 4.0, 0.0, 1.0))), range);
}
vec3 shade(vec2 place, vec3 grid, vec2 reach) {
  vec2 tile = floor(place / grid.yz);
  vec2 cell = place - tile * grid.yz;
  int map = int(tile.y * grid.x + tile.x);
  if (map < 0 || map >= count || tile.x < 0.0 || tile.x >= grid.x) return background;
  vec2 range = rangeOf(map);
  float pixels = 1.0 / max(reach.x, reach.y);
  float value = textureLod(values, vec3(crisp(cell, reach) / size, float(map)), 0.5 * log2(reach.x * reach.y)).r;
  vec3 rgb = lifted(value, range, 1.0 / pixels);
  float gap = pixels > 5.0 ? clamp(cellEdge(cell, pixels) + 0.5, 0.0, 1.0) * smoothstep(5.0, 11.0, pixels) : 0.0;
  vec2 inside = clamp((size - cell) / reach + 0.5, 0.0, 1.0);
  return mix(plate(), mix(rgb, background, gap), inside.x * inside.y);
}
void main() {
  if (filled < 0.5) {
    colour = vec4(plate(), 1.0);
    return;
  }
  vec3 grid = grids[flatness > 0.5 ? 1 : 0];
  vec2 dx = dFdx(at), dy = dFdy(at), reach = max(abs(dx) + abs(dy), vec2(1e-5));
  // Maps as small as pixels: the average of several. A loop, because software rendering runs both sides of a branch.
  int samples = max(reach.x, reach.y) < min(size.x, size.y) ? 1 : 4;
  vec3 sum = vec3(0.0);
  for (int i = 0; i < samples; i++) {
    vec2 step = samples == 1 ? vec2(0.0) : vec2(i % 2, i / 2) - 0.5;
    sum += shade(at + 0.5 * (dx * step.x + dy * step.y), grid, reach);
  }
  colour = vec4(sum / float(samples), 1.0);
}`;

/** The units of a dense stage in rows. */
export const VECTOR_FRAGMENT = `${LOOKUP}${IN_ORDER}${CELL_EDGE}${PLATE}
uniform vec3 grids[2];
uniform int count;

vec3 cellColour(vec2 place, vec3 grid, vec2 range) {
  vec2 tile = floor(place / grid.yz);
  int index = int(tile.y * grid.x + tile.x);
  return index < 0 || index >= count || tile.x >= grid.x ? background : colourOf(valueAt(index), range);
}
void main() {
  if (filled < 0.5) {
    colour = vec4(plate(), 1.0);
    return;
  }
  vec3 grid = grids[flatness > 0.5 ? 1 : 0];
  vec2 dx = dFdx(at), dy = dFdy(at);
  vec2 reach = max(abs(dx) + abs(dy), vec2(1e-5));
  vec2 range = rangeOf(0);
  float pixels = 1.0 / max(reach.x, reach.y);
  vec3 sum = vec3(0.0);
  int side = pixels > 3.0 ? 1 : 3;
  for (int i = 0; i < side * side; i++) {
    vec2 step = (vec2(i % side, i / side) + 0.5) / float(side) - 0.5;
    sum += cellColour(at + dx * step.x + dy * step.y, grid, range);
  }
  vec2 cell = at - floor(at / grid.yz) * grid.yz;
  float gap = clamp(cellEdge(cell, pixels) + 0.5, 0.0, 1.0) + step(1.0, cell.x) + step(1.0, cell.y);
  colour = vec4(mix(sum / float(side * side), background, min(1.0, gap) * smoothstep(4.0, 8.0, pixels)), 1.0);
}`;

/** The photograph in its own colours. */
export const PHOTO_FRAGMENT = `precision highp float;
uniform vec3 background;
uniform vec3 line;
${PLATE}
uniform sampler2D photo;
uniform vec2 size;
void main() {
  vec2 share = at / size;
  colour = vec4(filled > 0.5 ? textureGrad(photo, share, dFdx(share), dFdy(share)).rgb : plate(), 1.0);
}`;
