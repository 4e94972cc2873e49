"""Take the pictures in the README: ``python -m scripts.screenshot``.

The one of a photograph network needs VGG-16's weights (``make weights MODEL=vgg16``); without
them it is left as it is.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import httpx
from playwright.sync_api import sync_playwright

from models.weights import Store
from scripts import browser
from scripts.live_server import ROOT, LiveServer

DOCS = ROOT / "docs"
DIGIT = "#m=harley&v=network&u=conv2/6,4,4"
PHOTOGRAPH = "#m=vgg16&v=network&g=chelsea&s=map&u=features.28/286,4,8"
MAXIMIZE = "#m=vgg16&v=maximize&g=chelsea&u=features.21/178,14,14"
READY = """() => {
  const { frame, model } = window.__store?.get() ?? {};
  const waiting = !document.querySelector('.arithmetic') || document.querySelector('.is-waiting');
  return frame && !waiting && frame.tensors.size >= model.stages.length;
}"""
# Half of the digits, so that the curves have two epochs and the seven is learnt on the way.
TRAINING = {"model": "lenet5", "dataset": {"id": "mnist", "share": 0.5}, "epochs": 2, "seed": 1}
TRAINED = """() => {
  const { trainingData, frame } = window.__store?.get() ?? {};
  return trainingData?.state === 'done' && !!frame && !!document.querySelector('.uplot');
}"""
KERNELS = "#m=alexnet_small&v=filters&g=chelsea"
PAINTED = "() => document.querySelectorAll('.filter-tile canvas').length === 64"
MADE = "() => /×/.test(document.querySelector('.maximize-strength')?.textContent ?? '')"


def take(url: str, address: str, path: Path, ready: str = READY) -> None:
    """One view in a window of 1440×900, light, when everything has arrived."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=browser.flags())
        page = chromium.new_page(
            viewport={"width": 1440, "height": 900},
            color_scheme="light",
            reduced_motion="reduce",
        )
        page.goto(url + address)
        page.wait_for_function(ready, timeout=120_000)
        page.mouse.move(1439, 899)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(3000)  # the scene sends a few megabytes a picture to the GPU
        page.screenshot(path=path)
        chromium.close()


def train(url: str) -> str:
    """The id of a training that is done."""
    with httpx.Client(base_url=url, timeout=600) as api:
        begun = api.post("/api/v1/trainings", json=TRAINING).raise_for_status().json()
        with api.stream("GET", f"{begun['href']}/events") as events:
            for _ in events.iter_lines():
                pass
    return str(begun["training"]).rsplit("/", 1)[1]


def main() -> None:
    """A digit through Harley's network; LeNet-5 trained; AlexNet's kernels; VGG-16."""
    with tempfile.TemporaryDirectory() as home, LiveServer(Path(home) / "server.log") as live:
        take(f"{live.url}/", DIGIT, DOCS / "screenshot.png")
        take(f"{live.url}/", f"#v=train&tr={train(live.url)}", DOCS / "train.png", TRAINED)
        take(f"{live.url}/", KERNELS, DOCS / "alexnet.png", PAINTED)
        if Store().status("vgg16", "wheel") == "ready":
            take(f"{live.url}/", PHOTOGRAPH, DOCS / "photograph.png")
            take(f"{live.url}/", MAXIMIZE, DOCS / "maximize.png", MADE)


if __name__ == "__main__":
    main()
