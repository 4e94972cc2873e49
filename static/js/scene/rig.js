/**
 * The cameras and the hand on them: orbit, pan, zoom, and turning from one view to another.
 *
 * @typedef {import('./camera.js').View} View
 * @typedef {import('../core/layout/boards.js').Projection} Projection
 * @typedef {{from: View, to: View, start: number, fromFlat: number, toFlat: number}} Turn
 */
import * as THREE from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import { applyOrthographic, applyPerspective, blend, LENS } from './camera.js';

const TURN_MS = 220;

export class Rig {
  /** @type {Turn|null} */ #turn = null;
  #aspect = 1;

  /** @param {HTMLElement} element  Where the pointer is heard. @param {() => void} changed */
  constructor(element, changed) {
    this.perspective = new THREE.PerspectiveCamera(LENS['3d'], 1);
    this.orthographic = new THREE.OrthographicCamera();
    /** @type {THREE.PerspectiveCamera|THREE.OrthographicCamera} */
    this.camera = this.perspective;
    this.projection = /** @type {Projection} */ ('3d');
    this.flatness = 0;
    /** How near one may go, as a share of what is usual: cells may be small. */
    this.nearest = 1;
    this.controls = /** @type {OrbitControls & {object: THREE.Camera}} */ (new OrbitControls(this.camera, element));
    this.controls.zoomToCursor = true;
    this.controls.dampingFactor = 0.3;
    this.controls.rotateSpeed = 0.7;
    this.controls.addEventListener('change', changed);
    this.changed = changed;
  }

  /** The present view. @returns {View} */
  view() {
    const { camera } = this;
    const offset = camera.position.clone().sub(this.controls.target);
    const direction = offset.clone().normalize();
    if (camera instanceof THREE.OrthographicCamera) {
      return { target: this.controls.target.clone(), direction, span: (camera.top - camera.bottom) / camera.zoom, lens: LENS.flat };
    }
    const span = 2 * offset.length() * Math.tan(THREE.MathUtils.degToRad(camera.fov) / 2);
    return { target: this.controls.target.clone(), direction, span, lens: camera.fov };
  }

  /** Go to a view at once, or in a turn of 220 ms. @param {View} to @param {Projection} projection @param {boolean} smooth */
  go(to, projection, smooth) {
    const from = this.view();
    const fromFlat = this.flatness;
    const toFlat = projection === 'flat' ? 1 : 0;
    this.projection = projection;
    this.controls.enabled = false;
    this.#turn = { from, to, start: smooth ? performance.now() : -Infinity, fromFlat, toFlat };
    this.changed();
  }

  /** Is it between two views? */
  get turning() {
    return this.#turn !== null;
  }

  /** Move on to `now`; true when another picture is needed after this one. @param {number} now */
  step(now) {
    if (!this.#turn) return this.controls.update();
    const { from, to, start, fromFlat, toFlat } = this.#turn;
    const share = Math.min(1, (now - start) / TURN_MS);
    const eased = share * share * (3 - 2 * share);
    this.flatness = fromFlat + eased * (toFlat - fromFlat);
    if (share === 1) this.#arrive(to);
    else this.#use(this.perspective, blend(from, to, eased));
    return true;
  }

  /** @param {View} view */
  #arrive(view) {
    this.#turn = null;
    this.#use(this.projection === 'flat' ? this.orthographic : this.perspective, view);
    const { controls } = this;
    const flat = this.projection === 'flat';
    controls.enabled = true;
    controls.enableRotate = !flat;
    controls.screenSpacePanning = true;
    controls.mouseButtons = { LEFT: flat ? THREE.MOUSE.PAN : THREE.MOUSE.ROTATE, MIDDLE: THREE.MOUSE.DOLLY, RIGHT: THREE.MOUSE.PAN };
    controls.touches = { ONE: flat ? THREE.TOUCH.PAN : THREE.TOUCH.ROTATE, TWO: THREE.TOUCH.DOLLY_PAN };
    [controls.minZoom, controls.maxZoom] = [0.3, 60 / this.nearest];
    [controls.minDistance, controls.maxDistance] = [12 * this.nearest, 2500];
    controls.update();
  }

  /** @param {THREE.PerspectiveCamera|THREE.OrthographicCamera} camera @param {View} view */
  #use(camera, view) {
    this.camera = camera;
    this.controls.object = camera;
    this.controls.target.copy(view.target);
    if (camera instanceof THREE.OrthographicCamera) applyOrthographic(camera, view, this.#aspect);
    else applyPerspective(camera, view);
  }

  /** Nearer (factor > 1) or farther. @param {number} factor */
  zoom(factor) {
    const view = this.view();
    this.#use(this.camera, { ...view, span: view.span / factor });
    this.changed();
  }

  /** @param {number} width @param {number} height */
  resize(width, height) {
    const view = this.view();
    this.#aspect = width / height;
    this.perspective.aspect = this.#aspect;
    this.perspective.updateProjectionMatrix();
    if (!this.turning && this.camera === this.orthographic) this.#use(this.camera, view);
  }

  dispose() {
    this.controls.dispose();
  }
}
