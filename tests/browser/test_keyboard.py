"""Everything without a pointer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.page import DrawPage, Unit


def test_a_digit_is_drawn_with_the_keyboard(page: DrawPage) -> None:
    press = page.page.keyboard.press
    page.clear()
    page.page.keyboard.press("d")
    expect(page.pad).to_be_focused()
    press("Space")
    for _ in range(4):
        press("Shift+ArrowDown")
    press("Space")
    page.settle()
    expect(page.digit).to_have_text("1")


def test_units_are_reached_and_pinned_in_the_scene(page: DrawPage) -> None:
    page.choose_network("harley")
    page.scene.focus()
    press = page.page.keyboard.press
    press("ArrowRight")
    page.settle()
    first = Unit(**page.state("s.hover"))
    assert first.stage == "conv1"
    press("PageUp")
    press("]")
    press("ArrowRight")
    page.settle()
    assert page.state("s.hover.stage") == "pool1"
    assert page.state("s.hover.channel") == first.channel + 1
    press("Enter")
    page.settle()
    pinned = page.pinned()
    assert pinned is not None
    assert pinned.stage == "pool1"
    expect(page.panel).to_contain_text("pool1")
    press("Escape")
    press("Escape")
    page.settle()
    assert page.pinned() is None


def test_tab_reaches_every_control(page: DrawPage) -> None:
    page.page.evaluate("__store.set({pinned: {stage: 'conv2', channel: 3, y: 4, x: 5}})")
    page.settle()
    seen: set[str] = set()
    page.page.locator("body").press("Tab")
    for _ in range(150):
        seen.add(
            page.page.evaluate(
                "document.activeElement.closest('.pad-surface, .scene, .pad-tools, .samples, .seen,"
                " .robust, .scene-toolbar, .legend, .unit-table, .maps, .panel, header')?.className"
                ".toString().split(' ')[0] ?? ''"
            )
        )
        page.page.keyboard.press("Tab")
    wanted = {"pad-surface", "scene", "pad-tools", "samples", "seen", "robust", "scene-toolbar"}
    wanted |= {"legend", "unit-table", "maps", "panel", "header"}
    assert wanted - seen == set()


def test_samples_are_one_stop_and_arrows_go_among_them(page: DrawPage) -> None:
    samples = page.page.locator(".sample")
    samples.first.focus()
    page.page.keyboard.press("ArrowRight")
    expect(samples.nth(1)).to_be_focused()
    page.page.keyboard.press("End")
    expect(samples.last).to_be_focused()
    page.page.keyboard.press("Tab")
    assert not page.page.evaluate("document.activeElement.matches('.sample')")
    page.page.keyboard.press("Shift+Tab")
    expect(samples.last).to_be_focused()


def test_the_table_says_what_the_canvas_shows(page: DrawPage) -> None:
    toggle = page.button("Table")
    toggle.focus()
    page.page.keyboard.press("Enter")
    table = page.page.locator(".table-units table")
    expect(table.locator("tbody tr")).to_have_count(10)
    values = table.locator("td").evaluate_all(
        "(cells) => cells.map((c) => +c.getAttribute('value'))"
    )
    logits = page.state("s.frame.prediction.top.map((each) => each.logit)")
    assert sorted(values) == pytest.approx(sorted(logits), rel=1e-5)
    table.get_by_role("button", name="7").focus()
    page.page.keyboard.press("Enter")
    page.settle()
    assert page.pinned() == Unit("out", 7)


def test_the_keys_are_explained(page: DrawPage) -> None:
    page.page.keyboard.press("?")
    dialog = page.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
