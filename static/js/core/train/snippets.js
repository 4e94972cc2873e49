/**
 * A training as programs: start it, follow it, take the network away.
 *
 * @typedef {{about: 'training', request: Record<string, unknown>}} TrainingQuestion
 */
import { pythonValue } from '../maximize/snippets.js';

/** @param {string} base @param {TrainingQuestion} question */
export function trainingCurl(base, { request }) {
  const body = JSON.stringify(request).replace(/'/g, "'\\''");
  return `# a training: a job that can be followed; its curves; its network as a file
answer=$(curl -s -H 'Content-Type: application/json' -d '${body}' \\
  '${base}/trainings')
training="${base}/trainings/$(echo "$answer" | sed -E 's#.*"training": *"([^"]*/)?([^"/]+)".*#\\2#')"
until curl -s "$training" | grep -Eq '"state": *"(done|failed|cancelled|interrupted)"'; do sleep 1; done
curl -s "$training/metrics?format=csv"
curl -s -o network.safetensors "$training/checkpoints/latest/weights"\n`;
}

/** What follows the client. @param {TrainingQuestion} question */
export function trainingPython({ request }) {
  return `
# a training: a job that can be followed; its curves; its network as a file
job = api.post("trainings", json=${pythonValue(request)}).raise_for_status().json()
training = "trainings/" + job["training"].split("/")[-1]
while True:
    run = api.get(training).raise_for_status().json()
    print(f"\\rstep {run['step']} of {run['steps']}, loss {run['loss']}, test accuracy {run['test_accuracy']}", end="")
    if run["state"] not in ("queued", "running", "paused"):
        break
    time.sleep(0.5)
curves = api.get(f"{training}/metrics").raise_for_status().json()
print("\\nlast loss", curves["columns"]["loss"][-1])
with open("network.safetensors", "wb") as file:
    file.write(api.get(f"{training}/checkpoints/latest/weights").raise_for_status().content)\n`;
}
