/**
 * Decides what the next picture needs, and makes it: at most one a display frame, none while nothing changes.
 *
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/types.js').Unit} Unit
 * @typedef {import('../core/types.js').Translate} Translate
 * @typedef {import('../core/layout/boards.js').Point} Point
 * @typedef {'colour'|'look'|'links'|'trace'|'hover'|'say'|'view'} Task
 */
import * as THREE from 'three';
import { exists } from '../core/unit/connect.js';
import { isTower } from '../core/layout/layout.js';
import { measured } from '../core/perf.js';
import { Caption } from './caption.js';
import { focusView, freeAspect, wholeView } from './framing.js';
import { Labels } from './labels.js';
import { Look } from './look.js';
import { Network } from './network.js';
import { Overlay } from './overlay.js';
import { createPerf } from './perf.js';
import { Pointer } from './pointer.js';
import { Rig } from './rig.js';
import { Screen } from './screen.js';
import { project } from './sight.js';
import { Wires } from './wires.js';

/** @type {{keys: (keyof State)[], tasks: Task[]}[]} What a change of the state asks for. */
const NEEDS = [
  { keys: ['arrival'], tasks: ['view'] },
  { keys: ['frame', 'scale', 'pass'], tasks: ['colour', 'links', 'trace'] },
  { keys: ['palette', 'theme'], tasks: ['look', 'colour', 'links', 'trace'] },
  { keys: ['hover', 'pinned', 'neuron', 'edgeColour', 'outgoing', 'lang'], tasks: ['links'] },
  { keys: ['kernels', 'hidden'], tasks: ['links', 'trace'] },
  { keys: ['trace'], tasks: ['trace'] },
];

export class Director {
  /** @type {Set<Task>} */ #tasks = new Set();
  #asked = 0;
  #aspect = 0;
  /** The preset that the camera follows when the window is resized, until a hand moves it. @type {string|null} */ #following = 'three-quarter';

  /** @param {HTMLElement} element @param {Store} store @param {Translate} t */
  constructor(element, store, t) {
    this.element = element;
    this.store = store;
    this.scene = new THREE.Scene();
    this.screen = new Screen(element, () => this.#resized(), { lost: () => this.#release(), restored: () => this.#restore() });
    this.canvas = this.screen.canvas;
    this.look = new Look(element);
    this.overlay = new Overlay(this.screen.viewport);
    this.scene.add(...this.overlay.groups);
    this.rig = new Rig(this.canvas, () => this.need('view'));
    this.rig.controls.addEventListener('start', () => { this.#following = null; });
    this.labels = new Labels();
    this.caption = new Caption(t);
    element.append(this.labels.element, this.caption.element, this.caption.live);
    this.showPerf = createPerf(element);
    this.pointer = new Pointer(this);
    /** @type {Network|null} */
    this.network = null;
    /** @type {Wires|null} */
    this.wires = null;
    /** While the context is lost nothing is drawn. */
    this.isLost = false;
    /** Pictures drawn so far. */
    this.pictures = 0;
    this.stops = this.#follow(store);
    this.screen.measure();
    this.#setModel();
  }

  /** @param {Store} store */
  #follow(store) {
    return [
      store.on(['model'], () => this.#setModel()),
      store.on(['projection'], () => this.preset('three-quarter')),
      ...NEEDS.map(({ keys, tasks }) => store.on(keys, () => this.need(...tasks))),
    ];
  }

  /** Ask for a picture, and for work before it. @param {...Task} tasks */
  need(...tasks) {
    for (const task of tasks) this.#tasks.add(task);
    this.#asked ||= requestAnimationFrame(this.#frame);
  }

  /** @param {number} now */
  #frame = (now) => {
    if (this.isLost) return void (this.#asked = 0);
    const turning = this.rig.turning;
    const more = this.rig.step(now);
    this.look.uniforms.flatness.value = this.rig.flatness;
    if (this.#tasks.delete('hover') && !this.rig.turning) this.pointer.seek();
    if (this.network && (more || turning || this.#tasks.size > 0)) this.#picture(this.network, turning);
    if (turning && !more) this.#tasks.add('links').add('hover');
    this.#asked = 0;
    if (more || this.#tasks.size > 0) this.need();
  };

  /** @param {Network} network @param {boolean} turning */
  #picture(network, turning) {
    network.hide(this.store.get().hidden);
    this.#work(network, turning);
    const { arrival } = this.store.get();
    const waiting = arrival !== null && arrival.phase !== 'failed';
    this.labels.place(network, (point) => project(this.rig, this.screen, point), this.screen.size, { chosen: this.overlay.unit?.stage ?? null, waiting });
    this.draw();
    this.showPerf();
  }

  /** What has to be done before the picture. @param {Network} network @param {boolean} turning */
  #work(network, turning) {
    const state = this.store.get();
    const tasks = this.#tasks;
    this.#tasks = new Set();
    if (tasks.has('look')) this.#applyLook(state);
    if (tasks.has('colour')) {
      measured('colour', () => network.colour(state));
      this.#tasks = measured('upload', () => network.upload(this.screen.renderer, state)) ? new Set(['colour']) : this.#tasks;
      this.labels.predict(state.frame?.prediction, state.lang);
    }
    const scale = this.screen.density;
    if (tasks.has('links') || turning) measured('links', () => this.overlay.update(state, network, { own: this.pointer.owns, scale }));
    if (tasks.has('links') || turning) this.wires?.update(this.overlay.unit?.stage ?? null, scale);
    if (tasks.has('trace')) this.overlay.updateTrace(state, network, scale);
    else if (turning) this.overlay.placeTrace(network, scale);
    this.caption.show(state, this.overlay.unit, this.overlay.count);
    if (tasks.has('say')) this.caption.announce();
  }

  /** @param {State} state */
  #applyLook(state) {
    this.look.update(state.palette);
    const [r, g, b] = this.look.colours.background;
    this.screen.renderer.setClearColor(new THREE.Color().setRGB(r, g, b, THREE.SRGBColorSpace));
    this.rig.controls.enableDamping = !state.reducedMotion;
  }

  draw() {
    measured('draw', () => this.screen.renderer.render(this.scene, this.rig.camera));
    this.pictures++;
  }

  /** The free place's shape for the present model. */
  #freeAspect() {
    const { model } = this.store.get();
    return freeAspect(this.screen.size, !model || isTower(model));
  }

  /** Build what the model and the shape of the place ask for, and show it whole. */
  #build() {
    const { model } = this.store.get();
    this.#aspect = this.#freeAspect();
    const old = this.network?.model === model ? this.network : null;
    this.#clear(old !== null);
    this.network = model ? new Network(model, this.look, this.#aspect, old) : null;
    if (this.network) this.#add(this.network);
    this.need('look', 'colour', 'links', 'trace');
  }

  /** @param {Network} network */
  #add(network) {
    this.wires = new Wires(this.screen.viewport, network);
    this.scene.add(network.group, this.wires.group);
    this.labels.reset(network);
    this.rig.nearest = Math.min(1, ...[...network.parts.values()].map(({ deep }) => deep.cell));
  }

  /** @param {boolean} [keepValues] */
  #clear(keepValues) {
    if (this.network) this.scene.remove(this.network.group);
    if (this.wires) this.scene.remove(this.wires.group);
    this.network?.dispose(keepValues);
    this.wires?.dispose();
    this.wires = null;
  }

  #setModel() {
    if (this.network?.model === this.store.get().model) return;
    this.#build();
    this.#show('three-quarter', false);
  }

