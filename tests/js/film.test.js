import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFilm, PICTURE, SLIDE } from '../../static/js/core/train/film.js';

/** A film over `moments` without real time. @param {(number|null)[]} moments @param {number|null} begin */
function reel(moments, begin = null) {
  /** @type {(number|null)[]} */
  const shown = [];
  /** @type {number[]} */
  const waits = [];
  const news = { playing: /** @type {boolean[]} */ ([]), wait: async () => {} };
  let at = begin;
  const film = createFilm({
    stops: () => moments, at: () => at, onChange: (on) => news.playing.push(on),
    show: async (moment) => { at = moment; shown.push(moment); await news.wait(); },
  }, { wait: async (ms) => { waits.push(ms); }, now: () => 0 });
  return { film, shown, waits, news };
}

const turns = async (count = 40) => { for (let i = 0; i < count; i++) await Promise.resolve(); };

test('from the end it begins anew and stops at the end', async () => {
  const { film, shown, waits, news } = reel([0, 5, 20, null]);
  film.play();
  await turns();
  assert.deepEqual(shown, [0, 5, 20, null]);
  assert.deepEqual(waits, [PICTURE, PICTURE, PICTURE, PICTURE]);
  assert.deepEqual(news.playing, [true, false]);
});

test('from the middle it goes on from there', async () => {
  const { film, shown } = reel([0, 5, 20, null], 5);
  film.play();
  await turns();
  assert.deepEqual(shown, [20, null]);
});

test('double speed halves the wait; slides take their time whatever the speed', async () => {
  const fast = reel([0, null], 0);
  fast.film.setSpeed(2);
  fast.film.play();
  await turns();
  assert.deepEqual(fast.waits, [PICTURE / 2]);

  const slow = reel([0, null], 0);
  slow.film.setSpeed(4);
  slow.film.setSlides(true);
  slow.film.play();
  await turns();
  assert.deepEqual(slow.waits, [SLIDE]);
});

test('a loop goes on until it is stopped', async () => {
  const { film, shown, news } = reel([0, 5, null], 0);
  film.setLoop(true);
  news.wait = async () => { if (shown.length === 7) film.stop(); };
  film.toggle();
  await turns(80);
  assert.deepEqual(shown, [5, null, 0, 5, null, 0, 5]);
  assert.deepEqual(news.playing, [true, false]);
});

test('a new start ends the old one; without moments nothing plays', async () => {
  const { film, news } = reel([null]);
  film.play();
  await turns();
  assert.deepEqual(news.playing, []);
});
