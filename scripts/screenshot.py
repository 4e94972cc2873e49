"""Take docs/screenshot.png, the picture in the README: ``python -m scripts.screenshot``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from scripts import browser
from scripts.live_server import ROOT, LiveServer

PICTURE = ROOT / "docs" / "screenshot.png"
PINNED = "#m=harley&v=draw&u=conv2/6,4,4"
READY = """() => {
  const waiting = !document.querySelector('.arithmetic') || document.querySelector('.is-waiting');
  return window.__store?.get().frame && !waiting;
}"""


def take(url: str, path: Path) -> None:
    """A drawn seven, Harley's network, one unit of its second convolution pinned."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=browser.flags())
        page = chromium.new_page(
            viewport={"width": 1440, "height": 900},
            color_scheme="light",
            reduced_motion="reduce",
        )
        page.goto(url + PINNED)
        page.wait_for_function(READY)
        page.mouse.move(1439, 899)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=path)
        chromium.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home, LiveServer(Path(home) / "server.log") as live:
        take(f"{live.url}/", PICTURE)
    print(PICTURE)
