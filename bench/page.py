"""(f) The page's own work for one frame, as its ``?perf`` counters see it in Chromium."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.measure import Row
from scripts import browser
from scripts.live_server import LiveServer

TITLE = "The page's work a frame while drawing: parse, colour, upload (performance.now in Chromium)"
WORK = ("parse", "colour", "upload")
MODELS = (("harley", 4.0), ("digitnet", None))
STROKES = 6


def draw(page: Page) -> None:
    """Some strokes over the whole pad with the pen down, an answer for every few moves."""
    box = page.locator("#pad").bounding_box()
    assert box is not None
    page.get_by_role("button", name="Clear", exact=True).click()
    for stroke in range(STROKES):
        x = box["x"] + box["width"] * (0.2 + 0.1 * stroke)
        page.mouse.move(x, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(x + 30, box["y"] + box["height"] - 20, steps=25)
        page.mouse.up()


def meters(page: Page, url: str, model_id: str) -> dict[str, Any]:
    """The counters after drawing: for each name, the milliseconds of the latest frames."""
    page.goto(f"{url}/?perf#m={model_id}")
    page.reload()  # an address that differs in its fragment only does not load anew
    page.wait_for_function(
        "(id) => window.__store?.get().frame && __store.get().model.id === id", arg=model_id
    )
    draw(page)  # warm up
    page.evaluate("Object.values(__perf).forEach((m) => { m.recent.length = 0; m.count = 0; })")
    draw(page)
    found: dict[str, Any] = page.evaluate(
        "Object.fromEntries(Object.entries(__perf).map(([name, m]) => [name, m.recent]))"
    )
    return found


def rows(folder: Path) -> Iterator[Row]:
    """One row a network."""
    with LiveServer(folder / "page.log") as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=browser.flags())
        for model_id, ask in MODELS:
            page = chromium.new_page(viewport={"width": 1440, "height": 900})
            found = meters(page, server.url, model_id)
            units = page.evaluate("__scene.stages().reduce((sum, s) => sum + s.units, 0)")
            mean = {name: statistics.fmean(found[name]) for name in WORK}  # ticks are of 0.1 ms
            total = sum(mean.values())
            yield Row(
                f"{model_id}, {units:,} units, mean of {len(found['colour'])} frames",
                f"{total:.2f} ms",
                ", ".join(f"{name} {value:.2f}" for name, value in mean.items()),
                "",
                f"< {ask:g} ms" if ask else "",
                total < ask if ask else None,
            )
            page.close()
        chromium.close()
