/**
 * Words over the picture: each stage's name and shape beside it, the classes above the outputs. Crisp HTML, not picked.
 *
 * @typedef {import('../core/types.js').Prediction} Prediction
 * @typedef {import('../core/layout/boards.js').Point} Point
 * @typedef {import('./network.js').Network} Network
 * @typedef {(point: Point) => {x: number, y: number, visible: boolean}} Project  World → CSS pixels of the scene.
 * @typedef {{element: HTMLElement, x: number, y: number, shown: boolean, text: string, short: string, widths: {full: number, name: number, short: number}}} Label
 *   `text`: the name; `short`: a shorter one, '' for none. `widths`: of the name with the shape, of the name, of the shorter name.
 */
import { nameOf } from '../core/networks/graph.js';
import { percent } from '../core/numbers/format.js';
import { corners } from '../core/layout/boards.js';
import { placeAbove } from './label-room.js';

const GAP = 12;
/** Nearer to the upper or lower edge than this there is no stage label: a board of which little is to be seen. */
const EDGE = 12;
/** Two stage labels are at least so far apart, in pixels: on one line, on two, or the name alone. */
const LINE = { wide: 18, narrow: 27, tight: 14 };
/** Above this many classes they are not written out. */
const MOST_CLASSES = 16;

/** Longer class names would lie over each other: then the answer alone is named. */
const SHORT_NAME = 2;

/** @param {string} className @param {...(string|Node)} children */
function div(className, ...children) {
  const element = document.createElement('div');
  element.className = className;
  element.append(...children);
  return element;
}

/** @param {string} text */
function span(text) {
  const element = document.createElement('span');
  element.textContent = text;
  return element;
}

export class Labels {
  constructor() {
    this.element = div('scene-labels');
    this.element.setAttribute('aria-hidden', 'true');
    /** @type {Map<string, Label>} */
    this.stages = new Map();
    /** @type {Label[]} */
    this.classes = [];
  }

  /** Labels of a new network. @param {Network} network */
  reset(network) {
    this.stages = new Map(network.model.stages.map((stage) => {
      const name = document.createElement('b');
      name.textContent = nameOf(stage);
      return [stage.id, this.#label(div('scene-stage', name, span(stage.shape.join(' × '))), nameOf(stage), network.blockEnds.get(stage.id))];
    }));
    const last = network.model.stages[network.model.stages.length - 1];
    const names = last.units <= MOST_CLASSES && last.units === network.model.classes.length ? network.model.classes : [];
    this.classes = names.map((name) => this.#label(div('scene-class', span(name), document.createElement('small'))));
    this.element.replaceChildren(...[...this.stages.values(), ...this.classes].map(({ element }) => element));
    this.element.classList.toggle('is-above', !network.isTower);
    if (!network.isTower) this.#measure();
  }

  /** How wide the names are, once: asking for each picture would cost more than the picture. */
  #measure() {
    const labels = [...this.stages.values()];
    const names = labels.map(({ element }) => /** @type {HTMLElement} */ (element.firstElementChild));
    labels.forEach(({ element, widths }, i) => Object.assign(widths, { full: element.offsetWidth, name: names[i].offsetWidth }));
    labels.forEach(({ text, short }, i) => { names[i].textContent = short || text; });
    labels.forEach(({ widths }, i) => { widths.short = names[i].offsetWidth; });
    labels.forEach(({ text }, i) => { names[i].textContent = text; });
  }

  /** @param {HTMLElement} element @param {string} [text] @param {string} [short] @returns {Label} */
  #label(element, text = '', short = '') {
    return { element, x: 0, y: 0, shown: true, text, short, widths: { full: 0, name: 0, short: 0 } };
  }

  /** Emphasise the likeliest class, with its probability; an empty pad has none. @param {Prediction|undefined} prediction @param {string} lang */
  predict(prediction, lang) {
    const best = prediction?.reason === 'empty' ? undefined : prediction?.top[0];
    this.classes.forEach(({ element }, index) => {
      const wins = index === best?.class;
      element.classList.toggle('is-winner', wins);
      element.classList.toggle('is-unsure', wins && (prediction?.unsure ?? false));
      const note = /** @type {HTMLElement} */ (element.lastElementChild);
      note.textContent = wins && best ? percent(best.probability, lang) : '';
    });
  }

