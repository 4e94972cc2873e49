"""The playground of 2-D points: weights by hand, the perceptron's rule, a whole training."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from scripts.live_server import LiveServer
from tests.browser.page import DrawPage

SMALL = "moons,40,0.1,0.5,3/3/tanh,default/adam,0.1,0,10,4,0//"
STEPS = 8
# The largest difference between what the browser and the server make of the shown weights.
DIFFERENCE = """async ({layers, range, size}) => {
  const {forward, gridOf} = await import('/static/js/core/points/network.js');
  const {networkOf} = await import('/static/js/core/points/api.js');
  const {xs, ys} = gridOf(size, range);
  const {sums, units} = forward(networkOf(layers, __store.get().playground), xs, ys);
  let most = 0;
  const last = layers.length - 1;
  layers.forEach((layer, l) => layer.units.forEach((rows, u) => rows.flat().forEach((value, i) => {
    const own = l === last ? sums[l][u][i] : units[l][u][i]; // the server's answer is a sum
    most = Math.max(most, Math.abs(own - value));
  })));
  return most;
}"""


class PointsPage(DrawPage):
    """The playground."""

    def wait_until_ready(self) -> None:
        """Wait until the network before its first step is drawn."""
        self.until("!!window.__store && !!s.palette && !!s.playground")
        expect(self.standing).to_contain_text("%")

    @property
    def standing(self) -> Any:
        """Where the shown network stands, in words."""
        return self.page.locator(".points-standing")

    def preset(self, name: str) -> None:
        """Begin with a preset."""
        self.page.locator(f".points-preset[data-id='{name}']").click()

    def tile(self, layer: int, unit: int) -> Any:
        """A unit of the diagram."""
        return self.page.locator(f".points-tile[data-layer='{layer}'][data-unit='{unit}']")

    def probe(self, across: float, down: float) -> None:
        """Put the probe, in shares of the plane."""
        plane = self.page.locator(".points-plane")
        box = plane.bounding_box()
        assert box is not None
        plane.click(position={"x": across * box["width"], "y": down * box["height"]})


@pytest.fixture(scope="module")
def api(server: LiveServer) -> Iterator[httpx.Client]:
    """The server's HTTP API."""
    with httpx.Client(base_url=f"{server.url}/api/v1", trust_env=False, timeout=60) as client:
        yield client


def test_threshold_units_compute_xor_until_a_weight_is_changed(
    open_page: Callable[..., PointsPage],
) -> None:
    page = open_page(f"/#v=train&pp={SMALL}", kind=PointsPage)
    page.preset("xor")
    expect(page.standing).to_contain_text("100%")
    page.probe(0.75, 0.25)  # the point (1, 1): both hidden units fire, the answer is 0
    for layer, unit, value in ((1, 0, "1"), (1, 1, "1"), (2, 0, "0")):
        expect(page.tile(layer, unit).locator(".points-value")).to_have_text(value)
    page.tile(1, 1).click()
    expect(page.page.locator(".points-formula-line").first).to_contain_text("1.5")
    page.page.get_by_label("bias").fill("-2.5")  # AND never fires: what is left is OR
    expect(page.standing).to_contain_text("75%")
    expect(page.tile(2, 0).locator(".points-value")).to_have_text("1")
    expect(page.page).to_have_url(re.compile(r"step!1_1_-0\.5!1_1_-2\.5"))


def test_each_step_of_the_perceptrons_rule_is_shown_in_numbers(
    open_page: Callable[..., PointsPage], api: httpx.Client
) -> None:
    page = open_page(f"/#v=train&pp={SMALL}", kind=PointsPage)
    page.preset("and_learnt")
    page.button("One step").click()
    title = page.page.locator(".points-rule .points-unit-title")
    expect(title).to_contain_text("Step 1", timeout=30_000)
    update = api.get(f"/trainings/{page.state('s.training')}/network").json()["update"]
    error = update["target"] - update["output"]
    for before, after, x in zip(update["before"], update["after"], update["x"], strict=True):
        assert after == pytest.approx(before + 0.5 * error * x)
    row = page.page.locator(".points-rule-table tbody tr").first
    expect(row).to_contain_text("; ".join(f"{value:g}" for value in update["x"]))
    page.button("One step").click()
    expect(title).to_contain_text("Step 2")
    expect(page.page.locator(".points-current")).to_be_visible()


def test_a_training_is_watched_to_its_end_and_gone_through_again(
    open_page: Callable[..., PointsPage], api: httpx.Client
) -> None:
    """The browser computes from the newest weights what the server does, to 1e-5."""
    page = open_page(f"/#v=train&pp={SMALL}", kind=PointsPage)
    before = page.standing.text_content()
    page.button("Start").click()
    expect(page.standing).to_contain_text(f"Step {STEPS}", timeout=30_000)
    expect(page.standing).to_contain_text("done")
    assert page.standing.text_content() != before
    found = api.get(f"/trainings/{page.state('s.training')}/checkpoints/latest/surface?size=9")
    assert found.json()["step"] == STEPS
    assert page.page.evaluate(DIFFERENCE, found.json()) <= 1e-5
    page.page.evaluate("__store.set({moment: 0})")
    expect(page.standing).to_contain_text("Step 0")
    expect(page.standing).to_contain_text(str(before))
    page.page.wait_for_url("**tm=0**")
    page.page.reload()
    expect(page.standing).to_contain_text("Step 0", timeout=30_000)
    page.page.get_by_label("One unit more in layer 1").click()
    expect(page.tile(1, 3)).to_be_visible()
    expect(page.standing).not_to_contain_text("Step")
    assert page.state("s.training") is None
