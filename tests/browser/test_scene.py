"""The node-link view: every unit, its links, its receptive field."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.page import DrawPage, Unit

# Harley's network: incoming links of an inner unit (for each map of the sparse table, where there
# is one), and the side of its receptive field.
FAN_IN = {"conv1": (25, 5), "pool1": (4, 6), "conv2": (25, 14), "pool2": (4, 16)}
DENSE = {"fc1": 400, "fc2": 120, "out": 100}


@pytest.fixture
def harley(page: DrawPage) -> DrawPage:
    """The page with Harley's network."""
    page.choose_network("harley")
    return page


def layers(page: DrawPage) -> dict[str, Any]:
    """The network's layers by id."""
    return {layer["id"]: layer for layer in page.state("s.model.layers")}


def field_mark(page: DrawPage) -> tuple[int, int, int, int]:
    """Top, left, height and width of the receptive field as marked on the input, in pixels."""
    style = page.page.evaluate(
        "(({style, hidden}) => hidden ? null : [style.top, style.left, style.height, style.width])"
        "([...document.querySelectorAll('.plate-mark')].at(-1))"
    )
    assert style is not None, "no receptive field is marked"
    top, left, height, width = (round(float(part.rstrip("%")) * 32 / 100) for part in style)
    return top, left, height, width


def test_every_unit_is_drawn(harley: DrawPage) -> None:
    stages = harley.page.evaluate("__scene.stages()")
    assert sum(stage["units"] for stage in stages) == 9134
    assert all(stage["visible"] for stage in stages)
    labels = harley.page.locator(".scene").inner_text()
    assert all(stage["id"] in labels for stage in stages)


@pytest.mark.parametrize("projection", ["3D", "Flat"])
def test_hover_shows_the_incoming_links_and_the_field(harley: DrawPage, projection: str) -> None:
    harley.page.get_by_role("radio", name=projection).check()
    harley.settle()
    known = layers(harley)
    for stage, (links, side) in FAN_IN.items():
        unit, place = harley.visible_unit(stage)
        harley.hover(place)
        assert harley.state("s.hover") == unit.json
        table = known[stage]["connections"]  # of conv2: how many maps the unit reads
        wanted = links * len(table[unit.channel]) if table else links
        assert harley.page.evaluate("__scene.linkCount()") == wanted
        field = known[stage]["receptive_field"]
        assert field["size"] == [side, side]
        first, jump = field["start"][0] - (side - 1) / 2, field["jump"][0]
        assert field_mark(harley) == (first + unit.y * jump, first + unit.x * jump, side, side)


def test_a_dense_unit_reads_everything(harley: DrawPage) -> None:
    for stage, links in DENSE.items():
        unit, place = harley.visible_unit(stage)
        harley.hover(place)
        assert harley.state("s.hover") == unit.json
        assert harley.page.evaluate("__scene.linkCount()") == links
        assert field_mark(harley) == (0, 0, 32, 32)


def test_padding_leaves_links_out(page: DrawPage) -> None:
    page.page.evaluate("__store.set({hover: {stage: 'conv1', channel: 0, y: 0, x: 0}})")
    page.settle()
    assert page.state("s.model.id") == "digitnet"
    assert page.page.evaluate("__scene.linkCount()") == 9  # 3 × 3 of 5 × 5 lie on the input


def test_leaving_the_scene_takes_the_links_away(harley: DrawPage) -> None:
    _, place = harley.visible_unit("pool1")
    harley.hover(place)
    harley.page.mouse.move(5, 5)
    harley.settle()
    assert harley.state("s.hover") is None
    assert harley.page.evaluate("__scene.linkCount()") == 0


def test_outgoing_links_come_on_request(harley: DrawPage) -> None:
    unit = Unit("pool1", 0, 7, 7)
    harley.page.evaluate("(unit) => __store.set({pinned: unit})", unit.json)
    harley.settle()
    assert harley.page.evaluate("__scene.linkCount()") == 4
    harley.page.get_by_role("button", name="Outgoing").click()
    harley.settle()
    readers = sum(0 in row for row in layers(harley)["conv2"]["connections"])
    assert harley.page.evaluate("__scene.linkCount()") == 4 + 25 * readers


