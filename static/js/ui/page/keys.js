/** Keys of the whole page. They sleep while the reader types or a dialog is open. */

/** `Ctrl+Z`, `Ctrl+Shift+Z`, `r`, `?`. @param {KeyboardEvent} event */
function nameOf(event) {
  const control = event.ctrlKey || event.metaKey;
  if (!control) return event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `Ctrl+${event.shiftKey ? 'Shift+' : ''}${event.key.toUpperCase()}`;
}

/** @param {KeyboardEvent} event */
function isTyping(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  return target.matches('input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable]')
    || target.closest('dialog, [popover]') !== null;
}

/** @param {Record<string, () => void>} actions  By key name. @returns {() => void} */
export function attachKeys(actions) {
  /** @param {KeyboardEvent} event */
  function press(event) {
    if (event.defaultPrevented || event.altKey || isTyping(event)) return;
    const action = actions[nameOf(event)];
    if (!action) return;
    event.preventDefault();
    action();
  }
  document.addEventListener('keydown', press);
  return () => document.removeEventListener('keydown', press);
}
