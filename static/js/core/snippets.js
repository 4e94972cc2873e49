/**
 * "Copy as curl / Python": what a view shows, as programs that ask the same server for the same numbers.
 *
 * @typedef {import('./types.js').Stage} Stage
 * @typedef {import('./types.js').Unit} Unit
 *
 * @typedef {{kind: 'drawing', packed: string, preprocess: 'center'|'none'}} Drawing  `packed`: what packBytes gave.
 * @typedef {{kind: 'photo', name: string, url: string|null}} Picture  A file of the user's, or one that the server has at `url`.
 * @typedef {Drawing|Picture} Source
 *
 * @typedef {{about: 'unit', layer: string, place: number[]}} UnitQuestion
 * @typedef {{about: 'maps', layer: string, channel: number|null}} MapsQuestion
 * @typedef {{about: 'filters', layer: string, channel: number|null}} FiltersQuestion
 * @typedef {{about: 'predictions'}} PredictionsQuestion
 * @typedef {import('./unit/snippets.js').UnitPageQuestion} UnitPageQuestion
 * @typedef {import('./maximize/snippets.js').MaximizationQuestion} MaximizationQuestion
 * @typedef {import('./train/snippets.js').TrainingQuestion} TrainingQuestion
 * @typedef {UnitQuestion|MapsQuestion|FiltersQuestion|PredictionsQuestion|UnitPageQuestion|MaximizationQuestion|TrainingQuestion} Question
 *
 * @typedef {object} Request
 * @property {string} base  The API's address: https://host/api/v1.
 * @property {string} model
 * @property {string|null} weights  The source of the weights, where one was chosen.
 * @property {Source} source
 * @property {Question} question
 *
 * @typedef {Record<string, string|number|null|undefined>} Query
 */

import { maximizationCurl, maximizationPython } from './maximize/snippets.js';
import { trainingCurl, trainingPython } from './train/snippets.js';
import { unitPageCurl, unitPagePython } from './unit/snippets.js';

/** Channel, row and column, or the channel alone in a dense layer. @param {Stage} stage @param {Unit} unit @returns {number[]} */
export function unitPlace(stage, unit) {
  return stage.shape.length === 3 ? [unit.channel, unit.y, unit.x] : [unit.channel];
}

/** The program in one of the two languages. @param {'curl'|'python'} language @param {Request} request */
export function snippet(language, request) {
  return (language === 'curl' ? curl : python)(request);
}

/** @param {Query} query @returns {[string, string][]} */
function pairs(query) {
  return Object.entries(query).filter(([, value]) => value !== null && value !== undefined).map(([key, value]) => [key, String(value)]);
}

/** A URL's query, with its question mark. @param {Query} query */
function queryText(query) {
  const known = pairs(query);
  return known.length ? `?${known.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')}` : '';
}

/** A word that the shell leaves alone. @param {string} text */
function quoted(text) {
  return `'${text.replace(/'/g, "'\\''")}'`;
}

/** The name that the picture has in the snippet. @param {Picture} picture */
function fileName({ name, url }) {
  return url ? 'photo' : name.replace(/[^\p{L}\p{N}._ -]/gu, '_') || 'photo.jpg';
}

/** How the shell gets the picture, and how curl sends it. @param {Source} source @returns {{get: string, send: string}} */
function curlInput(source) {
  if (source.kind === 'drawing') {
    const get = `# the drawing: 28 × 28 bytes, white ink on black, as .npy\necho '${source.packed}' \\\n  | base64 --decode | gunzip > digit.npy\n`;
    return { get, send: "-H 'Content-Type: application/x-npy' --data-binary @digit.npy" };
  }
  const file = fileName(source);
  const get = source.url ? `# the photograph\ncurl -s -o ${file} '${source.url}'\n` : `# the photograph: your file ${file}\n`;
  return { get, send: `-F ${quoted(`file=@${file}`)}` };
}

/** @param {Request} request */
function curl({ base, model, weights, source, question }) {
  const { get, send } = curlInput(source);
  const preprocess = source.kind === 'drawing' ? source.preprocess : null;
  const at = `${base}/models/${model}`;
  switch (question.about) {
    case 'filters': {
      const of = `${at}/layers/${question.layer}/filters`;
      return `# the kernels as numbers and as a picture\ncurl -s -o filters.npy '${of}${queryText({ format: 'npy', channels: question.channel, weights })}'
curl -s -o filters.png '${of}${queryText({ format: 'png', channels: question.channel, weights })}'\n
# the statistics of every filter\ncurl -s '${of}/summary${queryText({ weights })}'\n`;
    }
    case 'predictions':
      return `${get}\n# the five likeliest classes\ncurl -s ${send} \\\n  '${at}/predictions${queryText({ top: 5, preprocess, weights })}'\n`;
    case 'maps': {
      const query = (/** @type {string} */ format) => queryText({ layers: question.layer, format, channels: question.channel, preprocess, weights });
      return `${get}\n# the feature maps as numbers and as a picture\ncurl -s ${send} -o maps.npy \\\n  '${at}/activations${query('npy')}'\ncurl -s ${send} -o maps.png \\\n  '${at}/activations${query('png')}'\n`;
    }
    case 'training':
      return trainingCurl(base, question);
    case 'maximization':
      return maximizationCurl({ base, model, query: (query) => queryText({ ...query, weights }), get, send, preprocess }, question);
    case 'unit-page':
      return unitPageCurl({ base, model, query: (query) => queryText({ ...query, weights }), get, send, preprocess }, question);
    case 'unit':
      return `${get}\n# one forward pass, kept by the server\npass=$(curl -s ${send} \\\n  '${at}/passes${queryText({ preprocess, weights })}' \\\n  | sed -E 's/^[{] *"id": *"([^"]+)".*/\\1/')
\n# the arithmetic of this unit\ncurl -s "${base}/passes/$pass/layers/${question.layer}/neurons/${question.place.join('/')}"\n`;
  }
}

