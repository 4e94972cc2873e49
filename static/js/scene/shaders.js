/**
 * GLSL of the scene. Colours are sRGB throughout: the palette's bytes reach the screen unchanged.
 * A unit's value is one texel of its stage's texture, in the order of the tensor; its colour is looked up on the GPU.
 */

/** Value, range and colour of a unit: what planes and cubes share. */
export const LOOKUP = /* glsl */ `
precision highp float;
precision highp int;
precision highp sampler2D;
uniform sampler2D ranges;   // one texel a channel: lo, hi
uniform sampler2D palette;  // 256 × 2: sequential, diverging
uniform float isSigned;
uniform vec3 background;
uniform vec3 line;

vec2 rangeOf(int channel) {
  int width = textureSize(ranges, 0).x;
  return texelFetch(ranges, ivec2(channel % width, channel / width), 0).rg;
}
vec3 colourOf(float value, vec2 range) {
  float t = clamp((value - range.x) / (range.y - range.x), 0.0, 1.0);
  float entry = isSigned > 0.5 ? 1.0 + 254.0 * t : 255.0 * t;
  return texture(palette, vec2((entry + 0.5) / 256.0, isSigned > 0.5 ? 0.75 : 0.25)).rgb;
}
`;

/** A thin gap and soft corners, for cells that are large on the screen. */
export const CELL_EDGE = /* glsl */ `
// Distance in pixels to the rounded cell's edge, negative inside.
float cellEdge(vec2 at, float pixels) {
  float radius = 0.1, gap = 0.04;
  vec2 q = abs(fract(at) - 0.5) - 0.5 + radius + gap;
  return (length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - radius) * pixels;
}
`;

/** Values of any stage in the order of its tensor. */
export const IN_ORDER = /* glsl */ `
uniform sampler2D values;   // one texel a unit
float valueAt(int index) {
  int width = textureSize(values, 0).x;
  return texelFetch(values, ivec2(index % width, index / width), 0).r;
}
`;

/** A tile's corner in 3D and flat, and the cell coordinates there. */
export const PLANE_VERTEX = /* glsl */ `
precision highp float;
precision highp int;
uniform mat4 viewMatrix, projectionMatrix;
uniform float flatness;
in vec3 position;
in vec3 flatPosition;
in vec2 cell;
in float channel;
out vec2 at;
flat out int map;
void main() {
  at = cell;
  map = int(channel);
  gl_Position = projectionMatrix * viewMatrix * vec4(mix(position, flatPosition, flatness), 1.0);
}`;

/**
 * Cells of a feature map. Far away: the average of the cells under the pixel, so that nothing flickers. Near: every
 * cell for itself, with a thin gap and soft corners. A hairline frames the map.
 */
export const PLANE_FRAGMENT = `${LOOKUP}${IN_ORDER}${CELL_EDGE}uniform vec2 size;  // cells across and down
in vec2 at;
flat in int map;
out vec4 colour;

vec3 cellColour(ivec2 cell, vec2 range) {
  cell = clamp(cell, ivec2(0), ivec2(size) - 1);
  return colourOf(valueAt((map * int(size.y) + cell.y) * int(size.x) + cell.x), range);
}
// The exact average over the pixel's box while a cell is larger than a pixel, else a grid of samples.
vec3 averaged(vec2 reach, vec2 range) {
  vec2 low = at - 0.5 * reach, high = at + 0.5 * reach;
  ivec2 a = ivec2(floor(low)), b = ivec2(floor(high));
  if (a == b) return cellColour(a, range);
  if (max(reach.x, reach.y) <= 1.0) {
    vec2 share = clamp((high - floor(high)) / reach, 0.0, 1.0) * vec2(notEqual(a, b));
    vec3 top = mix(cellColour(a, range), cellColour(ivec2(b.x, a.y), range), share.x);
    vec3 bottom = mix(cellColour(ivec2(a.x, b.y), range), cellColour(b, range), share.x);
    return mix(top, bottom, share.y);
  }
  vec3 sum = vec3(0.0);
  for (int i = 0; i < 9; i++) sum += cellColour(ivec2(floor(low + reach * (vec2(i % 3, i / 3) + 0.5) / 3.0)), range);
  return sum / 9.0;
}
void main() {
  vec2 reach = max(fwidth(at), vec2(1e-4));
  vec2 beyond = max(-at, at - size) / reach;
  float outside = max(beyond.x, beyond.y);
  if (outside > 0.0) {
    float alpha = clamp(1.6 - outside, 0.0, 1.0);
    if (alpha <= 0.0) discard;
    colour = vec4(mix(background, line, alpha), 1.0);
    return;
  }
  float pixels = 1.0 / max(reach.x, reach.y);
  vec3 rgb = averaged(reach, rangeOf(map));
  float gap = clamp(cellEdge(at, pixels) + 0.5, 0.0, 1.0) * smoothstep(5.0, 11.0, pixels);
  colour = vec4(mix(rgb, background, gap), 1.0);
}`;

