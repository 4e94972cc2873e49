/**
 * Slow work for fast events: at most one run at a time and one every `pause` ms; the newest arguments win.
 *
 * @template A
 * @param {(args: A, signal: AbortSignal) => Promise<void>} run  Its AbortError is expected, other errors are its own to show.
 * @param {number} pause
 * @returns {{push: (args: A) => void, cancel: () => void}}
 */
export function createLatest(run, pause) {
  /** @type {{args: A}|null} */
  let waiting = null;
  /** @type {ReturnType<typeof setTimeout>|null} */
  let timer = null;
  let controller = new AbortController();
  let busy = false;

  async function start() {
    timer = null;
    if (waiting === null) return;
    const { args } = waiting;
    const own = controller;
    waiting = null;
    busy = true;
    try {
      await run(args, own.signal);
    } catch (error) {
      if (!own.signal.aborted) throw error;
    } finally {
      if (own === controller) {
        busy = false;
        timer = setTimeout(start, pause);
      }
    }
  }

  return {
    push(args) {
      waiting = { args };
      if (!busy && timer === null) void start();
    },
    cancel() {
      controller.abort();
      controller = new AbortController();
      waiting = null;
      busy = false;
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
