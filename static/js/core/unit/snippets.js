/**
 * All that the unit page shows, as programs: the unit, its kernel, real pictures, the input that it wants, its map.
 *
 * @typedef {object} UnitPageQuestion
 * @property {'unit-page'} about
 * @property {string} layer
 * @property {number} channel
 * @property {{layer: string, channel: number}|null} filter  What makes the channel; null where nothing does.
 * @property {string|null} set        The set of real pictures that is shown.
 * @property {Record<string, unknown>} request  Of the maximization.
 *
 * @typedef {import('../maximize/snippets.js').Asked} Asked
 */
import { askByCurl, askByPython, pythonValue } from '../maximize/snippets.js';

/** @param {Asked} asked @param {UnitPageQuestion} question */
export function unitPageCurl({ base, model, query, get, send, preprocess }, { layer, channel, filter, set, request }) {
  const at = `${base}/models/${model}`;
  const unit = `${at}/layers/${layer}/units/${channel}`;
  const kernel = filter && `# its kernel as numbers and as a picture
curl -s -o kernel.npy '${at}/layers/${filter.layer}/filters${query({ format: 'npy', channels: filter.channel })}'
curl -s -o kernel.png '${at}/layers/${filter.layer}/filters${query({ format: 'png', channels: filter.channel })}'\n`;
  const real = set && `# the real pictures that drive it most, its range and its histogram
curl -s '${unit}/top-pictures${query({ set })}'
curl -s -o top.png '${unit}/top-pictures/1/crop${query({ set })}'\n`;
  return [
    `# the unit, the channels that it reads and those that read it\ncurl -s '${unit}${query({})}'\n`, kernel, real,
    `# the input that drives it most: a job, and then its picture\n${askByCurl({ base, model, query }, `'${JSON.stringify(request)}'`, 1)}`,
    `${get}\n# its map on this picture\ncurl -s ${send} -o map.npy \\\n  '${at}/activations${query({ layers: layer, format: 'npy', channels: channel, preprocess })}'\n`,
  ].filter(Boolean).join('\n');
}

/** What follows the client and the picture. @param {Asked} asked @param {UnitPageQuestion} question */
export function unitPagePython({ model, query, send, preprocess }, { layer, channel, filter, set, request }) {
  const unit = `models/${model}/layers/${layer}/units/${channel}`;
  const kernel = filter && `# its kernel: 1 × I × kH × kW
answer = api.get("models/${model}/layers/${filter.layer}/filters", params=${query({ format: 'npy', channels: filter.channel })})
print(np.load(io.BytesIO(answer.raise_for_status().content)).shape)\n`;
  const real = set && `# the real pictures that drive it most, and its range over all of the set
tops = api.get("${unit}/top-pictures", params=${query({ set })}).raise_for_status().json()
print("largest", tops["range"]["largest"], "of", tops["pictures"], "pictures")
for picture in tops["top"]:
    print(picture["rank"], picture["name"], picture["value"])\n`;
  return ['', `# the unit, the channels that it reads and those that read it
unit = api.get("${unit}", params=${query({})}).raise_for_status().json()
for way in ("before", "after"):
    print(way, [(each["layer"], each["channel"]) for each in unit[way]])\n`, kernel, real,
  `# the input that drives it most: a job, and then its picture\n${askByPython({ model, query }, pythonValue(request), 1)}`,
  `# its map on this picture
params = ${query({ layers: layer, format: 'npy', channels: channel, preprocess })}
answer = api.post("models/${model}/activations", params=params, ${send}).raise_for_status()
values = np.load(io.BytesIO(answer.content))
print(values.shape, values.min(), values.max())\n`].filter((part) => part !== null).join('\n');
}
