"""Drawing with a finger, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from playwright.sync_api import expect

from tests.browser.page import SEVEN, DrawPage

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


def test_a_finger_draws_and_the_page_stays(open_page: Callable[..., DrawPage]) -> None:
    page = open_page(**PHONE)
    page.pad.scroll_into_view_if_needed()
    page.clear()
    page.settle()
    finger = page.page.context.new_cdp_session(page.page)
    scroll = page.page.evaluate("[scrollX, scrollY, visualViewport.scale]")

    def touch(kind: str, *points: tuple[float, float]) -> None:
        places = [dict(zip(("x", "y"), page.at(point), strict=True)) for point in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    for stroke in SEVEN:
        touch("touchStart", stroke[0])
        for (x0, y0), (x1, y1) in pairwise(stroke):
            for part in (0.25, 0.5, 0.75, 1.0):
                touch("touchMove", (x0 + (x1 - x0) * part, y0 + (y1 - y0) * part))
        touch("touchEnd")
    page.settle()
    expect(page.digit).to_have_text("7")
    assert page.page.evaluate("[scrollX, scrollY, visualViewport.scale]") == scroll


def test_a_phone_shows_everything_in_one_column(open_page: Callable[..., DrawPage]) -> None:
    page = open_page(**PHONE)
    width, content = page.page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
    assert content <= width
    for part in (page.pad, page.scene, page.digit):
        part.scroll_into_view_if_needed()
        expect(part).to_be_in_viewport()


def test_a_tap_pins_a_unit(open_page: Callable[..., DrawPage]) -> None:
    page = open_page(**PHONE)
    page.scene.scroll_into_view_if_needed()
    unit, place = page.visible_unit("out")
    page.page.touchscreen.tap(*place)
    page.settle()
    assert page.pinned() == unit
    expect(page.panel).to_be_in_viewport()