/** One cube of a small dense stage: as high as its value is large. Flat, the cubes lie down and are seen from above. */
export const CUBE_VERTEX = `${LOOKUP}${IN_ORDER}uniform mat4 viewMatrix, projectionMatrix;
uniform float flatness;
uniform vec2 side;    // of the footprint, in 3D and flat
uniform vec2 heights; // lowest and highest
in vec3 position;
in vec3 normal;
in vec2 uv;
in vec3 place;
in vec3 flatPlace;
in float channel;
out vec3 tint;
out vec2 face;
out float light;
void main() {
  float value = valueAt(int(channel));
  vec2 range = rangeOf(int(channel));
  float strength = clamp(abs(value) / max(abs(range.x), abs(range.y)), 0.0, 1.0);
  float high = mix(heights.x, heights.y, strength) * (1.0 - flatness) + 0.1 * flatness;
  vec3 body = vec3(position.xz * mix(side.x, side.y, flatness), (position.y + 0.5) * high);
  float turn = flatness * 1.5707963;
  vec3 up = vec3(0.0, cos(turn), sin(turn)), down = vec3(0.0, -sin(turn), cos(turn));
  vec3 world = mix(place, flatPlace, flatness) + vec3(body.x, 0.0, 0.0) + body.y * down + body.z * up;
  tint = colourOf(value, range);
  face = uv;
  light = abs(normal.y) > 0.5 ? 1.0 : abs(normal.z) > 0.5 ? 0.8 : 0.66;
  gl_Position = projectionMatrix * viewMatrix * vec4(world, 1.0);
}`;

export const CUBE_FRAGMENT = /* glsl */ `
precision highp float;
uniform vec3 background;
uniform vec3 line;
in vec3 tint;
in vec2 face;
in float light;
out vec4 colour;
void main() {
  vec2 edge = min(face, 1.0 - face) / max(fwidth(face), vec2(1e-4));
  float rim = clamp(1.2 - min(edge.x, edge.y), 0.0, 1.0);
  vec3 shaded = mix(mix(background, vec3(0.0), 0.35), tint, light);
  colour = vec4(mix(shaded, line, 0.75 * rim), 1.0);
}`;

/** A link: a ribbon of constant width in pixels along a line or a curve that leaves and arrives upright. */
export const LINK_VERTEX = /* glsl */ `
precision highp float;
uniform mat4 viewMatrix, projectionMatrix;
uniform vec2 viewport;
uniform float caps;
in vec2 position;  // along 0…1, across −1…1
in vec3 start;
in vec3 end;
in vec4 rgba;
in vec2 shape;     // width in pixels, bend 0…1
out vec4 colour;
out float across;
out float halfWidth;

vec3 pointAt(float t) {
  vec3 way = end - start;
  float rise = 0.5 * way.y;
  vec3 a = mix(start + way / 3.0, start + vec3(0.0, rise, 0.0), shape.y);
  vec3 b = mix(end - way / 3.0, end - vec3(0.0, rise, 0.0), shape.y);
  float s = 1.0 - t;
  return s * s * s * start + 3.0 * s * s * t * a + 3.0 * s * t * t * b + t * t * t * end;
}
vec4 clipAt(float t) {
  vec4 clip = projectionMatrix * viewMatrix * vec4(pointAt(t), 1.0);
  clip.w = max(clip.w, 1e-3);
  return clip;
}
void main() {
  float t = position.x;
  vec4 here = clipAt(t), before = clipAt(max(t - 0.04, 0.0)), after = clipAt(min(t + 0.04, 1.0));
  vec2 way = (after.xy / after.w - before.xy / before.w) * viewport;
  way = length(way) > 1e-6 ? normalize(way) : vec2(0.0, 1.0);
  halfWidth = 0.5 * shape.x;
  across = position.y * (halfWidth + 1.0);
  vec2 shift = across * vec2(-way.y, way.x) + caps * halfWidth * sign(t - 0.5) * way;
  here.xy += 2.0 * shift / viewport * here.w;
  colour = rgba;
  gl_Position = here;
}`;

export const LINK_FRAGMENT = /* glsl */ `
precision highp float;
uniform float opacity;
in vec4 colour;
in float across;
in float halfWidth;
out vec4 result;
void main() {
  float alpha = clamp(halfWidth + 0.5 - abs(across), 0.0, 1.0) * min(1.0, 2.0 * halfWidth);
  result = vec4(colour.rgb, colour.a * alpha * opacity);
}`;
