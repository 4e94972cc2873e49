"""The features view: every map of a layer, one enlarged over the picture, two side by side."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Guard
from tests.browser.page import DrawPage, Unit
from tests.browser.test_look import findings
from tests.browser.test_photo import ALL_HERE, PhotoPage, picture
from tests.browser.test_touch import PHONE

DIGIT = "/#m=harley&v=features&f=conv1"
PHOTO = "/#m=squeezenet1_1&w=random&v=features"

# The first tiles that are in sight, as the numbers under them.
SHOWN = """Array.from(document.querySelectorAll('.map-tile:not([hidden])'))
  .map((tile) => [Number(tile.getAttribute('aria-posinset')), Number(tile.dataset.map)])
  .sort((a, b) => a[0] - b[0]).map(([, map]) => map)"""

# What each map of a layer comes to in the page's own tensors, largest first.
ORDER = """(() => {
  const { shape: [count], data } = s.frame.tensors.get(argument.layer);
  const size = data.length / count;
  const of = (map) => data.slice(map * size, (map + 1) * size);
  const by = {
    max: (values) => Math.max(...values),
    mean: (values) => values.reduce((a, b) => a + b, 0) / size,
  }[argument.sort];
  return Array.from({ length: count }, (_, map) => map).sort((a, b) => by(of(b)) - by(of(a)));
})()"""


class Features:
    """The features view on a page."""

    page: Page

    def tile(self, number: int) -> Locator:
        """A map in sight."""
        return self.page.locator(f".map-tile:not([hidden])[data-map='{number}']").first

    def shown(self) -> list[int]:
        """The maps of the tiles that exist, in their order."""
        found: list[int] = self.page.evaluate(SHOWN)
        return found

    def enlarge(self, number: int) -> Locator:
        """Enlarge a map; gives its picture."""
        self.tile(number).click()
        picture = self.page.locator(".enlarged-side:visible .map-picture").first
        expect(picture).to_be_visible()
        return picture


class DigitFeatures(Features, DrawPage):
    """Of a network for digits."""

    def wait_until_ready(self) -> None:
        """Wait for the first maps."""
        self.until("!!s?.frame && document.querySelectorAll('.map-tile').length > 0")

    def dot(self) -> None:
        """Put a dot on the pad, and wait for the answer."""
        before = self.state("s.frame.seq")
        self.pad.click(position={"x": 40, "y": 200})
        self.until("s.frame.seq > argument", before)


class PhotoFeatures(Features, PhotoPage):
    """Of SqueezeNet with random weights, and a photograph that is a file."""

    def wait_until_ready(self) -> None:
        """Show the photograph, and wait for the maps."""
        super().wait_until_ready()
        self.choose_file()
        self.until("document.querySelectorAll('.map-tile').length > 0")


@pytest.fixture
def digits(open_page: Callable[..., DrawPage]) -> DigitFeatures:
    """Harley's network."""
    page = open_page(DIGIT, kind=DigitFeatures)
    assert isinstance(page, DigitFeatures)
    return page


@pytest.fixture
def photos(open_page: Callable[..., DrawPage]) -> PhotoFeatures:
    """SqueezeNet."""
    page = open_page(PHOTO, kind=PhotoFeatures)
    assert isinstance(page, PhotoFeatures)
    return page


def test_all_maps_follow_the_pen(digits: DigitFeatures) -> None:
    assert digits.shown() == [0, 1, 2, 3, 4, 5]
    canvas = digits.tile(0).locator("canvas")
    before = canvas.screenshot()
    digits.dot()
    assert canvas.screenshot() != before


def test_sorted_searched(digits: DigitFeatures) -> None:
    for sort in ("max", "mean"):
        digits.page.locator(".map-controls select").select_option(sort)
        argument = {"layer": digits.state("s.model.stages[1].output"), "sort": sort}
        digits.until(f"JSON.stringify({SHOWN}) === JSON.stringify({ORDER})", argument)
    search = digits.page.locator(".map-search")
    search.fill("4, 1-2")
    expect(digits.page.locator(".map-count")).to_have_text("3 of 6 maps")
    assert set(digits.shown()) == {1, 2, 4}
    search.fill("cat")
    expect(search).to_have_attribute("aria-invalid", "true")
    expect(digits.page.locator(".map-empty").first).to_be_visible()


