/**
 * Values by key, the least recently read forgotten first beyond a number of them or a size in all; the newest always stays.
 * @template K, V
 * @param {{count?: number, size?: number}} limits
 * @param {(value: V) => number} sizeOf
 */
export function createBoundedCache({ count = Infinity, size: most = Infinity }, sizeOf) {
  /** @type {Map<K, V>} */
  const kept = new Map();
  let size = 0;

  /** @param {K} key */
  function forget(key) {
    const value = kept.get(key);
    if (value === undefined) return;
    kept.delete(key);
    size -= sizeOf(value);
  }

  return {
    /** Without reading it. @param {K} key */
    has: (key) => kept.has(key),
    /** @param {K} key */
    get(key) {
      const value = kept.get(key);
      if (value === undefined) return undefined;
      kept.delete(key);
      kept.set(key, value);
      return value;
    },
    /** @param {K} key @param {V} value */
    set(key, value) {
      forget(key);
      kept.set(key, value);
      size += sizeOf(value);
      for (const oldest of kept.keys()) {
        if (oldest === key || (kept.size <= count && size <= most)) break;
        forget(oldest);
      }
    },
    keys: () => kept.keys(),
    clear() { kept.clear(); size = 0; },
  };
}
