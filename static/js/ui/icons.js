/** The page's line icons, 16×16, drawn with the text's colour. */
import { s } from './dom.js';

const PATHS = {
  pencil: 'M3 13l.8-3L10.5 3.3a1.4 1.4 0 0 1 2 0l.2.2a1.4 1.4 0 0 1 0 2L6 12.2 3 13zM9.3 4.5l2.2 2.2',
  eraser: 'M6.2 13h7.3M2.8 9.2 9 3a1.4 1.4 0 0 1 2 0l2.2 2.2a1.4 1.4 0 0 1 0 2L7.4 13H5.2L2.8 10.7a1 1 0 0 1 0-1.5zM6 6l4.2 4.2',
  clear: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.3 4.5l.6 8.5h6.2l.6-8.5M6.8 7v3.8M9.2 7v3.8',
  undo: 'M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M5.8 3.5 2.8 6.5l3 3',
  redo: 'M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10M10.2 3.5l3 3-3 3',
  share: 'M8 10V2.5M5.3 5 8 2.3 10.7 5M3 8.5v5h10v-5',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9',
  moon: 'M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6z',
  help: 'M6 6.2A2 2 0 1 1 8 8.4v1.1M8 11.8v.1',
  code: 'M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5',
  chevron: 'M4.5 6.3 8 9.8l3.5-3.5',
  reset: 'M3 8a5 5 0 1 0 1.6-3.7M3 2.8v2.4h2.4',
  layers: 'M8 2.5 2.5 5.4 8 8.3l5.5-2.9L8 2.5zM2.5 8 8 10.9 13.5 8M2.5 10.6 8 13.5l5.5-2.9',
  download: 'M8 2.5V10M5.3 7.4 8 10.1l2.7-2.7M3 13h10',
  check: 'M3.5 8.3 6.7 11.5 12.5 4.8',
  close: 'M4 4l8 8M12 4l-8 8',
  image: 'M2.5 3.5h11v9h-11zM2.5 10.5 6 7.3l3 2.6 1.8-1.5 2.7 2.2M10.5 6v.1',
  camera: 'M2 5h2.8L6 3.3h4L11.2 5H14v7.5H2zM8 6.3a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z',
  search: 'M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4zM10.1 10.1l3.2 3.2',
  warning: 'M8 2.6 14 13H2L8 2.6zM8 6.5v3M8 11.2v.1',
  trace: 'M3 4h.1M3 12h.1M13 8h.1M3.5 4.3C7 4.6 9 6 12.4 7.8M3.5 11.7C7 11.4 9 10 12.4 8.2',
  outgoing: 'M3.2 8h.1M4 8c4 0 5-4.3 8.4-4.3M4 8h8.4M4 8c4 0 5 4.3 8.4 4.3',
  view: 'M8 1.8 13.5 5v6L8 14.2 2.5 11V5L8 1.8zM2.5 5 8 8.1 13.5 5M8 8.1v6.1',
  play: 'M5 3.2v9.6L12.5 8z',
  pause: 'M5.8 3.5v9M10.2 3.5v9',
  stop: 'M4.3 4.3h7.4v7.4H4.3z',
  again: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.8v2.4h-2.4',
  grid: 'M2.8 2.8h4v4h-4zM9.2 2.8h4v4h-4zM2.8 9.2h4v4h-4zM9.2 9.2h4v4h-4z',
  sliders: 'M2.5 5h6M12 5h1.5M2.5 11H4M7.5 11h6M10.2 3.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6zM5.8 9.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z',
};

/** @typedef {keyof typeof PATHS} IconName */

/** @param {IconName} name */
export function icon(name) {
  return s('svg', { class: 'icon', viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true', focusable: 'false' },
    s('path', { d: PATHS[name] }));
}
