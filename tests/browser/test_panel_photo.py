"""The pinned unit of a large network: the server's numbers, which add up, in every view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from scripts.live_server import LiveServer
from tests.browser.page import DrawPage, Unit
from tests.browser.test_panel import ask, column, pin
from tests.browser.test_photo import RANDOM, PhotoPage

PRODUCTS = """() => [...document.querySelectorAll('.terms tbody td:last-child')]
  .map((cell) => Number(cell.getAttribute('value')))"""


@pytest.fixture
def page(open_page: Callable[..., DrawPage]) -> PhotoPage:
    """SqueezeNet with random weights and a photograph."""
    opened = open_page(RANDOM, kind=PhotoPage)
    assert isinstance(opened, PhotoPage)
    opened.choose_file()
    return opened


def neuron(page: PhotoPage, server: LiveServer, unit: Unit) -> Any:
    """The same unit's arithmetic, asked of the API."""
    output = page.state("s.model.stages.find(({id}) => id === argument).output", unit.stage)
    place = f"{unit.channel}/{unit.y}/{unit.x}"
    run = page.state("s.pass.id")
    return ask(f"{server.url}/api/v1/passes/{run}/layers/{output}/neurons/{place}")


UNITS = [
    Unit("features.0", 5, 40, 30),
    Unit("features.3.squeeze", 3, 10, 20),
    Unit("features.12.expand3x3", 100, 6, 6),
]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stage)
@pytest.mark.parametrize("view", ["Network", "Filters"])
def test_the_numbers_add_up_and_are_the_apis(
    page: PhotoPage, server: LiveServer, unit: Unit, view: str
) -> None:
    page.page.get_by_role("navigation").get_by_role("link", name=view).click()
    pin(page, unit)
    shown = column(page)
    positive, negative, bias, total = (value for _, value in shown[:4])
    asked = neuron(page, server, unit)
    assert positive + negative + bias == pytest.approx(total, rel=1e-4, abs=1e-6)
    assert total == pytest.approx(asked["sum"], rel=1e-6)
    assert shown[-1][1] == pytest.approx(asked["output"], rel=1e-6)
    head = page.page.locator(".panel-value")
    assert float(head.get_attribute("value") or "nan") == asked["output"]
    expect(head).not_to_contain_text("≈")
    page.page.locator(".terms summary").click()
    if len(asked["products"]) > 12:
        page.page.locator(".terms .link-button").last.click()
    products = page.page.evaluate(PRODUCTS)
    assert len(products) == len(asked["products"])
    assert sum(products) + bias == pytest.approx(total, rel=1e-4, abs=1e-5)


def test_the_first_layer_shows_its_patch_in_colour(page: PhotoPage) -> None:
    pin(page, Unit("features.0", 5, 40, 30))
    expect(page.page.locator(".colour-patch")).to_be_visible()
    expect(page.page.locator(".field-part")).to_be_visible()
    expect(page.page.locator(".pictures-body .picture-row")).to_have_count(3)
    pin(page, Unit("features.3.squeeze", 3, 10, 20))
    expect(page.page.locator(".colour-patch")).to_be_hidden()


def test_long_lists_have_only_the_rows_in_sight(page: PhotoPage) -> None:
    page.page.evaluate(
        "__store.set({pinned: {stage: 'features.12.expand3x3', channel: 9, y: 5, x: 5}})"
    )
    expect(page.page.locator(".arithmetic.is-waiting")).to_have_count(0)
    body = page.page.locator(".pictures-body")
    expect(body.locator(".picture-row")).to_have_count(6)
    page.page.locator(".pictures .link-button").click()
    rows = body.locator(".picture-row")
    most = page.state("s.neuron.answer.patch.channels.length")
    assert most == 64
    assert rows.count() <= most


def test_a_pool_names_its_winner_and_a_branch_its_source(page: PhotoPage) -> None:
    pin(page, Unit("features.2", 7, 12, 12))
    assert column(page)[0][0] == "largest of 9"
    page.page.evaluate(
        "__store.set({pinned: {stage: s.id, channel: 3, y: 4, x: 4}})".replace(
            "s.id", "__store.get().model.stages.find((each) => each.inputs.length === 2).id"
        )
    )
    expect(page.page.locator(".sources h3")).to_have_text("The branch it comes from")
    page.page.locator(".chip-first").click()
    assert "expand1x1" in (page.state("s.pinned.stage") or "")
    expect(page.page.locator(".trail li")).to_have_count(2)


def test_a_pointer_at_rest_brings_the_arithmetic_of_its_unit(page: PhotoPage) -> None:
    page.page.evaluate("__store.set({hover: {stage: 'features.0', channel: 1, y: 2, x: 3}})")
    page.until("s.neuron?.unit.stage === 'features.0' && s.neuron.answer.products.length === 27")
