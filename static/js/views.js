/** The page's views, in the order of their tabs. A new view is one file in views/ and one line here. */
import { featuresView } from './views/features.js';
import { filtersView } from './views/filters.js';
import { maximizeView } from './views/maximize.js';
import { networkView } from './views/network.js';
import { trainView } from './views/train.js';
import { unitView } from './views/unit.js';

/**
 * @typedef {import('./core/types.js').Context & {
 *   notify: (text: string, kind?: 'note'|'error') => void,
 *   session: import('./core/session.js').Session,
 *   training: import('./core/train/run.js').TrainingRun,
 *   link: () => Promise<string>,
 *   open: (view: string, patch?: Partial<import('./core/types.js').State>) => void,
 * }} ViewContext
 * @typedef {{unmount: () => void, exportPng: () => Promise<Blob>, asItIs?: boolean, keys: Record<string, () => void>}} Mounted
 *   asItIs: the picture is a file of the server, complete; else a legend is written below.
 * @typedef {object} View
 * @property {string} id     Stands in the URL and in the catalogue's key `view.<id>`.
 * @property {(host: HTMLElement, store: import('./core/types.js').Store, ctx: ViewContext) => Mounted} mount
 */

/** @type {readonly View[]} */
export const VIEWS = Object.freeze([networkView, trainView, featuresView, filtersView, maximizeView, unitView]);
