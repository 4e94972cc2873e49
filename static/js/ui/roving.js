/** Many buttons of one kind are one stop of the Tab key; the arrow keys, Home and End go from one to the next. */

const WAYS = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity });

/** @param {HTMLElement} group  Holds the buttons and nothing else; they may be exchanged later, then `renew` is called. */
export function rove(group) {
  const buttons = () => /** @type {HTMLElement[]} */ ([...group.children]);

  /** @param {Element|null} [present]  The one that Tab comes to. */
  function renew(present = group.firstElementChild) {
    buttons().forEach((button) => { button.tabIndex = button === present ? 0 : -1; });
  }

  group.addEventListener('focusin', ({ target }) => renew(/** @type {Element} */ (target)));
  group.addEventListener('keydown', (event) => {
    const way = WAYS[event.key];
    const all = buttons();
    const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
    if (way === undefined || at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation(); // the view has keys of its own
    all[Math.max(0, Math.min(all.length - 1, at + way))].focus();
  });
  renew();
  return renew;
}
