/** Taking things away: the link, a PNG of the view, the shown layer as CSV or NPY, the prediction as curl or Python. */
import { isLarge } from '../../core/session.js';
import { drawingToText } from '../../core/url.js';
import { encodeNpy } from '../../core/numbers/wire.js';
import { h } from '../dom.js';
import { menuItem } from '../controls.js';
import { withLegend } from './exported-picture.js';

/**
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} Context
 */

/** Saves `blob` as a file. @param {Blob} blob @param {string} name */
function download(blob, name) {
  const link = h('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @param {string} text @param {Context} ctx */
async function copy(text, { t, notify }) {
  const copied = await navigator.clipboard.writeText(text).then(() => true, () => false);
  notify(t(copied ? 'share.copied' : 'share.not_copied'), copied ? 'note' : 'error');
}

/** Where the present photograph is asked about, and the name of its file. @param {import('../../core/types.js').State} state @param {string} origin */
function photoRequest({ model, photo, weights }, origin) {
  const query = new URLSearchParams({ top: '5', ...(weights && { weights }) });
  const file = photo?.origin === 'file' ? photo.name : `photograph.${photo?.blob.type.split('/')[1] ?? 'png'}`;
  return { url: `${origin}/api/v1/models/${model?.id}/predictions?${query}`, file };
}

/** @param {import('../../core/types.js').State} state @param {string} origin */
function photoAsCurl(state, origin) {
  const { url, file } = photoRequest(state, origin);
  return `curl -F 'file=@${file.replace(/'/g, "'\\''")}' '${url}'`;
}

/** @param {import('../../core/types.js').State} state @param {string} origin */
function photoAsPython(state, origin) {
  const { url, file } = photoRequest(state, origin);
  return [
    'import httpx',
    '',
    `with open(${JSON.stringify(file)}, "rb") as picture:`,
    `    answer = httpx.post("${url}", files={"file": picture})`,
    'for score in answer.raise_for_status().json()["predictions"][0]["top"]:',
    '    print(f\'{score["probability"]:.3f}  {score["label"]}\')',
  ].join('\n');
}

/** @param {Store} store @param {string} origin */
function predictionAsCurl(store, origin) {
  const { model, drawing, preprocess } = store.get();
  if (model && isLarge(model)) return photoAsCurl(store.get(), origin);
  const rows = Array.from({ length: 28 }, (_, y) => `[${Array.from(drawing.subarray(y * 28, y * 28 + 28), (v) => Number((v / 255).toFixed(4))).join(',')}]`);
  return [
    `curl '${origin}/api/v1/models/${model?.id}/predictions?preprocess=${preprocess}' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '{"pixels": [${rows.join(',')}]}'`,
  ].join('\n');
}

/** @param {Store} store @param {string} origin */
async function predictionAsPython(store, origin) {
  const { model, drawing, preprocess } = store.get();
  if (model && isLarge(model)) return photoAsPython(store.get(), origin);
  return [
    'import base64, io, urllib.request, zlib',
    'import numpy as np',
    '',
    `packed = "${await drawingToText(drawing)}"`,
    'pixels = zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), -15)',
    'drawing = np.frombuffer(pixels, np.uint8).reshape(28, 28)  # white ink on black',
    'body = io.BytesIO()',
    'np.save(body, drawing)',
    'request = urllib.request.Request(',
    `    "${origin}/api/v1/models/${model?.id}/predictions?preprocess=${preprocess}",`,
    '    body.getvalue(), {"Content-Type": "application/x-npy"})',
    'print(urllib.request.urlopen(request).read().decode())',
  ].join('\n');
}

/** Rows of a layer's values as CSV: channel, y, x, value. @param {import('../../core/types.js').Tensor} tensor */
function tensorToCsv({ shape, data }) {
  const [, height = 1, width = 1] = shape;
  const lines = ['channel,y,x,value'];
  data.forEach((value, i) => {
    const inside = i % (height * width);
    lines.push(`${Math.floor(i / (height * width))},${Math.floor(inside / width)},${inside % width},${value}`);
  });
  return `${lines.join('\n')}\n`;
}

/** The stage that the reader looks at: that of the drawer, of the pinned unit, else the last. @param {import('../../core/types.js').State} state */
function shownStage({ drawer, pinned, model }) {
  const wanted = drawer ?? pinned?.stage;
  return model?.stages.find((stage) => stage.id === wanted) ?? model?.stages.at(-1) ?? null;
}

/** The exact values of the shown layer as a file. @param {Store} store @param {Context} ctx @param {'csv'|'npy'} format */
async function exportLayer(store, { t, notify, session }, format) {
  const state = store.get();
  const stage = shownStage(state);
  if (!state.model || !stage) return;
  const name = `convscope-${state.model.id}-${stage.output}.${format}`;
  try {
    const tensor = await session.layer(stage.output);
    if (format === 'csv') download(new Blob([tensorToCsv(tensor)], { type: 'text/csv' }), name);
    else download(new Blob([encodeNpy(tensor.shape, tensor.data)], { type: 'application/x-npy' }), name);
  } catch {
    notify(t('share.failed'), 'error');
  }
}

/**
 * Saves the view as a picture. @param {() => Promise<Blob>} exportPng @param {Store} store @param {Context} ctx
 * @param {boolean} [asItIs]  The server's own file, which says itself how it was made.
 */
export async function savePng(exportPng, store, { t, notify }, asItIs = false) {
  const blob = await exportPng().then((scene) => (asItIs ? scene : withLegend(scene, store.get(), t))).catch(() => null);
  if (blob) download(blob, `convscope-${store.get().model?.id}.png`);
  else notify(t('share.failed'), 'error');
}

/**
 * The entries of the share menu.
 * @param {Store} store @param {Context} ctx
 * @param {{exportPng: () => Promise<Blob>, asItIs?: boolean, done: () => void}} options
 * @returns {Node[]}
 */
export function shareItems(store, ctx, { exportPng, asItIs, done }) {
  const { t, link } = ctx;
  const state = store.get();
  const layer = shownStage(state)?.output ?? '';
  /** @param {() => Promise<void>} action */
  const then = (action) => () => { done(); void action(); };
  return [
    menuItem(t('share.link'), then(async () => copy(await link(), ctx)), 'share'),
    menuItem(t('share.png'), then(() => savePng(exportPng, store, ctx, asItIs)), 'image'),
    menuItem(t('share.csv', { layer }), then(() => exportLayer(store, ctx, 'csv')), 'download'),
    menuItem(t('share.npy', { layer }), then(() => exportLayer(store, ctx, 'npy')), 'download'),
    menuItem(t('share.curl'), then(async () => copy(predictionAsCurl(store, location.origin), ctx))),
    menuItem(t('share.python'), then(async () => copy(await predictionAsPython(store, location.origin), ctx))),
    h('a', { class: 'menu-item', href: '/docs', target: '_blank', rel: 'noopener' }, t('share.docs')),
  ];
}