  /** Whoever moved the camera keeps the view; else the network is arranged anew for the new shape. */
  #resized() {
    this.rig.resize(this.screen.size.width, this.screen.size.height);
    if (this.#following) this.#show(this.#following, false);
    this.need('links', 'trace');
  }

  /** Turn to the whole network. @param {string} preset @param {boolean} smooth */
  #show(preset, smooth) {
    if (!this.network) return;
    if (this.#aspect !== this.#freeAspect()) this.#build();
    const { projection, reducedMotion } = this.store.get();
    this.rig.go(wholeView(this.network, projection, preset, this.screen.size), projection, smooth && !reducedMotion);
    this.#following = preset;
  }

  /** @param {string} name */
  preset(name) {
    if (name !== 'unit') this.#show(name, true);
    else if (this.overlay.unit) this.focus(this.overlay.unit);
  }

  /** @param {Unit} unit */
  focus(unit) {
    if (!this.network || !exists(this.network.model, unit)) return;
    const { projection, reducedMotion } = this.store.get();
    this.rig.go(focusView(this.network, projection, unit, this.rig.view()), projection, !reducedMotion);
    this.#following = null;
  }

  /** Tell a screen reader what is looked at, after the next picture. */
  say() {
    this.need('links', 'say');
  }

  /** The context is lost: forget what lay on the GPU; everything is sent anew with the next picture. */
  #release() {
    this.isLost = true;
    this.scene.traverse((each) => {
      if (!(each instanceof THREE.Mesh)) return;
      each.geometry.dispose();
      each.material.dispose();
    });
    for (const { values } of this.network?.parts.values() ?? []) values.dispose();
    this.look.dispose();
  }

  #restore() {
    this.isLost = false;
    this.need('look', 'colour', 'links', 'trace');
  }

  /** @returns {Promise<Blob>} */
  exportPng() {
    return this.screen.picture(2, () => this.draw(), (canvas) => this.labels.draw(canvas, 2));
  }

  dispose() {
    cancelAnimationFrame(this.#asked);
    this.#asked = -1;
    for (const stop of this.stops) stop();
    this.#clear();
    this.overlay.dispose();
    this.look.dispose();
    this.rig.dispose();
    this.screen.dispose();
  }
}