  /** @param {Network} network @param {Project} project @param {{width: number, height: number}} size @param {{chosen: string|null, waiting: boolean}} state  The stage that is looked at; whether values are still to come. */
  place(network, project, size, { chosen, waiting }) {
    if (network.isTower) this.#placeBeside(network, project, size);
    else placeAbove(this.stages, network, project, size, chosen);
    this.#placeClasses(network, project);
    for (const [id, { element }] of this.stages) element.classList.toggle('is-empty', waiting && network.isEmpty(id));
    for (const { element, x, y, shown } of [...this.stages.values(), ...this.classes]) {
      element.hidden = !shown;
      if (shown) element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    }
  }

  /** @param {Network} network @param {Project} project @param {{width: number, height: number}} size */
  #placeBeside(network, project, size) {
    const narrow = size.width < 560;
    const tight = narrow && size.height < LINE.narrow * 1.5 * this.stages.size;
    this.element.classList.toggle('is-narrow', narrow);
    this.element.classList.toggle('is-tight', tight);
    this.#placeStages(network, project, tight ? LINE.tight : narrow ? LINE.narrow : LINE.wide, size);
  }

  /** Left of the corner that is leftmost on the screen; pushed apart where they would touch. @param {Network} network @param {Project} project @param {number} line @param {{width: number, height: number}} size */
  #placeStages(network, project, line, size) {
    /** @type {Label[]} */
    const shown = [];
    for (const [id, label] of this.stages) {
      const part = network.part(id);
      const { flatness } = network;
      const [deep, flat] = [corners(part.deep), corners(part.flat)];
      const points = deep.map((corner, i) => project(/** @type {Point} */ (corner.map((value, axis) => value + flatness * (flat[i][axis] - value)))));
      const left = points.reduce((best, point) => (point.x < best.x ? point : best));
      const [top, bottom] = [Math.min(...points.map(({ y }) => y)), Math.max(...points.map(({ y }) => y))];
      label.x = Math.max(left.x - GAP, label.element.offsetWidth + 8);
      label.y = flatness > 0.5 ? (top + bottom) / 2 : left.y;
      label.shown = part.mesh.visible && points.some((point) => point.visible) && bottom > 0 && label.y > EDGE && label.y < size.height - EDGE;
      if (label.shown) shown.push(label);
    }
    shown.sort((a, b) => b.y - a.y);
    shown.forEach((label, i) => {
      if (i > 0) label.y = Math.min(label.y, shown[i - 1].y - line);
    });
  }

  /** @param {Network} network @param {Project} project */
  #placeClasses(network, project) {
    const stage = network.model.stages[network.model.stages.length - 1];
    const part = network.part(stage.id);
    const isNamed = network.model.classes.some((name) => name.length > SHORT_NAME);
    this.classes.forEach((label, channel) => {
      const [x, y, z] = network.place({ stage: stage.id, channel, y: 0, x: 0 });
      const point = project([x, y + part.deep.cell * (0.35 + 0.45 * network.flatness), z]);
      [label.x, label.y, label.shown] = [point.x, point.y, point.visible && part.mesh.visible && (!isNamed || label.element.classList.contains('is-winner'))];
    });
  }

  /** Write the labels into a picture of the scene. @param {CanvasRenderingContext2D} canvas @param {number} scale  Its pixels a CSS pixel. */
  draw(canvas, scale) {
    const frame = this.element.getBoundingClientRect();
    canvas.textBaseline = 'middle';
    for (const text of this.element.querySelectorAll('b, span, small')) {
      const box = text.getBoundingClientRect();
      const style = getComputedStyle(text);
      if (box.width === 0) continue;
      canvas.font = `${style.fontWeight} ${parseFloat(style.fontSize) * scale}px ${style.fontFamily}`;
      canvas.fillStyle = style.color;
      canvas.fillText(text.textContent ?? '', (box.left - frame.left) * scale, (box.top - frame.top + box.height / 2) * scale);
    }
  }
}
