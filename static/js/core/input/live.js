/**
 * The live socket: drawings out, frames in. One drawing is under way at a time, and of those that wait only the newest,
 * so that the picture follows the pen whatever the network costs. A lost socket comes back by itself.
 *
 * @typedef {import('../types.js').Frame} Frame
 * @typedef {'connecting'|'open'|'closed'} Connection
 * @typedef {object} Handlers
 * @property {(frame: Frame) => void} onFrame
 * @property {(connection: Connection) => void} onConnection
 * @property {(detail: string) => void} onProblem  The server refused a drawing.
 */
import { record } from '../perf.js';
import { parseFrame } from '../numbers/wire.js';

const FIRST_WAIT = 300;
const LONGEST_WAIT = 8000;
const ANSWER_WITHIN = 10000;

/** Where the socket of a model lives. @param {string} base  http(s) URL of the API. @param {string} model @param {Record<string, string>} query */
export function liveUrl(base, model, query) {
  const url = new URL(`${base}/models/${encodeURIComponent(model)}/live?${new URLSearchParams(query)}`);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

/** How long to wait before the n-th try again, in ms. @param {number} tries */
export function backoff(tries) {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries);
}

/** The client of one page; `open` moves it to another address, keeping the newest drawing. */
export class Live {
  /** @type {WebSocket|null} */ #socket = null;
  /** @type {Uint8Array|null} */ #newest = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */ #timer;
  #url = '';
  #tries = 0;
  #busy = false;
  #waiting = false;
  #sent = 0;
  #handlers;
  #Socket;

  /** @param {Handlers} handlers @param {typeof WebSocket} [Socket] */
  constructor(handlers, Socket = WebSocket) {
    this.#handlers = handlers;
    this.#Socket = Socket;
  }

  /** Connects to `url`, dropping the present socket. @param {string} url */
  open(url) {
    this.#url = url;
    this.#tries = 0;
    this.#connect();
  }

  /** Sends `drawing` as soon as the socket is free, unless a newer one comes first. @param {Uint8Array} drawing */
  send(drawing) {
    this.#newest = drawing;
    this.#waiting = true;
    this.#flush();
  }

  /** Has a drawing been sent, or does one wait? */
  get hasDrawing() {
    return this.#newest !== null;
  }

  /** Tries again at once, e.g. when the network came back. */
  retry() {
    if (this.#url && this.#socket?.readyState !== this.#Socket.OPEN) this.open(this.#url);
  }

  close() {
    this.#drop();
    this.#url = '';
  }

  #drop() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #connect() {
    this.#drop();
    this.#handlers.onConnection('connecting');
    const socket = new this.#Socket(this.#url);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#current(socket, () => this.#opened());
    socket.onmessage = (event) => this.#current(socket, () => this.#answered(event.data));
    socket.onclose = () => this.#current(socket, () => this.#lost());
  }

  /** Runs `action` unless the socket is one that we left. @param {WebSocket} socket @param {() => void} action */
  #current(socket, action) {
    if (socket === this.#socket) action();
  }

  #opened() {
    this.#busy = false;
    this.#waiting = this.#newest !== null;
    this.#handlers.onConnection('open');
    this.#flush();
  }

  #flush() {
    if (!this.#waiting || this.#busy || !this.#newest || this.#socket?.readyState !== this.#Socket.OPEN) return;
    this.#busy = true;
    this.#waiting = false;
    this.#sent = performance.now();
    this.#socket.send(/** @type {Uint8Array<ArrayBuffer>} */ (this.#newest));
    this.#timer = setTimeout(() => this.#lost(), ANSWER_WITHIN);
  }

  /** @param {ArrayBuffer|string} data */
  #answered(data) {
    clearTimeout(this.#timer);
    record('round trip', performance.now() - this.#sent);
    this.#busy = false;
    this.#tries = 0;
    this.#flush();
    if (typeof data === 'string') this.#handlers.onProblem(String(JSON.parse(data).detail));
    else this.#handlers.onFrame(parseFrame(data));
  }

  #lost() {
    this.#drop();
    this.#handlers.onConnection('closed');
    this.#timer = setTimeout(() => this.#connect(), backoff(this.#tries++));
  }
}
