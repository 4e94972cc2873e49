"""The maximize view: a picture that forms, what it is worth, its way back into the network."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from scripts.live_server import LiveServer
from tests.browser.conftest import Guard
from tests.browser.page import DrawPage
from tests.browser.test_look import findings
from tests.browser.test_photo import RANDOM, PhotoPage
from tests.browser.test_touch import PHONE

UNIT = "/#v=maximize&u=conv2/3,5,5&z=steps.8"
SLOW = "/#v=maximize&u=conv4/3,2,2&z=diversity,size.112,steps.2000,count.4"
DONE = "!!document.querySelector('.maximize-stage .maximize-score:not([hidden])')"
# How many different values the pixels of the picture have.
SHADES = """(() => {
  const copy = new OffscreenCanvas(28, 28).getContext('2d', { willReadFrequently: true });
  copy.drawImage(document.querySelector('.maximize-picture canvas'), 0, 0);
  return new Set(copy.getImageData(0, 0, 28, 28).data).size;
})()"""
# Does the API say that the newest maximization's job is in this state?
JOB = """fetch('/api/v1/jobs').then((answer) => answer.json())
  .then((jobs) => jobs.find(({ kind }) => kind === 'maximization').state === argument)"""


class Maximize(DrawPage):
    """The view with one unit of DigitNet."""

    def wait_until_ready(self) -> None:
        """Wait for the unit's name."""
        self.page.set_default_timeout(30_000)  # beside a scan, a picture may take seconds
        self.until("!!s?.frame && !!s.pinned")
        expect(self.title).not_to_be_empty()

    @property
    def title(self) -> Locator:
        """The name of the unit."""
        return self.page.locator(".maximize-title")

    @property
    def steps(self) -> Locator:
        """How far it is."""
        return self.page.locator(".maximize-steps")

    def finished(self) -> dict[str, Any]:
        """Wait for the picture, and give the server's answer on which it rests."""
        self.until(DONE)
        answer: dict[str, Any] = self.state("s.maximized[0].answer")
        return answer


def ask(server: LiveServer, path: str) -> Any:
    """The JSON of an answer of the API."""
    with urllib.request.urlopen(f"{server.url}/api/v1{path}") as answer:
        return json.load(answer)


Open = Callable[..., Maximize]


@pytest.fixture
def open_unit(open_page: Callable[..., DrawPage]) -> Open:
    """``open_unit(path, **context options)``: the view of a digit network."""

    def open_(path: str = UNIT, **options: Any) -> Maximize:
        page = open_page(path, kind=Maximize, **options)
        assert isinstance(page, Maximize)
        return page

    return open_


def test_a_picture_appears_with_the_servers_score_and_file(
    open_unit: Open, server: LiveServer
) -> None:
    page = open_unit()
    shown = page.finished()
    picture = ask(server, f"/maximizations/{shown['id']}")["pictures"][0]
    assert (picture["layer"], picture["channel"]) == ("relu2", 3)
    value = page.page.locator(".maximize-score").get_attribute("data-value")
    assert float(value or "nan") == picture["score"]
    page.until(f"{SHADES} > 16")
    expect(page.title).to_have_text("conv2 · 3")
    expect(page.steps).to_contain_text("8 steps")
    with page.page.expect_download() as download:
        page.button("Save PNG").click()
    with urllib.request.urlopen(server.url + picture["href"]) as answer:
        assert download.value.path().read_bytes() == answer.read()


def test_pause_go_on_and_stop(open_unit: Open) -> None:
    page = open_unit(SLOW)
    page.button("Start").click()
    expect(page.steps).to_contain_text("of 2,000", timeout=20_000)
    page.button("Pause").click()
    expect(page.steps).to_contain_text("paused")
    page.until(JOB, "paused")
    page.button("Go on").first.click()
    expect(page.steps).not_to_contain_text("paused")
    page.page.keyboard.press("Escape")
    expect(page.steps).to_contain_text("stopped")
    page.until(JOB, "cancelled")
    expect(page.page.locator(".maximize-thumb")).to_have_count(4)


