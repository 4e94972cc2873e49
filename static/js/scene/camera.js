/**
 * Where the scene is seen from. A view is a target, the direction from it to the eye, and how much height it shows.
 * In space the camera has perspective; flat it has none. A view turns into another by narrowing the lens (dolly zoom).
 *
 * @typedef {import('../core/layout/boards.js').Projection} Projection
 * @typedef {import('../core/layout/boards.js').Point} Point
 * @typedef {{target: THREE.Vector3, direction: THREE.Vector3, span: number, lens: number}} View  `lens`: field of view in degrees.
 * @typedef {{left: number, right: number, top: number, bottom: number}} Insets  Pixels to keep free.
 */
import * as THREE from 'three';

export const LENS = { '3d': 21, flat: 0.6 };

/** Directions of the presets: degrees to the right of the front, degrees above the horizon. */
export const DIRECTIONS = { 'three-quarter': [22, 26], front: [0, 12], top: [0, 89], side: [89, 14] };

/** The same for a network in columns, which must not stand behind one another. */
export const COLUMN_DIRECTIONS = { 'three-quarter': [13, 32], front: [0, 24], top: [0, 66], side: [42, 24] };

/** @param {number} azimuth @param {number} elevation  In degrees. */
export function directionOf(azimuth, elevation) {
  const [a, e] = [azimuth, elevation].map(THREE.MathUtils.degToRad);
  return new THREE.Vector3(Math.sin(a) * Math.cos(e), Math.sin(e), Math.cos(a) * Math.cos(e));
}

/** How far the eye is from the target. @param {View} view */
function distanceOf({ span, lens }) {
  return span / 2 / Math.tan(THREE.MathUtils.degToRad(lens) / 2);
}

/** Place a perspective camera as the view says. @param {THREE.PerspectiveCamera} camera @param {View} view */
export function applyPerspective(camera, view) {
  const distance = distanceOf(view);
  camera.fov = view.lens;
  camera.near = Math.max(0.5 * Math.min(1, distance / 12), distance - 900);
  camera.far = distance + 1200;
  pose(camera, view, distance);
}

/** Place an orthographic camera as the view says. @param {THREE.OrthographicCamera} camera @param {View} view @param {number} aspect */
export function applyOrthographic(camera, view, aspect) {
  camera.zoom = 1;
  [camera.top, camera.right] = [view.span / 2, (view.span / 2) * aspect];
  [camera.bottom, camera.left] = [-camera.top, -camera.right];
  [camera.near, camera.far] = [1, 2000];
  pose(camera, view, 1000);
}

/** @param {THREE.PerspectiveCamera|THREE.OrthographicCamera} camera @param {View} view @param {number} distance */
function pose(camera, view, distance) {
  camera.position.copy(view.target).addScaledVector(view.direction, distance);
  camera.up.set(0, 1, 0);
  camera.lookAt(view.target);
  camera.updateProjectionMatrix();
  camera.updateMatrixWorld();
}

/**
 * The view from `direction` in which all points just fit between the insets.
 * @param {Point[]} points @param {THREE.Vector3} direction @param {number} lens @param {{width: number, height: number}} size @param {Insets} insets
 * @returns {View}
 */
export function fit(points, direction, lens, size, insets) {
  const camera = new THREE.PerspectiveCamera(lens, size.width / size.height);
  const box = new THREE.Box3().setFromPoints(points.map((point) => new THREE.Vector3(...point)));
  /** @type {View} */
  const view = { target: box.getCenter(new THREE.Vector3()), direction: direction.clone(), span: 3 * box.getSize(new THREE.Vector3()).length(), lens };
  const free = { width: Math.max(40, size.width - insets.left - insets.right), height: Math.max(40, size.height - insets.top - insets.bottom) };
  for (let round = 0; round < 12; round++) {
    applyPerspective(camera, view);
    const seen = new THREE.Box3().setFromPoints(points.map((point) => new THREE.Vector3(...point).project(camera)));
    const middle = [(seen.min.x + seen.max.x) / 2, (seen.min.y + seen.max.y) / 2];
    const aim = [(insets.left - insets.right) / size.width, (insets.bottom - insets.top) / size.height];
    shift(camera, view, (middle[0] - aim[0]) * size.width / size.height, middle[1] - aim[1]);
    const used = Math.max(((seen.max.x - seen.min.x) / 2) * (size.width / free.width), ((seen.max.y - seen.min.y) / 2) * (size.height / free.height));
    view.span *= used;
  }
  return view;
}

/** Move the target sideways by shares of half the view's height. @param {THREE.Camera} camera @param {View} view @param {number} right @param {number} up */
function shift(camera, view, right, up) {
  const half = view.span / 2;
  view.target.addScaledVector(new THREE.Vector3().setFromMatrixColumn(camera.matrixWorld, 0), right * half);
  view.target.addScaledVector(new THREE.Vector3().setFromMatrixColumn(camera.matrixWorld, 1), up * half);
}

/** A view between two. @param {View} a @param {View} b @param {number} t @returns {View} */
export function blend(a, b, t) {
  const log = (/** @type {number} */ x, /** @type {number} */ y) => Math.exp(Math.log(x) + t * (Math.log(y) - Math.log(x)));
  return {
    target: a.target.clone().lerp(b.target, t), direction: a.direction.clone().lerp(b.direction, t).normalize(),
    span: log(a.span, b.span), lens: log(a.lens, b.lens),
  };
}
