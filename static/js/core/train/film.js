/**
 * A film over the moments of a training: one picture after the other, each shown when it is here and for as long as its
 * share of the time; forward to the end, or over and over.
 *
 * @typedef {object} Reel
 * @property {() => (number|null)[]} stops   The moments, in order; they may become more while it plays.
 * @property {() => number|null} at          The moment that is shown.
 * @property {(moment: number|null) => Promise<void>} show  Ends when it is shown.
 * @property {(playing: boolean) => void} onChange
 */
import { sourceOf } from './weights-exchange.js';
import { presentTraining } from './follow-network.js';

/** Milliseconds a picture at single speed. */
export const PICTURE = 240;
/** Milliseconds a picture for those who want no motion: slides, not a film. */
export const SLIDE = 1500;
export const SPEEDS = Object.freeze([0.5, 1, 2, 4]);

/** @param {Reel} reel @param {{wait?: (ms: number) => Promise<void>, now?: () => number}} [clock] */
export function createFilm({ stops, at, show, onChange }, { wait = (ms) => new Promise((go) => { setTimeout(go, ms); }), now = () => performance.now() } = {}) {
  let speed = 1;
  let loops = false;
  let slides = false;
  /** Each start has a number; a film whose number is old ends. */
  let run = 0;
  let isPlaying = false;

  /** @param {boolean} on */
  function tell(on) {
    if (isPlaying === on) return;
    isPlaying = on;
    onChange(on);
  }

  const pause = () => (slides ? SLIDE : PICTURE / speed);

  /** The next moment, or undefined at the end. @returns {number|null|undefined} */
  function next() {
    const all = stops();
    const place = all.indexOf(at());
    if (place < all.length - 1) return all[place + 1];
    return loops ? all[0] : undefined;
  }

  async function play() {
    const own = ++run;
    const all = stops();
    if (all.length < 2) return;
    tell(true);
    if (at() === all[all.length - 1]) await present(all[0]);
    while (own === run) {
      const moment = next();
      if (moment === undefined) break;
      await present(moment);
    }
    if (own === run) tell(false);
  }

  /** @param {number|null} moment */
  async function present(moment) {
    const begun = now();
    await show(moment);
    await wait(Math.max(0, pause() - (now() - begun)));
  }

  function stop() {
    run += 1;
    tell(false);
  }

  return {
    play: () => void play(),
    stop,
    toggle: () => (isPlaying ? stop() : void play()),
    isPlaying: () => isPlaying,
    /** @param {number} value  1: PICTURE ms a picture. */
    setSpeed(value) { speed = value; },
    /** @param {boolean} on  Begins again at the end. */
    setLoop(on) { loops = on; },
    /** @param {boolean} on  Slowly, for those who asked for less motion. */
    setSlides(on) { slides = on; },
  };
}

/**
 * Ends when the present network shows the moment, when another one is wanted, or after `patience` ms.
 * @param {import('../types.js').Store} store @param {number|null} moment @param {number} [patience]
 * @returns {Promise<void>}
 */
export function whenShown(store, moment, patience = 3000) {
  const isShown = () => store.get().moment !== moment || store.get().weights === sourceOf(moment);
  if (presentTraining(store.get()) === null || isShown()) return Promise.resolve();
  return new Promise((done) => {
    const end = () => { clearTimeout(timer); off(); done(); };
    const timer = setTimeout(end, patience);
    const off = store.on(['weights', 'moment', 'model'], () => { if (isShown()) end(); });
  });
}
