/**
 * "Use it in code": what the panel shows, as a shell command and as Python that ask the same server.
 *
 * @typedef {import('./types.js').Stage} Stage
 * @typedef {import('./types.js').Unit} Unit
 *
 * @typedef {object} Request
 * @property {string} base  The API's address: https://host/api/v1.
 * @property {string} model
 * @property {'center'|'none'} preprocess
 * @property {string} layer
 * @property {string} unit  The unit's path: `0/3/4`, or `7` in a dense layer.
 * @property {string} index  The unit's place in the array: `0, 3, 4`.
 * @property {string} drawing  What packDrawing gave.
 */

/** The path of a unit behind `/neurons/`. @param {Stage} stage @param {Unit} unit */
export function unitPath(stage, unit) {
  return unitPlace(stage, unit).join('/');
}

/** Channel, row and column, or the channel alone in a dense layer. @param {Stage} stage @param {Unit} unit @returns {number[]} */
export function unitPlace(stage, unit) {
  return stage.shape.length === 3 ? [unit.channel, unit.y, unit.x] : [unit.channel];
}

/** @param {Request} request */
export function curlSnippet({ base, model, preprocess, layer, unit, drawing }) {
  return `# the drawing: 28 × 28 bytes, white ink on black, as .npy
echo '${drawing}' \\
  | base64 --decode | gunzip > digit.npy

# one forward pass, kept by the server
pass=$(curl -s -H 'Content-Type: application/x-npy' --data-binary @digit.npy \\
  '${base}/models/${model}/passes?preprocess=${preprocess}' \\
  | sed -E 's/^[{] *"id": *"([^"]+)".*/\\1/')

# the arithmetic of this unit
curl -s "${base}/passes/$pass/layers/${layer}/neurons/${unit}"
`;
}

/** @param {Request} request */
export function pythonSnippet({ base, model, preprocess, layer, unit, index, drawing }) {
  return `import base64, gzip, io

import httpx
import numpy as np

api = httpx.Client(base_url="${base}/")
# the drawing: 28 × 28 bytes, white ink on black, as .npy
body = gzip.decompress(base64.b64decode("${drawing}"))
answer = api.post(
    "models/${model}/passes",
    params={"preprocess": "${preprocess}"},
    content=body,
    headers={"Content-Type": "application/x-npy"},
)
run = answer.raise_for_status().json()

# the arithmetic of this unit
neuron = api.get(f"passes/{run['id']}/layers/${layer}/neurons/${unit}").raise_for_status().json()
products = np.array(neuron["inputs"]) * np.array(neuron["weights"])
print(products.sum() + neuron["bias"], "=", neuron["sum"])
for step in neuron["steps"]:
    print(step["layer"], step["type"], step["input"], "→", step["output"])

# the whole layer holds the same value
layer = api.get(f"passes/{run['id']}/layers/${layer}", params={"format": "npy"})
values = np.load(io.BytesIO(layer.raise_for_status().content)).squeeze()
print(neuron["output"], "=", values[${index}])
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