/** Python's words for a text. @param {string} text */
const py = (text) => JSON.stringify(text);

/** A dict of query parameters. @param {Query} query */
function dict(query) {
  return `{${pairs(query).map(([key, value]) => `${py(key)}: ${py(value)}`).join(', ')}}`;
}

/** How Python gets the picture; \`sent\` are the arguments that send it. @param {Source} source @returns {{get: string, sent: string, imports: string[]}} */
function pythonInput(source) {
  if (source.kind === 'drawing') {
    const get = `# the drawing: 28 × 28 bytes, white ink on black, as .npy\nbody = gzip.decompress(base64.b64decode(${py(source.packed)}))\nsent = {"content": body, "headers": {"Content-Type": "application/x-npy"}}\n`;
    return { get, sent: '**sent', imports: ['base64', 'gzip', 'io'] };
  }
  const read = source.url ? `httpx.get(${py(source.url)}).raise_for_status().content` : `open(${py(fileName(source))}, "rb").read()`;
  return { get: `# the photograph\nsent = {"files": {"file": ${read}}}\n`, sent: '**sent', imports: ['io'] };
}

/** Does a program of this question send the picture? @param {Question} question */
function sendsPicture(question) {
  return !['filters', 'training'].includes(question.about) && (question.about !== 'maximization' || question.request.picture !== undefined);
}

/** @param {Request} request */
function python({ base, model, weights, source, question }) {
  const { get, sent, imports } = sendsPicture(question) ? pythonInput(source) : { get: '', sent: '', imports: ['io'] };
  const preprocess = source.kind === 'drawing' ? source.preprocess : null;
  const numbers = !['predictions', 'maximization', 'training'].includes(question.about);
  const waits = ['unit-page', 'maximization', 'training'].includes(question.about);
  const wanted = [...imports.filter((name) => numbers || name !== 'io'), ...(waits ? ['time'] : [])];
  const head = `${wanted.length ? `import ${wanted.join(', ')}\n\n` : ''}import httpx\n${numbers ? 'import numpy as np\n' : ''}\napi = httpx.Client(base_url=${py(`${base}/`)}, timeout=60)\n${get}`;
  return head + pythonQuestion(model, sent, { preprocess, weights }, question);
}

/** @param {string} model @param {string} sent @param {{preprocess: string|null, weights: string|null}} query @param {Question} question */
function pythonQuestion(model, sent, { preprocess, weights }, question) {
  switch (question.about) {
    case 'filters':
      return `\nlayer = ${py(`models/${model}/layers/${question.layer}/filters`)}
answer = api.get(layer, params=${dict({ format: 'npy', channels: question.channel, weights })}).raise_for_status()
kernels = np.load(io.BytesIO(answer.content))
print(kernels.shape)  # O × I × kH × kW
\nsummary = api.get(f"{layer}/summary", params=${dict({ weights })}).raise_for_status().json()
for item in sorted(summary["filters"], key=lambda item: -item["norm"])[:5]:
    print(item["channel"], "norm", item["norm"], "strongest input", item["strongest"][0])\n`;
    case 'predictions':
      return `\nanswer = api.post(${py(`models/${model}/predictions`)}, params=${dict({ top: 5, preprocess, weights })}, ${sent})
for entry in answer.raise_for_status().json()["predictions"][0]["top"]:
    print(entry["label"], entry["probability"])\n`;
    case 'maps':
      return `\nparams = ${dict({ layers: question.layer, format: 'npy', channels: question.channel, preprocess, weights })}
answer = api.post(${py(`models/${model}/activations`)}, params=params, ${sent}).raise_for_status()
maps = np.load(io.BytesIO(answer.content))
print(maps.shape, maps.min(), maps.max())  # 1 × C × H × W\n`;
    case 'training':
      return trainingPython(question);
    case 'maximization':
      return maximizationPython({ base: '', model, query: (query) => dict({ ...query, weights }), get: '', send: sent, preprocess }, question);
    case 'unit-page':
      return unitPagePython({ base: '', model, query: (query) => dict({ ...query, weights }), get: '', send: sent, preprocess }, question);
    case 'unit':
      return pythonUnit(model, sent, { preprocess, weights }, question);
  }
}

/** @param {string} model @param {string} sent @param {{preprocess: string|null, weights: string|null}} query @param {UnitQuestion} question */
function pythonUnit(model, sent, query, { layer, place }) {
  return `answer = api.post(${py(`models/${model}/passes`)}, params=${dict(query)}, ${sent})
run = answer.raise_for_status().json()

# the arithmetic of this unit
neuron = api.get(f"passes/{run['id']}/layers/${layer}/neurons/${place.join('/')}").raise_for_status().json()
products = np.array(neuron["inputs"]) * np.array(neuron["weights"])
print(products.sum() + neuron["bias"], "=", neuron["sum"])
for step in neuron["steps"]:
    print(step["layer"], step["type"], step["input"], "→", step["output"])

# the layer's map holds the same value
query = {"format": "npy", "channels": "${place[0]}"}
layer = api.get(f"passes/{run['id']}/layers/${layer}", params=query)
values = np.load(io.BytesIO(layer.raise_for_status().content))
print(neuron["output"], "=", values[${[0, ...place.slice(1)].join(', ')}])
`;
}

/**
 * A small array of bytes as text: base64 of its gzip.
 * @param {ArrayBuffer} bytes
 * @returns {Promise<string>}
 */
export async function packBytes(bytes) {
  const zipped = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  const packed = new Uint8Array(await new Response(zipped).arrayBuffer());
  return btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(''));
}
