/**
 * All units of the layer below the one: a board to choose from that fills with pictures when the reader says so.
 * One tab stop; arrow keys walk, Enter chooses.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/maximize/control.js').MaximizeControl} Control
 * @typedef {import('../../core/maps/grid.js').GridPlan} GridPlan
 * @typedef {import('../../core/maximize/sheet.js').SheetOrder} SheetOrder
 */
import { count, short } from '../../core/numbers/format.js';
import { nameOf } from '../../core/networks/graph.js';
import { inSight, placeAt, planGrid, stepTo } from '../../core/maps/grid.js';
import { createSheet, orderOf, SHEET_ORDERS, singlePictures } from '../../core/maximize/sheet.js';
import { channelName } from '../../core/maximize/text.js';
import { isLarge } from '../../core/session.js';
import { select } from '../controls.js';
import { eachFrame, h } from '../dom.js';
import { icon } from '../icons.js';
import { createPictures } from './pictures.js';
import { createSheetTile } from './sheet-tile.js';

const TILE = { photo: 72, digit: 56 };

/**
 * @param {Store} store @param {ViewContext} ctx @param {Control} control
 * @param {{scroller: HTMLElement, choose: (channel: number) => void}} options
 */
export function createSheetBoard(store, ctx, control, { scroller, choose }) {
  const { t } = ctx;
  const sheet = createSheet(ctx.api, schedule);
  const pictures = createPictures(ctx.api, schedule);
  const title = h('h2', { class: 'section-title' });
  const state = h('span', { class: 'sheet-state', role: 'status' });
  const sort = select(t('maximize.sheet.sort'), SHEET_ORDERS.map((value) => ({ value, label: t(`maximize.sheet.sort.${value}`) })), (value) => { order = value; render(); });
  const label = h('span', {});
  const button = h('button', { class: 'button sheet-start', type: 'button', on: { click: () => (sheet.get().going ? sheet.stop() : sheet.start()) } });
  const cursor = h('span', { class: 'sheet-cursor' });
  const field = h('div', { class: 'sheet-field' }, cursor);
  const grid = h('div', { class: 'sheet-grid', role: 'listbox', tabindex: 0, 'aria-label': t('maximize.sheet.grid'), on: { keydown: walk, click: pick } }, field);
  const element = h('section', { class: 'maximize-sheet' }, h('header', { class: 'sheet-head' }, title, state, h('span', { class: 'spacer' }), sort.element, button), grid);
  /** @type {ReturnType<typeof createSheetTile>[]} */
  const pool = [];
  /** @type {SheetOrder} */
  let order = 'index';
  /** @type {GridPlan|null} */
  let plan = null;
  /** @type {number[]} */
  let channels = [];
  let active = 0;
  /** @type {ReturnType<typeof singlePictures>} */
  let singles = new Map();

  /** The part of the field that is seen: the grid scrolls on phones, what holds it elsewhere. */
  function sight() {
    const [own, outer] = [grid.getBoundingClientRect(), scroller.getBoundingClientRect()];
    const [top, bottom] = [Math.max(own.top, outer.top, 0), Math.min(own.bottom, outer.bottom, innerHeight)];
    return { top: Math.max(0, top - own.top) + grid.scrollTop, height: Math.max(0, bottom - top) };
  }

  function render() {
    const { model, maximize, lang } = store.get();
    const subject = control.subject();
    element.hidden = !model || !subject;
    if (!model || !subject || field.clientWidth === 0) return;
    sheet.show(model, subject, maximize);
    singles = singlePictures(store.get(), subject);
    const now = sheet.get();
    if (now.batch.length > 0) pictures.update(now.run, false);
    channels = orderOf(now, order);
    active = Math.min(active, channels.length - 1);
    plan = planGrid(channels.length, field.clientWidth, TILE[isLarge(model) ? 'photo' : 'digit'], 1);
    field.style.height = `${plan.total}px`;
    element.classList.toggle('is-digit', !isLarge(model));
    title.textContent = t('maximize.sheet', { layer: nameOf(subject.stage) });
    sort.show(order);
    sort.element.hidden = now.pictures.size < 2;
    showButton(now);
    state.textContent = now.problem !== null ? t('maximize.failed', { detail: now.problem }) : now.going || now.pictures.size > 0 ? t('maximize.sheet.done', { done: count(now.pictures.size, lang), count: count(now.channels, lang) }) : '';
    place();
  }

  /** @param {import('../../core/maximize/sheet.js').Sheet} now */
  function showButton({ going, pictures: done, channels: all }) {
    const key = going ? 'stop' : done.size === 0 ? 'start' : 'more';
    button.hidden = !going && done.size === all;
    if (button.dataset.does === key) return;
    button.dataset.does = key;
    label.textContent = t(`maximize.sheet.${key}`);
    button.title = t('maximize.sheet.about');
    button.replaceChildren(icon(going ? 'stop' : 'grid'), label);
  }

  function place() {
    if (!plan) return;
    const { top, height } = sight();
    const { first, last } = inSight(plan, top, height);
    sheet.see(channels.slice(first, last));
    while (pool.length < last - first) field.append(pool[pool.push(createSheetTile()) - 1].element);
    // A place keeps its tile while it is in sight.
    const used = new Set(Array.from({ length: last - first }, (_, i) => (first + i) % pool.length));
    pool.forEach(({ element: tile }, i) => { tile.hidden = !used.has(i); });
    for (let at = first; at < last; at++) fillTile(pool[at % pool.length], at);
    const tile = active >= first && active < last ? pool[active % pool.length] : null;
    if (tile) grid.setAttribute('aria-activedescendant', tile.element.id);
    else grid.removeAttribute('aria-activedescendant');
  }

  /** @param {ReturnType<typeof createSheetTile>} tile @param {number} at */
  function fillTile(tile, at) {
    const { model, lang } = store.get();
    const subject = control.subject();
    if (!plan || !model || !subject) return;
    const channel = channels[at];
    const { pictures: done, batch } = sheet.get();
    const picture = done.get(channel) ?? singles.get(channel);
    const name = channelName(model, subject, channel);
    const numbers = picture?.score == null ? '' : ` · ${t('maximize.sheet.score', { score: short(picture.score, lang) })}${picture.ratio === null ? '' : ` · ${t('maximize.ratio', { ratio: short(picture.ratio, lang) })}`}`;
    tile.fill({
      channel, name, label: `${nameOf(subject.stage)} · ${name}${picture?.state === 'silent' ? ` · ${t('maximize.silent')}` : numbers}`,
      href: picture ? picture.href : null, part: picture || !batch.includes(channel) ? null : pictures.parts()[batch.indexOf(channel)] ?? null,
      silent: picture?.state === 'silent', waits: !picture && batch.includes(channel), present: channel === subject.channel, active: at === active,
    }, placeAt(plan, at), plan.width);
  }

  /** @param {MouseEvent} event */
  function pick(event) {
    const tile = event.target instanceof Element ? event.target.closest('.sheet-tile') : null;
    if (!(tile instanceof HTMLElement)) return;
    active = channels.indexOf(Number(tile.dataset.channel));
    choose(Number(tile.dataset.channel));
  }

  /** @param {KeyboardEvent} event */
  function walk(event) {
    if (!plan) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      return choose(channels[active]);
    }
    const next = stepTo(plan, active, event.key, Math.max(1, Math.floor(sight().height / plan.down)));
    if (next === null) return;
    event.preventDefault();
    active = next;
    const { x, y } = placeAt(plan, next);
    Object.assign(cursor.style, { translate: `${x}px ${y}px`, width: `${plan.width}px`, height: `${plan.down}px` });
    cursor.scrollIntoView({ block: 'nearest' });
    schedule();
  }

  const frame = eachFrame(render);
  function schedule() { frame(); }
  const follow = eachFrame(place);
  const scrollers = [scroller, grid, window];
  scrollers.forEach((each) => each.addEventListener('scroll', follow, { passive: true }));
  const watcher = new ResizeObserver(schedule);
  watcher.observe(grid);
  const stop = store.on(['model', 'pinned', 'maximize', 'maximized', 'lang'], schedule);
  schedule();
  return {
    element,
    destroy() {
      stop();
      watcher.disconnect();
      scrollers.forEach((each) => each.removeEventListener('scroll', follow));
      [frame, follow].forEach((each) => each.cancel());
      [sheet, pictures].forEach((each) => each.destroy());
    },
  };
}