def test_a_layer_is_found_by_name(digits: DigitFeatures) -> None:
    digits.page.locator(".feature-toolbar .layer-button").click()
    digits.page.locator(".layer-popover .field-input").first.fill("pool2")
    digits.page.keyboard.press("Enter")
    digits.until("s.drawer === 'pool2'")
    expect(digits.page.locator(".feature-toolbar .layer-name").first).to_have_text("pool2")


def test_before_the_activation_function(digits: DigitFeatures) -> None:
    digits.page.get_by_role("radio", name="conv", exact=True).check()
    expect(digits.page.locator(".legend-name")).to_have_text("conv1 · conv")
    expect(digits.tile(5)).to_be_visible()


def test_a_dense_layer_is_one_board(digits: DigitFeatures) -> None:
    digits.page.evaluate("__store.set({drawer: __store.get().model.stages.at(-1).id})")
    board = digits.page.locator(".vector-board .map-view").first
    expect(board).to_be_visible()
    board.click(position={"x": 4, "y": 4})
    pinned = digits.pinned()
    assert pinned is not None
    assert pinned.channel == 0


def test_one_map_by_keyboard(digits: DigitFeatures) -> None:
    press = digits.page.keyboard.press
    digits.page.locator(".map-grid").first.focus()
    press("ArrowRight")
    press("ArrowRight")
    press("Enter")
    name = digits.page.locator(".enlarged-name")
    expect(name).to_have_text("conv1 · map 2")
    press("ArrowRight")
    expect(name).to_have_text("conv1 · map 3")
    press("ArrowLeft")
    expect(name).to_have_text("conv1 · map 2")
    press("]")
    expect(name).to_have_text("conv1 · map 3")
    press("[")
    expect(name).to_have_text("conv1 · map 2")
    digits.page.locator(".map-picture:visible").focus()
    press("ArrowDown")
    press("ArrowDown")
    hover = digits.state("s.hover")
    assert hover["channel"] == 2
    press("Enter")
    assert digits.pinned() == Unit(**hover)
    press("Escape")
    expect(digits.page.locator(".map-grid").first).to_be_focused()
    press("Escape")
    assert digits.pinned() is None


def test_a_cell_shows_its_value_and_what_it_sees(digits: DigitFeatures) -> None:
    picture = digits.enlarge(1)
    picture.click()
    unit = digits.pinned()
    assert unit is not None
    assert (unit.stage, unit.channel) == ("conv1", 1)
    value = digits.page.locator(".enlarged-value:visible").first
    expect(value).to_contain_text(f"({unit.y}, {unit.x})")
    exact = digits.state(
        "s.frame.tensors.get(s.model.stages[1].output)"
        ".data[(argument.channel * 28 + argument.y) * 28 + argument.x]",
        unit.json,
    )
    full = value.get_attribute("data-full")
    assert full is not None
    assert float(full.replace("−", "-")) == pytest.approx(exact, rel=1e-6)
    expect(digits.page.locator(".map-field:visible")).to_have_count(1)
    expect(digits.page.locator(".enlarged-crop:visible")).to_contain_text("5 × 5")


def test_the_drawing_as_it_was_beside_the_drawing(digits: DigitFeatures) -> None:
    digits.button("Compare").click()
    grids = digits.page.locator(".map-grid:visible")
    expect(grids).to_have_count(2)
    kept = grids.nth(1).locator("canvas").first
    before = kept.screenshot()
    digits.dot()
    assert kept.screenshot() == before
    assert grids.nth(0).locator("canvas").first.screenshot() != before
    digits.enlarge(0)
    digits.page.locator(".enlarged-head .switch").click()
    expect(digits.page.locator(".map-picture:visible")).to_have_count(3)


