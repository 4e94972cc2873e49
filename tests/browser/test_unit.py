"""The unit page: one address for each unit, with everything that is known of it."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from scripts.live_server import LiveServer
from tests.browser.conftest import Guard
from tests.browser.page import SEVEN, DrawPage
from tests.browser.test_look import findings
from tests.browser.test_photo import PhotoPage
from tests.browser.test_touch import PHONE

UNIT = "/models/digitnet/layers/relu2/units/7"
PHOTO_UNIT = "/models/squeezenet1_1/layers/features.1/units/5#w=random&g=chelsea"
# The value of the pinned cell in the live frame, which is exact.
PINNED = "s.frame.tensors.get('relu2').data[(7 * 14 + s.pinned.y) * 14 + s.pinned.x]"
LARGEST = "Math.max(...s.frame.tensors.get('relu2').data.slice(7 * 196, 8 * 196))"


class UnitPage(DrawPage):
    """The page of one unit. Digits are not looked through: that takes longer than a test may."""

    def open(self, url: str) -> None:
        """Go there; there are no sets of real pictures."""
        self.page.route("**/picture-sets*", lambda route: route.fulfill(json=[]))
        super().open(url)

    def wait_until_ready(self) -> None:
        """Wait for an answer and for the unit."""
        self.until("!!s?.frame && s.frame.prediction.reason !== 'empty'")
        expect(self.page.locator(".unit-page > :visible, .filters").first).to_be_visible()

    def settle(self) -> None:
        """There is no scene to wait for."""
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => done()))")

    @property
    def title(self) -> Locator:
        """Which unit."""
        return self.page.locator(".unit-title")

    @property
    def value(self) -> float:
        """The number below the map."""
        return float(self.page.locator(".present-number").get_attribute("value") or "nan")

    def is_at(self, layer: str, channel: int) -> None:
        """Wait for the address of a unit of DigitNet."""
        path = f"/models/digitnet/layers/{layer}/units/{channel}"
        self.until("location.pathname === argument", path)


class PhotoUnitPage(PhotoPage):
    """The page of a unit of a network for photographs."""


Open = Callable[..., UnitPage]


@pytest.fixture
def open_unit(open_page: Callable[..., DrawPage]) -> Open:
    """``open_unit(path, **context options)``."""

    def open_(path: str = UNIT, **options: Any) -> UnitPage:
        page = open_page(path, kind=UnitPage, **options)
        assert isinstance(page, UnitPage)
        return page

    return open_


def ask(server: LiveServer, path: str) -> Any:
    """The JSON of an answer of the API."""
    with urllib.request.urlopen(f"{server.url}/api/v1{path}") as answer:
        return json.load(answer)


def test_everything_of_a_unit_at_its_address(open_unit: Open, server: LiveServer) -> None:
    page = open_unit()
    card = ask(server, "/models/digitnet/layers/relu2/units/7")
    expect(page.title).to_have_text("conv2 7")
    linked = page.page.locator(".unit-before .linked-unit")
    expect(linked).to_have_count(8)
    first = card["before"][0]
    assert linked.first.get_attribute("href") == (
        f"/models/digitnet/layers/{first['layer']}/units/{first['channel']}"
    )
    expect(page.page.locator(".unit-after .linked-unit")).to_have_count(8)
    expect(page.page.locator(".unit-kernel .unit-note")).to_contain_text("16 kernels of 3 × 3")
    expect(page.page.locator(".unit-facts")).to_contain_text("10 × 10 of 28 × 28 pixels")
    expect(page.page.locator(".unit-foot math").first).to_be_visible()
    expect(page.page.locator(".tops-words")).to_contain_text("no pictures here")
    made = page.page.locator(".unit-wanted .unit-note").last
    expect(made).to_contain_text("Made, not found", timeout=30_000)  # the picture is computed
    kept = ask(server, "/maximizations?model=digitnet&layer=relu2&channel=7")
    score = kept[0]["pictures"][0]["score"]
    shown = page.page.locator(".wanted-value").get_attribute("data-full") or ""
    assert float(re.findall(r"[\d.]+", shown)[-1]) == pytest.approx(score, rel=1e-6)
    assert findings(page) == []


def test_the_map_follows_the_pen(open_unit: Open) -> None:
    page = open_unit()
    page.until(f"Math.abs({PINNED} - {LARGEST}) < 1e-9")  # where the unit answers most
    page.clear()
    page.draw(SEVEN)
    page.until(f"Math.abs({PINNED} - document.querySelector('.present-number').value) < 1e-6")
    picture = page.page.locator(".unit-present .map-picture")
    picture.hover(position={"x": 3, "y": 3})
    expect(page.page.locator(".unit-value")).to_contain_text("row 0, column 0")
    assert page.value == pytest.approx(page.state("s.frame.tensors.get('relu2').data[7 * 196]"))
    picture.click(position={"x": 3, "y": 3})
    assert page.state("[s.pinned.y, s.pinned.x]") == [0, 0]


def test_from_unit_to_unit_and_back(open_unit: Open, server: LiveServer) -> None:
    page = open_unit()
    first = ask(server, "/models/digitnet/layers/relu2/units/7")["before"][0]
    page.page.locator(".unit-before .linked-unit").first.click()
    page.is_at(first["layer"], first["channel"])
    expect(page.title).to_contain_text(str(first["channel"]))
    expect(page.title).to_be_focused()
    page.page.go_back()
    expect(page.title).to_have_text("conv2 7")
    page.is_at("relu2", 7)
    page.page.keyboard.press("]")
    page.is_at("relu2", 8)
    page.page.keyboard.press("[")
    page.is_at("relu2", 7)
    page.page.get_by_role("radio", name="conv", exact=True).check()
    page.is_at("conv2", 7)
    expect(page.title).to_have_text("conv2 · conv 7")


def test_from_view_to_view(open_unit: Open) -> None:
    page = open_unit("/#v=filters&u=conv2/3,5,5")
    tabs = page.page.get_by_role("navigation")
    page.page.locator(".panel").get_by_role("link", name="Unit page").click()
    page.is_at("relu2", 3)
    tabs.get_by_role("link", name="Features").click()
    page.until("location.pathname === '/'")
    page.page.locator(".map-tile").nth(4).click()
    page.page.locator(".enlarged > .unit-links").get_by_role("link").click()
    page.is_at("relu2", 4)
    page.page.go_back()
    expect(page.page.locator(".feature-stage")).to_be_visible()
    page.page.locator(".panel").get_by_role("button", name="Maximize").click()
    expect(page.page.locator(".maximize-title")).to_have_text("conv2 · 3")
    assert page.state("s.pinned.channel") == 3
    tabs.get_by_role("link", name="Unit").click()
    page.is_at("relu2", 3)


def test_the_tab_finds_a_unit_that_is_worth_a_look(open_unit: Open) -> None:
    page = open_unit("/#v=unit")
    expect(page.title).to_have_text("out 7")
    page.is_at("out", 7)
    expect(page.page.locator(".unit-value")).to_contain_text("number 1 of 10")
    expect(page.page.locator(".unit-after")).to_contain_text("Nothing reads it")
    page.page.get_by_label("Language").select_option("hu")
    expect(page.page.locator(".unit-after")).to_contain_text("Senki sem olvassa")
    page.is_at("out", 7)


def test_there_is_no_such_unit(open_unit: Open, guard: Guard) -> None:
    guard.allow("404")
    page = open_unit("/models/digitnet/layers/relu9/units/2")
    missing = page.page.locator(".unit-missing")
    expect(missing).to_contain_text("no layer called “relu9”")
    missing.get_by_role("link", name="conv1").click()
    expect(page.title).to_have_text("conv1 2")
    page.is_at("relu1", 2)


def test_real_pictures_of_a_network_for_photographs(
    open_page: Callable[..., DrawPage], server: LiveServer
) -> None:
    page = open_page(PHOTO_UNIT, kind=PhotoUnitPage)
    pictures = page.page.locator(".tops-grid .top:visible")
    expect(pictures).to_have_count(9, timeout=60_000)
    path = "/models/squeezenet1_1/layers/features.1/units/5/top-pictures?set=gallery&weights=random"
    found = ask(server, path)
    shown = [float(each.get_attribute("value") or "nan") for each in pictures.locator("data").all()]
    assert shown == pytest.approx([each["value"] for each in found["top"][:9]])
    largest = page.page.locator(".tops-stats data").first.get_attribute("value")
    assert float(largest or "nan") == pytest.approx(found["range"]["largest"])
    page.until("document.querySelector('.top-image').naturalWidth === 3")  # what the unit sees
    pictures.first.get_by_role("button", pressed=False).first.click()
    page.until("document.querySelector('.top-image').naturalWidth === 224")
    expect(pictures.first.locator(".top-box")).to_be_visible()
    pictures.first.get_by_role("button", name="Use as the input").click()
    page.until("s.photo?.origin === 'gallery' && s.photo.id === argument", found["top"][0]["name"])
    assert page.state("[s.pinned.y, s.pinned.x]") == [found["top"][0]["y"], found["top"][0]["x"]]


def test_nothing_serious_for_axe_on_a_phone_in_the_dark(open_unit: Open) -> None:
    page = open_unit(color_scheme="dark", **PHONE)
    expect(page.page.locator(".unit-before .linked-unit")).to_have_count(8)
    assert findings(page) == []
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
