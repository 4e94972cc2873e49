/** Asking again when the server is busy (503 with Retry-After). */
import { ApiError } from './api.js';

const UNNAMED_WAIT = 2;
const LONGEST_WAIT = 30;

/** Seconds that the server wants us to wait; null for anything but "busy". @param {unknown} error */
export function busySeconds(error) {
  if (!(error instanceof ApiError) || error.status !== 503) return null;
  const wanted = error.retryAfter ?? UNNAMED_WAIT;
  return Math.min(LONGEST_WAIT, Math.max(1, wanted));
}

/** @param {number} seconds @param {AbortSignal} signal @returns {Promise<void>} */
export function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const done = () => { signal.removeEventListener('abort', leave); resolve(); };
    const timer = setTimeout(done, seconds * 1000);
    const leave = () => { clearTimeout(timer); reject(signal.reason); };
    signal.addEventListener('abort', leave, { once: true });
  });
}

/**
 * What `ask` gives, asked again for as long as the server is busy.
 * @template T
 * @param {() => Promise<T>} ask
 * @param {{signal: AbortSignal, onWait?: (seconds: number) => void, wait?: typeof pause}} options
 * @returns {Promise<T>}
 */
export async function patiently(ask, { signal, onWait = () => {}, wait = pause }) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const seconds = busySeconds(error);
      if (seconds === null) throw error;
      onWait(seconds);
      await wait(seconds, signal);
    }
  }
}