def test_a_photograph_has_exact_values(photos: PhotoFeatures) -> None:
    picture = photos.enlarge(5)
    picture.click()
    unit = photos.pinned()
    assert unit is not None
    value = photos.page.locator(".enlarged-value:visible")
    expect(value).to_have_attribute("data-full", re.compile(r"\d"))
    expect(value).not_to_contain_text("≈")
    full = value.get_attribute("data-full")
    path = photos.state(
        "`/api/v1/passes/${s.pass.id}/layers/${s.model.stages[1].output}/neurons/"
        "${argument.channel}/${argument.y}/${argument.x}`",
        unit.json,
    )
    answer = photos.page.evaluate("(path) => fetch(path).then((r) => r.json())", path)
    assert full is not None
    assert float(full.replace("−", "-")) == pytest.approx(answer["output"], rel=1e-6)
    expect(photos.page.locator(".random-label")).to_be_visible()


def test_many_maps_scroll_with_few_tiles(photos: PhotoFeatures) -> None:
    photos.page.evaluate("""() => {
      const { model } = __store.get();
      const stage = model.stages.find(({ shape }) => shape.length === 3 && shape[0] === 1000);
      __store.set({ drawer: (stage ?? model.stages.at(-3)).id });
    }""")
    photos.until("document.querySelector('.map-count').textContent.startsWith('1,000')")
    grid = photos.page.locator(".map-grid").first
    assert photos.page.locator(".map-tile").count() < 200
    grid.focus()
    photos.page.keyboard.press("End")
    expect(photos.tile(999)).to_be_visible()
    assert photos.page.locator(".map-tile").count() < 200


def test_two_photographs_on_one_scale(photos: PhotoFeatures) -> None:
    photos.page.evaluate("__store.set({scale: 'layer'})")
    legend = photos.page.locator(".legend-ends .num").last
    alone = legend.inner_text()
    photos.button("Compare").click()
    other = picture((20, 250, 250))
    photos.page.locator(".compare-empty .compare-file").set_input_files(files=[other])
    expect(photos.page.locator(".map-grid:visible")).to_have_count(2)
    expect(photos.page.locator(".compare-name")).to_have_text("box.png")
    assert float(legend.inner_text()) >= float(alone)
    photos.button("End the comparison").click()
    expect(photos.page.locator(".map-grid:visible")).to_have_count(1)
    photos.until(ALL_HERE)


@pytest.mark.parametrize(("theme", "screen"), [("light", "phone"), ("dark", "desk")])
def test_nothing_serious_for_axe(
    open_page: Callable[..., DrawPage], theme: str, screen: str
) -> None:
    options: dict[str, Any] = PHONE if screen == "phone" else {}
    page = open_page(DIGIT, kind=DigitFeatures, color_scheme=theme, **options)
    assert isinstance(page, DigitFeatures)
    assert findings(page) == []
    page.enlarge(1)
    assert findings(page) == []
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_picture_can_be_kept(digits: DigitFeatures) -> None:
    digits.button("Share").click()
    with digits.page.expect_download() as download:
        digits.page.get_by_text("View as PNG").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_from_layer_to_layer_by_keyboard(digits: DigitFeatures) -> None:
    digits.page.keyboard.press("PageDown")
    digits.until("s.drawer === 'pool1'")
    digits.page.keyboard.press("PageUp")
    digits.until("s.drawer === 'conv1'")
    expect(digits.tile(5)).to_be_visible()


def test_values_that_do_not_come_are_told(digits: DigitFeatures, guard: Guard) -> None:
    guard.allow("503")
    digits.page.route("**/passes?*", lambda route: route.fulfill(status=503, json={}))
    digits.page.get_by_role("radio", name="conv", exact=True).check()
    expect(digits.page.locator(".map-waiting")).to_contain_text("did not arrive")
    digits.page.get_by_role("radio", name="ScaledTanh", exact=True).check()
    expect(digits.tile(5)).to_be_visible()
