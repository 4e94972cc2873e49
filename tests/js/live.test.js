import assert from 'node:assert/strict';
import { test, mock } from 'node:test';
import { backoff, Live, liveUrl } from '../../static/js/core/input/live.js';

/** A socket that the test moves by hand. */
class FakeSocket {
  static OPEN = 1;
  /** @type {FakeSocket[]} */ static all = [];
  readyState = 0;
  /** @type {Uint8Array[]} */ sent = [];

  constructor(url) {
    this.url = url;
    FakeSocket.all.push(this);
  }

  send(bytes) { this.sent.push(bytes); }
  close() { this.readyState = 3; }
  opens() { this.readyState = 1; this.onopen(); }
  refuses(detail) { this.onmessage({ data: JSON.stringify({ detail }) }); }
  breaks() { this.readyState = 3; this.onclose(); }
}

function start() {
  FakeSocket.all = [];
  const heard = { connection: [], problems: [] };
  const live = new Live({
    onFrame: () => {},
    onConnection: (connection) => heard.connection.push(connection),
    onProblem: (detail) => heard.problems.push(detail),
  }, /** @type {any} */ (FakeSocket));
  return { live, heard, socket: () => FakeSocket.all.at(-1) };
}

const drawing = (/** @type {number} */ ink) => new Uint8Array(784).fill(ink);

test('the address: the scheme follows the page, the query is kept', () => {
  assert.equal(liveUrl('https://x.org/api/v1', 'mlp', { preprocess: 'none' }), 'wss://x.org/api/v1/models/mlp/live?preprocess=none');
  assert.equal(liveUrl('http://x.org/api/v1', 'a/b', {}), 'ws://x.org/api/v1/models/a%2Fb/live?');
});

test('one drawing is under way; of those that wait the newest is sent', (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const { live, heard, socket } = start();
  live.open('ws://x');
  live.send(drawing(1));
  socket().opens();
  [2, 3, 4].forEach((ink) => live.send(drawing(ink)));
  assert.deepEqual(socket().sent.map(([first]) => first), [1]);
  socket().refuses('no');
  assert.deepEqual(socket().sent.map(([first]) => first), [1, 4]);
  assert.deepEqual(heard.problems, ['no']);
});

test('a lost socket is opened again, later and later, and the newest drawing sent again', (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const { live, heard, socket } = start();
  live.open('ws://x');
  live.send(drawing(5));
  socket().breaks();
  assert.deepEqual(heard.connection, ['connecting', 'closed']);
  mock.timers.tick(backoff(0));
  assert.equal(FakeSocket.all.length, 2);
  socket().opens();
  assert.deepEqual(socket().sent.map(([first]) => first), [5]);
  assert.ok(backoff(1) > backoff(0) && backoff(20) === backoff(30));
});

test('a drawing without an answer counts as a lost socket', (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const { live, heard, socket } = start();
  live.open('ws://x');
  socket().opens();
  live.send(drawing(1));
  mock.timers.tick(10_000);
  assert.equal(heard.connection.at(-1), 'closed');
});

test('what an old socket still says is not heard', (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const { live, heard, socket } = start();
  live.open('ws://old');
  const old = socket();
  live.open('ws://new');
  old.refuses('late');
  old.breaks();
  assert.deepEqual(heard.problems, []);
  assert.deepEqual(heard.connection, ['connecting', 'connecting']);
  assert.equal(socket().url, 'ws://new');
});
