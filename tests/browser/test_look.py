"""Themes, languages, screens: accessible in all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.page import DrawPage
from tests.browser.test_touch import PHONE

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SEVERE = ("serious", "critical")


def findings(page: DrawPage) -> list[str]:
    """What axe finds serious or critical, each with the first place."""
    page.page.evaluate(AXE.read_text(encoding="utf-8"))
    # Only a rule on locked orientation reads style sheets anew, and the page's policy forbids how.
    result: dict[str, Any] = page.page.evaluate("axe.run({preload: false})")
    return [
        f"{each['id']} ({each['impact']}): {each['nodes'][0]['html']}"
        for each in result["violations"]
        if each["impact"] in SEVERE
    ]


@pytest.mark.parametrize(("theme", "screen"), [("light", "phone"), ("dark", "desk")])
def test_nothing_serious_for_axe(
    open_page: Callable[..., DrawPage], theme: str, screen: str
) -> None:
    page = open_page(color_scheme=theme, **(PHONE if screen == "phone" else {}))
    assert page.state("s.theme") == theme
    assert findings(page) == []
    page.page.evaluate("__store.set({pinned: {stage: 'conv2', channel: 3, y: 4, x: 5}})")
    expect(page.page.locator(".arithmetic.is-waiting")).to_have_count(0)
    page.page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
    page.page.locator(".table-toggle").evaluate("(button) => button.click()")
    page.settle()
    assert findings(page) == []


def test_a_low_screen_scrolls_its_columns_not_the_page(
    open_page: Callable[..., DrawPage],
) -> None:
    page = open_page(viewport={"width": 1024, "height": 500})
    for view in ("network", "train", "maximize"):
        page.page.evaluate("(view) => __store.set({view})", view)
        expect(page.page.locator(".input-side .samples")).to_be_attached()
        page.settle()
        assert page.page.evaluate("document.documentElement.scrollHeight") == 500, view


def test_the_theme_is_chosen_and_kept(page: DrawPage) -> None:
    light = page.scene.screenshot()
    page.button("Switch to the dark theme").click()
    page.settle()
    assert page.page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.scene.screenshot() != light
    page.page.reload()
    page.wait_until_ready()
    assert page.state("s.theme") == "dark"


@pytest.mark.parametrize(("lang", "words"), [("hu", "Hálózat"), ("pl", "Sieć"), ("en", "Network")])
def test_every_language_has_all_its_words(page: DrawPage, lang: str, words: str) -> None:
    page.page.evaluate("__store.set({pinned: {stage: 'conv2', channel: 3, y: 4, x: 5}})")
    page.page.locator("select.language").select_option(lang)
    page.until("document.documentElement.lang === argument", lang)
    page.settle()
    text = page.page.locator("body").inner_text()
    assert words in page.page.locator("button.chooser").inner_text()
    keys = page.page.evaluate(
        r"[...document.querySelectorAll('*')].flatMap((e) => ['aria-label', 'title', 'placeholder']"
        r".map((a) => e.getAttribute(a) ?? '')).concat(document.body.innerText.split('\n'))"
        r".filter((text) => /^[a-z]+(\.[a-z_]+)+$/.test(text))"
    )
    assert keys == []
    assert "undefined" not in text


def test_motion_is_left_out_on_request(open_page: Callable[..., DrawPage]) -> None:
    page = open_page(reduced_motion="reduce")
    assert page.state("s.reducedMotion") is True
    calm = open_page(reduced_motion="no-preference")
    assert calm.state("s.reducedMotion") is False
    calm.page.get_by_role("radio", name="Flat").check()
    calm.settle()
    assert calm.state("s.projection") == "flat"
