/**
 * A maximization as programs: ask, wait for the job, fetch the numbers and every picture.
 *
 * @typedef {object} MaximizationQuestion
 * @property {'maximization'} about
 * @property {Record<string, unknown>} request  Its `picture`, where there is one, is replaced by that of a pass of the program's own.
 * @property {number} pictures
 *
 * @typedef {object} Asked
 * @property {string} base
 * @property {string} model
 * @property {(query: Record<string, string|number|null|undefined>) => string} query  With the chosen weights: `?a=b`, or a dict.
 * @property {string} get   How the picture is got.
 * @property {string} send  How it is sent.
 * @property {string|null} preprocess
 */

/** A value as Python writes it. @param {unknown} value @returns {string} */
export function pythonValue(value) {
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(', ')}]`;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null) return 'None';
  if (typeof value === 'object') return `{${Object.entries(/** @type {object} */ (value)).map(([key, each]) => `${JSON.stringify(key)}: ${pythonValue(each)}`).join(', ')}}`;
  return JSON.stringify(value);
}

/** From the request to `wanted.png`; of several `wanted-0.png` … @param {{base: string, model: string, query: Asked['query']}} asked @param {string} body  In the shell's quotes. @param {number} pictures */
export function askByCurl({ base, model, query }, body, pictures) {
  const last = pictures - 1;
  const files = pictures === 1 ? 'curl -s -o wanted.png "$made/pictures/0"' : `for i in $(seq 0 ${last}); do curl -s -o "wanted-$i.png" "$made/pictures/$i"; done`;
  return `answer=$(curl -s -H 'Content-Type: application/json' -d ${body} \\
  '${base}/models/${model}/maximizations${query({})}')
job=$(echo "$answer" | sed -E 's/.*"id": *"([^"]+)".*/\\1/')
made="${base}/maximizations/$(echo "$answer" | sed -E 's#.*"maximization": *"[^"]*/([^"/]+)".*#\\1#')"
until curl -s "${base}/jobs/$job" | grep -Eq '"state": *"(done|failed|cancelled)"'; do sleep 1; done
curl -s "$made"
${files}\n`;
}

/** @param {{model: string, query: Asked['query']}} asked @param {string} body  A Python expression. @param {number} pictures */
export function askByPython({ model, query }, body, pictures) {
  const name = pictures === 1 ? '"wanted.png"' : 'f"wanted-{picture[\'index\']}.png"';
  return `answer = api.post("models/${model}/maximizations", params=${query({})}, json=${body})
job = answer.raise_for_status().json()
while api.get(f"jobs/{job['id']}").json()["state"] in ("queued", "running", "paused"):
    time.sleep(0.2)
made = api.get("maximizations/" + job["maximization"].split("/")[-1]).raise_for_status().json()
for picture in made["pictures"]:
    print(picture["title"], "score", picture["score"], "ratio to real pictures", picture["ratio"])
    with open(${name}, "wb") as file:
        file.write(api.get(f"maximizations/{made['id']}/pictures/{picture['index']}").raise_for_status().content)\n`;
}

/** @param {Asked} asked @param {MaximizationQuestion} question */
export function maximizationCurl(asked, { request, pictures }) {
  const { base, model, query, get, send, preprocess } = asked;
  const { picture, ...rest } = request;
  const words = "# the input that was asked for: a job, and then its pictures\n";
  if (picture === undefined) return words + askByCurl(asked, `'${JSON.stringify(rest)}'`, pictures);
  const body = `"${JSON.stringify({ ...rest, picture: '$pass' }).replace(/"/g, '\\"')}"`;
  return `${get}\n# one forward pass, kept by the server\npass=$(curl -s ${send} \\
  '${base}/models/${model}/passes${query({ preprocess })}' \\
  | sed -E 's/^[{] *"id": *"([^"]+)".*/\\1/')\n\n${words}${askByCurl(asked, body, pictures)}`;
}

/** What follows the client. @param {Asked} asked @param {MaximizationQuestion} question */
export function maximizationPython(asked, { request, pictures }) {
  const { model, query, send, preprocess } = asked;
  const { picture, ...rest } = request;
  const words = '# the input that was asked for: a job, and then its pictures\n';
  if (picture === undefined) return `\n${words}${askByPython(asked, pythonValue(rest), pictures)}`;
  return `\n# one forward pass, kept by the server
answer = api.post("models/${model}/passes", params=${query({ preprocess })}, ${send})
kept = answer.raise_for_status().json()
\n${words}${askByPython(asked, `${pythonValue(rest)} | {"picture": kept["id"]}`, pictures)}`;
}
