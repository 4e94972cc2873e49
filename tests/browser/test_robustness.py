"""Robustness made visible: sliders on the drawing, and the curve over a slider's range."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.page import DrawPage


@pytest.fixture
def page(page: DrawPage) -> DrawPage:
    """The page with the sliders in sight."""
    details = page.page.locator("details.robust")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    details.scroll_into_view_if_needed()
    return page


@pytest.mark.parametrize("key", ["dx", "dy", "rotate", "scale", "noise", "stroke"])
def test_a_slider_changes_what_is_sent(page: DrawPage, key: str) -> None:
    slider = page.page.locator(f".slider[data-key='{key}'] input")
    before, ink = page.drawing(), page.ink()
    largest = slider.get_attribute("max") or ""
    slider.fill(largest)
    page.settle()
    assert page.drawing() != before
    assert page.ink() == ink  # the pad itself stays
    page.button("Reset").click()
    page.settle()
    assert page.drawing() == before


def test_the_curve_shows_the_range(page: DrawPage) -> None:
    slider = page.page.locator(".slider[data-key='rotate'] input")
    slider.fill("20")
    caption = page.page.locator(".chart-caption")
    expect(caption).to_contain_text("7")
    expect(
        page.page.locator("details.robust svg path, details.robust svg polyline").first
    ).to_be_visible()


def test_centring_makes_a_shift_harmless(page: DrawPage) -> None:
    page.page.locator(".slider[data-key='dx'] input").fill("5")
    page.settle()
    expect(page.digit).to_have_text("7")
