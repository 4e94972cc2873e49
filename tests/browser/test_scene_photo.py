"""The picture of a large network: all units, branches, links from the server's arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.page import DrawPage
from tests.browser.test_photo import RANDOM, PhotoPage

LOSE = """async () => {
  const canvas = document.querySelector('.scene-canvas');
  const loss = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
  const event = (name) => new Promise((go) => canvas.addEventListener(name, go, { once: true }));
  const lost = event('webglcontextlost');
  loss.loseContext();
  await lost;
  await new Promise((go) => setTimeout(go)); // it may come back only after the event
  const back = event('webglcontextrestored');
  loss.restoreContext();
  await back;
}"""


@pytest.fixture
def page(open_page: Callable[..., DrawPage]) -> PhotoPage:
    """SqueezeNet with random weights and a photograph, all layers here."""
    opened = open_page(RANDOM, kind=PhotoPage)
    assert isinstance(opened, PhotoPage)
    opened.choose_file()
    opened.page.evaluate("__store.set({scale: 'map'})")
    opened.settle()
    return opened


def drawn(page: PhotoPage) -> list[dict[str, Any]]:
    """The stages as the scene has them."""
    stages: list[dict[str, Any]] = page.page.evaluate("__scene.stages()")
    return stages


def test_every_unit_is_drawn(page: PhotoPage) -> None:
    stages = drawn(page)
    assert sum(stage["units"] for stage in stages) == page.state(
        "s.model.stages.reduce((sum, stage) => sum + stage.units, 0)"
    )
    assert all(stage["visible"] for stage in stages)
    assert page.page.evaluate("__scene.memory().textures") > 2 * len(stages)


@pytest.mark.parametrize("projection", ["3D", "Flat"])
def test_a_unit_of_a_branch_is_found_and_its_links_come(page: PhotoPage, projection: str) -> None:
    page.page.get_by_role("radio", name=projection).check()
    page.settle()
    unit = {"stage": "features.12.expand3x3", "channel": 100, "y": 6, "x": 6}
    place = page.page.evaluate("(unit) => __scene.screenOf(unit)", unit)
    found = page.page.evaluate("({x, y}) => __scene.unitAt(x, y)", place)
    assert found["stage"] == unit["stage"]
    page.page.evaluate("(unit) => __store.set({pinned: unit})", unit)
    page.until("s.neuron?.answer?.layer === 'features.12.expand3x3_activation'")
    page.settle()
    assert page.page.evaluate("__scene.linkCount()") == 64 * 9


def test_a_concatenation_leads_to_the_branch_that_holds_the_channel(page: PhotoPage) -> None:
    page.page.evaluate(
        "__store.set({pinned: {stage: 'features.12.cat', channel: 300, y: 3, x: 4}})"
    )
    page.settle()
    assert page.page.evaluate("__scene.linkCount()") == 1


def test_a_lost_context_comes_back_with_the_same_picture(page: PhotoPage) -> None:
    before = page.scene.screenshot()
    pictures = page.page.evaluate("__scene.pictures()")
    page.page.evaluate(LOSE)
    page.page.wait_for_function("(before) => __scene.pictures() > before", arg=pictures)
    page.settle()
    assert page.scene.screenshot() == before
