"""What a training's curves and analyses show, over one small training."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from scripts.live_server import LiveServer
from tests.browser.page import DrawPage

REQUEST = {
    "model": "lenet5",
    "title": "A small one",
    "dataset": {"id": "mnist", "share": 0.02},
    "epochs": 2,
    "batch": 120,
}
STEPS = 20
WAIT = 30_000  # for what the server works out, on a busy machine

Open = Callable[..., DrawPage]


class TrainPage(DrawPage):
    """The train view with a training that is over."""

    def wait_until_ready(self) -> None:
        """The training, its curves and its network are there."""
        self.until("s.trainingData?.state === 'done' && s.trainingMetrics?.steps.length > 0")
        self.until("s.model?.id === s.trainingData.model && !!s.frame")

    def tab(self, name: str) -> None:
        """Look at a tab."""
        self.page.locator(".train-tabs").get_by_role("button", name=name, exact=True).click()


PAIR = [
    REQUEST | {"model": "mlp", "title": "Without", "dropout": 0.0, "epochs": 1},
    REQUEST | {"model": "mlp", "title": "With", "dropout": 0.5},
]


def _train(server: LiveServer, request: dict[str, Any]) -> str:
    """The id of a training that is done."""
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60) as client:
        answer = client.post("/api/v1/trainings", json=request)
        assert answer.status_code == 202, answer.text
        accepted = answer.json()
        with client.stream("GET", f"{accepted['href']}/events") as events:
            for line in events.iter_lines():
                if line == "event: done":
                    break
    name: str = accepted["training"].rsplit("/", 1)[-1]
    return name


@pytest.fixture(scope="module")
def training(server: LiveServer) -> str:
    """A training of twenty steps, done."""
    return _train(server, REQUEST)


@pytest.fixture
def page(open_page: Open, training: str) -> TrainPage:
    """The train view with the training."""
    page = open_page(f"/#v=train&tr={training}", kind=TrainPage)
    assert isinstance(page, TrainPage)
    return page


def test_curves_are_drawn_read_and_gone_back_by(page: TrainPage) -> None:
    """Hovering reads all values; a click chooses the nearest checkpoint; there is a table."""
    loss = page.page.locator(".curve-panel[data-panel=loss]")
    expect(loss.locator("canvas")).to_be_visible()
    expect(loss.get_by_role("img")).to_have_attribute("aria-label", re.compile("^Loss: training"))
    over = loss.locator(".u-over")
    box = over.bounding_box()
    assert box is not None
    page.page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 20)
    expect(page.page.locator(".curve-position")).to_contain_text("Step 6 ")
    page.page.mouse.click(box["x"] + 2, box["y"] + 20)
    page.until("s.moment === 0")
    page.page.locator(".curve-charts").press("ArrowRight")
    page.until("s.moment === 1")
    page.button("Table").click()
    expect(page.page.locator(".curve-table tbody th").first).to_have_text(str(STEPS))


def test_analyses_follow_the_moment(page: TrainPage) -> None:
    """Confusion with the pictures of a cell, one of them as the probe; mistakes; layers."""
    page.tab("Confusion")
    grid = page.page.get_by_role("grid")
    expect(grid.locator("tbody td")).to_have_count(100)
    expect(page.page.locator(".moment-status").first).to_contain_text(
        f"Newest checkpoint: step {STEPS} ", timeout=WAIT
    )
    page.state("__store.set({moment: 0})")
    expect(page.page.locator(".moment-status").first).to_contain_text(
        "Chosen moment: step 0 ", timeout=WAIT
    )
    page.page.locator(".analysis-summary .link-button").first.click()
    tile = page.page.locator(".analysis-panel .answered-tile").first
    expect(tile).to_contain_text("→", timeout=WAIT)
    before = page.ink()
    tile.click()
    page.until("s.ink.reduce((a, b) => a + b, 0) !== argument", before)
    grid.locator("[tabindex='0']").press("ArrowRight")
    page.page.keyboard.press("Enter")

    page.tab("Mistakes")
    expect(page.page.locator("[data-pane=mistakes] .answered-tile").first).to_be_visible(
        timeout=WAIT
    )
    page.tab("Layers")
    expect(page.page.locator(".layer-table tbody tr")).to_have_count(7, timeout=WAIT)
    expect(page.page.locator(".verdicts li").first).not_to_be_empty()


def test_two_runs_stand_beside_each_other(open_page: Open, server: LiveServer) -> None:
    """One axis, a table of differences and results; how robust both are, once that is opened."""
    shown, beside = (_train(server, request) for request in PAIR)
    page = open_page(f"/#v=train&tr={shown}&tc={beside}", kind=TrainPage)
    assert isinstance(page, TrainPage)
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url))
    expect(page.page.locator(".curve-key li")).to_have_text(["Without", "With"])
    loss = page.page.locator(".curve-panel[data-panel=loss]")
    expect(loss.locator(".curve-legend dd")).to_have_count(4)
    expect(loss.get_by_role("img")).to_have_attribute("aria-label", re.compile("With · training"))
    table = page.page.locator(".compare-runs")
    expect(table.get_by_role("row", name="dropout 0 0.5")).to_be_visible()
    expect(table.get_by_role("row", name=f"steps done {STEPS // 2} {STEPS}")).to_be_visible()
    assert not any("robustness" in url for url in asked)

    page.tab("Robustness")
    pane = page.page.locator("[data-pane=robustness]")
    expect(pane.locator(".plot-robustness canvas:visible")).to_have_count(4, timeout=WAIT)
    curve = pane.get_by_role("img").first
    expect(curve).to_have_attribute("aria-label", re.compile(r"Rotation: −90° \d+%.* 0° \d+%"))
    legend = pane.locator(".analysis-summary")
    expect(legend).to_have_text("Solid: Without. Dashed: With, as it is now.", timeout=WAIT)
    page.page.locator(".runs-row").get_by_label("No longer compare").click()
    expect(legend).to_be_hidden()
