/** Making elements. Styles are set by property, never by attribute: the page's content policy refuses inline styles. */

/**
 * @typedef {string|number|Node|null|undefined|false} Child
 * @typedef {Record<string, unknown> & {on?: Record<string, (event: any) => void>, data?: Record<string, string>}} Props
 */

/**
 * An element: `h('button', { class: 'tool', 'aria-pressed': 'true', on: { click } }, 'Draw')`.
 * False, null and undefined attributes are left out; true gives an empty one.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  fill(element, props, children);
  return element;
}

/**
 * The same for SVG.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function s(tag, props = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  fill(element, props, children);
  return element;
}

/** @param {Element} element @param {Props} props @param {Child[]} children */
function fill(element, { on = {}, data = {}, ...attributes }, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const [name, value] of Object.entries(data)) element.setAttribute(`data-${name}`, value);
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false).map((child) => (child instanceof Node ? child : String(child))));
}

let last = 0;

/** An id that no other element has. @param {string} prefix */
export function uid(prefix) {
  last += 1;
  return `${prefix}-${last}`;
}

/** Runs `paint` in the next animation frame, once however often it is asked. @param {() => void} paint */
export function eachFrame(paint) {
  let asked = 0;
  const schedule = () => {
    asked ||= requestAnimationFrame(() => { asked = 0; paint(); });
  };
  schedule.cancel = () => { cancelAnimationFrame(asked); asked = 0; };
  return schedule;
}
