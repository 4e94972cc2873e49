"""The filters view: all filters of a layer, one opened, and the way from filter to filter."""

from __future__ import annotations

import io
import urllib.request
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import expect

from scripts.live_server import LiveServer
from tests.browser.conftest import Guard
from tests.browser.page import DrawPage
from tests.browser.test_photo import RANDOM, PhotoPage

PAINTED = """(() => {
  const canvas = document.querySelector('.filter-kernel');
  const blank = document.createElement('canvas');
  Object.assign(blank, { width: canvas.width, height: canvas.height });
  return canvas.toDataURL() !== blank.toDataURL();
})()"""
PIXEL = """([selector, x, y]) => {
  const copy = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  copy.drawImage(document.querySelector(selector), -x, -y);
  return [...copy.getImageData(0, 0, 1, 1).data].slice(0, 3);
}"""


def open_filters(page: DrawPage, layer: str) -> None:
    """Go to the filters of a layer, and wait for their weights."""
    page.page.get_by_role("navigation").get_by_role("link", name="Filters").click()
    page.page.get_by_label("Layer", exact=True).select_option(layer)
    expect(page.page.locator(".filter-state")).to_be_hidden()


def kernels(server: LiveServer, model: str, layer: str, query: str = "") -> NDArray[np.float32]:
    """The same kernels, asked of the API."""
    url = f"{server.url}/api/v1/models/{model}/layers/{layer}/filters?format=npy{query}"
    with urllib.request.urlopen(url) as answer:
        array: NDArray[np.float32] = np.load(io.BytesIO(answer.read()))
    return array


@pytest.fixture
def photo(open_page: Callable[..., DrawPage]) -> PhotoPage:
    """SqueezeNet with random weights, without a photograph."""
    opened = open_page(RANDOM, kind=PhotoPage)
    assert isinstance(opened, PhotoPage)
    return opened


def test_a_digit_networks_first_layer_is_a_tile_a_filter(page: DrawPage) -> None:
    open_filters(page, "conv1")
    expect(page.page.locator(".filter-tile")).to_have_count(16)
    page.page.locator(".filter-tile").nth(3).click()
    expect(page.page.locator(".filter-title")).to_have_text("conv1 · filter 3")
    expect(page.page.locator(".filter-facts")).to_contain_text("scale")
    expect(page.page.locator(".filter-map .filter-note")).to_contain_text("28 × 28 units")
    page.page.keyboard.press("Escape")
    expect(page.page.locator(".filter-tile").nth(3)).to_be_focused()


def test_deeper_filters_name_their_strongest_inputs(page: DrawPage, server: LiveServer) -> None:
    open_filters(page, "conv2")
    weight = kernels(server, "digitnet", "conv2")
    norms = np.linalg.norm(weight.reshape(*weight.shape[:2], -1), axis=2)
    row = page.page.locator(".filter-row").first
    names = row.locator(".filter-input-name").all_text_contents()
    assert [int(name) for name in names] == np.argsort(-norms[0])[:5].tolist()
    row.locator(".filter-input").first.click()
    expect(page.page.locator(".filter-title")).to_have_text(f"conv1 · filter {names[0]}")
    assert page.state("s.drawer") == "conv1"


def test_filters_are_sorted(page: DrawPage, server: LiveServer) -> None:
    open_filters(page, "conv2")
    page.page.get_by_role("radiogroup", name="Order of the filters").get_by_label("norm").check()
    weight = kernels(server, "digitnet", "conv2")
    expected = np.argsort(-np.linalg.norm(weight.reshape(len(weight), -1), axis=1))
    shown = page.page.locator(".filter-name").all_text_contents()
    assert [int(name) for name in shown] == expected[: len(shown)].tolist()


def test_a_weight_under_the_pointer_is_told_exactly(page: DrawPage, server: LiveServer) -> None:
    open_filters(page, "conv2")
    page.page.get_by_role("button", name="Open filter 4 of conv2").click()
    sheet = page.page.locator(".kernel-sheet:not(.is-colour)")
    expect(sheet).to_be_visible()
    sheet.hover(position={"x": 2, "y": 2})
    weight = kernels(server, "digitnet", "conv2", "&channels=4")[0]
    strongest = int(np.argmax(np.linalg.norm(weight.reshape(len(weight), -1), axis=1)))
    text = page.page.locator(".tooltip").text_content() or ""
    place, _, value = text.rpartition(": ")
    assert f"pool1 · {strongest}, row 0, column 0" in place
    assert float(value.replace("−", "-")) == pytest.approx(float(weight[strongest, 0, 0]), rel=1e-6)


def test_dense_weights_are_bars_or_maps(page: DrawPage) -> None:
    page.choose_network("harley")
    open_filters(page, "fc1")
    page.page.get_by_role("button", name="Open filter 2 of fc1").click()
    expect(page.page.locator(".filter-words")).to_contain_text("16 kernels of 5 × 5")
    page.page.get_by_label("Layer", exact=True).select_option("fc2")
    expect(page.page.locator(".filter-row .weight-bars").first).to_be_visible()


def test_a_unit_of_the_feature_map_can_be_pinned(page: DrawPage) -> None:
    open_filters(page, "conv3")
    page.page.get_by_role("button", name="Open filter 5 of conv3").click()
    expect(page.page.locator(".filter-map:not(.is-waiting)")).to_be_visible()
    page.page.locator(".filter-map .map-view").click(position={"x": 40, "y": 40})
    pinned = page.pinned()
    assert pinned is not None
    assert (pinned.stage, pinned.channel) == ("conv3", 5)
    expect(page.page.locator(".arithmetic")).to_be_visible()


def test_the_first_layer_in_colour(photo: PhotoPage, server: LiveServer) -> None:
    open_filters(photo, "features.0")
    expect(photo.page.locator(".filter-tile")).to_have_count(64)
    weight = kernels(server, "squeezenet1_1", "features.0", "&weights=random")
    photo.until(PAINTED)
    scale = photo.page.get_by_role("radiogroup", name="Scale of the colours")
    for choice, most in (("each", np.abs(weight[0]).max()), ("layer", np.abs(weight).max())):
        expect(scale.get_by_label(choice)).to_be_checked()
        shown = photo.page.evaluate(PIXEL, [".filter-kernel", 1, 2])
        expected = 128 + 127 * weight[0, :, 2, 1] / most
        assert shown == pytest.approx(expected.tolist(), abs=1)
        scale.get_by_label("layer").check()


def test_a_long_layer_has_only_the_rows_in_sight(photo: PhotoPage) -> None:
    open_filters(photo, "classifier.1")
    rows = photo.page.locator(".filter-row")
    expect(rows.first).to_be_visible()
    assert rows.count() < 60
    photo.page.locator(".filter-scroll").evaluate(
        "(node) => { node.scrollTop = node.scrollHeight; }"
    )
    expect(photo.page.locator(".filter-name", has_text="999")).to_be_visible()


def test_no_weights_no_picture(open_page: Callable[..., DrawPage], guard: Guard) -> None:
    page = open_page("/#m=squeezenet1_1", kind=PhotoPage)
    page.page.get_by_role("navigation").get_by_role("link", name="Filters").click()
    expect(page.page.locator(".filter-state")).to_contain_text("no weights")
    expect(page.page.locator(".filter-tile")).to_have_count(0)
