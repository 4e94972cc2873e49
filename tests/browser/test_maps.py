"""Feature maps as tiles, their scale, and one enlarged."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.page import DrawPage


@pytest.fixture
def maps(page: DrawPage) -> DrawPage:
    """Harley's network with the maps of conv1."""
    page.choose_network("harley")
    page.page.get_by_role("tab", name="conv1").click()
    page.settle()
    return page


def tiles(page: DrawPage) -> Locator:
    """The maps of the shown layer."""
    return page.page.locator(".tiles .tile")


def test_every_layer_has_its_maps(maps: DrawPage) -> None:
    for stage, count in (("input", 1), ("conv1", 6), ("pool1", 6), ("conv2", 16), ("pool2", 16)):
        maps.page.get_by_role("tab", name=stage).click()
        expect(tiles(maps)).to_have_count(count)
    maps.page.get_by_role("tab", name="fc1").click()
    expect(maps.page.locator(".tiles.is-strip canvas")).to_have_count(1)


def test_a_tile_is_enlarged_with_values_under_the_pointer(maps: DrawPage) -> None:
    tiles(maps).nth(2).click()
    lens = maps.page.locator(".lens")
    expect(lens).to_contain_text("conv1 · map 2")
    box = lens.locator("canvas").bounding_box()
    assert box is not None
    cell = box["width"] / 28
    maps.page.mouse.move(box["x"] + 10.5 * cell, box["y"] + 5.5 * cell)
    expect(lens.locator(".lens-value")).to_contain_text("(5, 10):")
    shown = float(lens.locator(".lens-value").get_attribute("data-full") or "nan")
    value = maps.state("s.frame.tensors.get('tanh1').data[2 * 784 + 5 * 28 + 10]")
    assert shown == pytest.approx(value, rel=1e-6)
    assert maps.state("s.hover") == {"stage": "conv1", "channel": 2, "y": 5, "x": 10}
    maps.page.mouse.click(box["x"] + 10.5 * cell, box["y"] + 5.5 * cell)
    maps.until("s.pinned?.channel === 2 && s.pinned.y === 5 && s.pinned.x === 10")
    maps.button("Close the enlarged map").click()
    expect(lens).to_be_hidden()


def test_the_scale_changes_pictures_and_legend(maps: DrawPage) -> None:
    pictures, legends = set(), set()
    for scale in ("map", "layer", "fixed"):
        maps.page.get_by_role("radio", name=scale, exact=True).check()
        maps.settle()
        assert maps.state("s.scale") == scale
        pictures.add(maps.page.locator(".tiles").screenshot())
        legends.add(maps.page.locator(".legend-ends").inner_text())
    assert len(pictures) == 3
    assert len(legends) >= 2


def test_the_layers_values_in_numbers(maps: DrawPage) -> None:
    values = maps.state("Array.from(s.frame.tensors.get('tanh1').data)")
    aside = maps.page.locator(".maps-aside")
    for name, value in (
        ("minimum", min(values)),
        ("maximum", max(values)),
        ("mean", sum(values) / len(values)),
    ):
        row = aside.locator("dt", has_text=name).locator("xpath=following-sibling::dd[1]")
        number = row.locator("data").get_attribute("value") if row.locator("data").count() else None
        number = number or row.get_attribute("value")
        assert float(number or "nan") == pytest.approx(value, rel=1e-4, abs=1e-6)


def test_before_and_after_the_activation_function(maps: DrawPage) -> None:
    aside = maps.page.locator(".maps-aside")
    before = aside.inner_text()
    aside.get_by_role("radio", name="conv1").check()
    expect(aside).not_to_have_text(before, use_inner_text=True)


def test_the_legend_is_always_there(maps: DrawPage) -> None:
    for projection in ("Flat", "3D"):
        maps.page.get_by_role("radio", name=projection).check()
        expect(maps.page.locator(".legend-gradient").first).to_be_visible()
