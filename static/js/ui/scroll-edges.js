/**
 * Fades the edge behind which more can be scrolled to: a row of tabs, a wide table. The fade is in controls.css
 * (`[data-more]`); the element is one that scrolls sideways.
 */

/** @param {HTMLElement} element @returns {() => void}  Ends it. */
export function fadeScrollEdges(element) {
  function show() {
    const { scrollLeft, scrollWidth, clientWidth } = element;
    const edges = [scrollLeft > 1 && 'before', scrollLeft + clientWidth < scrollWidth - 1 && 'after'].filter(Boolean);
    element.dataset.more = edges.join(' ');
  }

  const observer = new ResizeObserver(show);
  [element, ...element.children].forEach((each) => observer.observe(each));
  element.addEventListener('scroll', show, { passive: true });
  return () => {
    observer.disconnect();
    element.removeEventListener('scroll', show);
  };
}