def test_a_click_pins_and_escape_lets_go(harley: DrawPage) -> None:
    unit, place = harley.visible_unit("conv2")
    harley.page.mouse.click(*place)
    harley.settle()
    assert harley.pinned() == unit
    expect(harley.panel).to_contain_text("conv2")
    harley.page.mouse.move(5, 5)
    harley.page.keyboard.press("Escape")
    harley.settle()
    assert harley.pinned() is None


def test_edge_colours_change_the_picture(harley: DrawPage) -> None:
    harley.page.evaluate("__store.set({pinned: {stage: 'fc1', channel: 3, y: 0, x: 0}})")
    pictures = set()
    for colour in ("weight", "activation", "product"):
        harley.page.get_by_label("Links").select_option(colour)
        harley.settle()
        assert harley.state("s.edgeColour") == colour
        pictures.add(harley.scene.screenshot())
    assert len(pictures) == 3


def test_layers_can_be_hidden(harley: DrawPage) -> None:
    harley.page.get_by_role("button", name="Layers").click()
    harley.page.get_by_role("checkbox", name="conv1").uncheck()
    harley.settle()
    shown = {each["id"]: each["visible"] for each in harley.page.evaluate("__scene.stages()")}
    assert [stage for stage, visible in shown.items() if not visible] == ["conv1"]
    harley.page.get_by_role("checkbox", name="conv1").check()
    harley.settle()
    assert all(each["visible"] for each in harley.page.evaluate("__scene.stages()"))


def test_the_camera_moves_and_comes_back(harley: DrawPage) -> None:
    unit = Unit("conv2", 5, 5, 5)
    home = harley.place_of(unit)
    box = harley.scene.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] - 30)
    mouse = harley.page.mouse
    mouse.move(*middle)
    mouse.down()
    mouse.move(middle[0] + 120, middle[1] - 10, steps=5)
    mouse.up()
    harley.settle()
    turned = harley.place_of(unit)
    assert turned != pytest.approx(home, abs=2)
    mouse.wheel(0, -400)
    harley.settle()
    assert harley.place_of(unit) != pytest.approx(turned, abs=2)
    harley.button("Reset the view").click()
    harley.settle()
    assert harley.place_of(unit) == pytest.approx(home, abs=1)


def test_presets_show_the_network_from_elsewhere(harley: DrawPage) -> None:
    places = set()
    for name in ("Front", "Side", "Top"):
        harley.button("Points of view").click()
        harley.button(name).click()
        harley.settle()
        x, y = harley.place_of(Unit("conv1", 0, 3, 20))
        places.add((round(x), round(y)))
    assert len(places) == 3


def test_resizing_loses_nothing(harley: DrawPage) -> None:
    harley.page.evaluate("__store.set({pinned: {stage: 'conv2', channel: 1, y: 2, x: 3}})")
    harley.settle()
    keep = "[Array.from(s.drawing), s.pinned, s.frame.prediction, s.model.id]"
    before = harley.state(keep)
    for width, height in ((820, 640), (420, 800), (1440, 900)):
        harley.page.set_viewport_size({"width": width, "height": height})
        harley.settle()
        canvas = harley.page.locator(".scene canvas").bounding_box()
        host = harley.scene.bounding_box()
        assert canvas is not None
        assert host is not None
        assert canvas["width"] == pytest.approx(host["width"], abs=2)
        assert harley.state(keep) == before
        assert sum(each["units"] for each in harley.page.evaluate("__scene.stages()")) == 9134


def test_the_trace_leads_from_the_answer_to_the_pixels(harley: DrawPage) -> None:
    assert harley.page.evaluate("__scene.links().trace") == 0
    harley.page.get_by_role("button", name="Trace").click()
    harley.settle()
    assert harley.page.evaluate("__scene.links().trace") > 20
    harley.page.keyboard.press("t")
    harley.settle()
    assert harley.page.evaluate("__scene.links().trace") == 0