def test_from_unit_to_unit_and_back(open_unit: Open) -> None:
    page = open_unit()
    page.finished()
    page.page.get_by_role("spinbutton", name="Unit").fill("11")
    page.page.keyboard.press("Enter")
    expect(page.title).to_have_text("conv2 · 11")
    page.until("s.maximized.length === 2")
    page.page.locator(".history-thumb").last.click()
    expect(page.title).to_have_text("conv2 · 3")
    page.page.locator("body").press("]")
    expect(page.title).to_have_text("conv2 · 4")
    page.button("Another seed").click()
    page.until("s.maximized[0].answer.request.seed === 1 && s.maximized.length >= 3")
    page.until("location.hash.includes('u=conv2/4,') && location.hash.includes('z=seed.1,steps.8')")


def test_a_seven_that_is_none_to_us_becomes_the_input(open_unit: Open) -> None:
    page = open_unit("/#v=maximize&z=steps.8")
    expect(page.title).to_have_text("out · 7")  # what is drawn
    page.finished()
    page.button("A 7 that is none to us").click()
    page.until("s.maximized.length === 2")
    top = page.state("s.maximized[0].answer.pictures[0].prediction.top[0]")
    assert (top["label"], top["probability"] > 0.99) == ("7", True)
    ink = page.ink()
    page.button("Show it to the network").click()
    page.until("s.preprocess === 'none' && s.ink.reduce((a, b) => a + b, 0) !== argument", ink)
    expect(page.digit).to_have_text("7")


def test_a_whole_layer(open_unit: Open) -> None:
    page = open_unit("/#v=maximize&u=conv1/3,5,5&z=steps.4")
    page.finished()
    page.button("Make them all").click()
    page.until("document.querySelectorAll('.sheet-tile img:not([hidden])').length === 16")
    expect(page.page.locator(".sheet-state")).to_have_text("16 of 16")
    page.page.locator(".sheet-tile[data-channel='9']").click()
    expect(page.title).to_have_text("conv1 · 9")


def test_two_classes_the_choices_and_a_refusal(open_unit: Open, guard: Guard) -> None:
    page = open_unit("/#v=maximize&u=out/4,0,0&z=steps.4")
    page.button("Objective: Most activation").click()
    page.page.locator(".choice-entry", has_text="What separates two").click()
    expect(page.title).to_have_text("out · 4, 5")
    page.button("The second unit: 5").click()
    page.page.locator(".unit-board:visible button", has_text="9").click()
    expect(page.title).to_have_text("out · 4, 9")
    page.until("s.maximized[0]?.answer.request.class?.[1] === 9")
    assert page.state("s.maximize.objective") == "contrast"
    guard.allow("422")
    page.button("Advanced").click()
    page.page.get_by_role("spinbutton", name="Size").fill("9")
    page.page.keyboard.press("Enter")
    expect(page.page.locator(".maximize-state")).to_contain_text("This did not work")
    expect(page.button("Start")).to_be_visible()


@pytest.mark.parametrize(("theme", "screen"), [("light", "phone"), ("dark", "desk")])
def test_nothing_serious_for_axe(open_unit: Open, theme: str, screen: str) -> None:
    options: dict[str, Any] = PHONE if screen == "phone" else {}
    page = open_unit(color_scheme=theme, **options)
    page.finished()
    assert findings(page) == []
    page.button("Advanced").click()
    assert findings(page) == []
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_network_of_photographs(open_page: Callable[..., DrawPage]) -> None:
    page = open_page(f"{RANDOM}&v=maximize&z=size.48,steps.3&u=features.0/5,9,9", kind=PhotoPage)
    page.until(DONE)
    expect(page.page.locator(".maximize-title")).to_have_text("features.0 · 5")
    page.until(f"{SHADES} > 16")
