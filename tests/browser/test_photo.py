"""A photograph through a large network, with random weights: nothing is fetched for tests."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable

import numpy as np
import pytest
import safetensors.numpy
from PIL import Image
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Guard
from tests.browser.page import DrawPage
from tests.browser.test_look import findings
from tests.browser.test_touch import PHONE

RANDOM = "/#m=squeezenet1_1&w=random"
ALL_HERE = "!!s.frame && s.arrival === null && s.frame.tensors.size === s.model.stages.length"

# A file dropped on the legend, or pasted.
HAND_OVER = """([body, way]) => {
  const bytes = Uint8Array.from(atob(body), (each) => each.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], 'box.png', { type: 'image/png' }));
  const init = { bubbles: true, cancelable: true };
  const event = way === 'drop' ? new DragEvent('drop', { ...init, dataTransfer: data })
    : new ClipboardEvent('paste', { ...init, clipboardData: data });
  document.querySelector('.legend').dispatchEvent(event);
}"""


def picture(colour: tuple[int, int, int] = (200, 60, 40)) -> FilePayload:
    """A small photograph as a file that can be chosen."""
    image = Image.new("RGB", (320, 240), colour)
    image.paste((20, 40, 220), (80, 60, 240, 180))
    body = io.BytesIO()
    image.save(body, "PNG")
    return {"name": "box.png", "mimeType": "image/png", "buffer": body.getvalue()}


class PhotoPage(DrawPage):
    """The page with a network for photographs. A first load of a network may take seconds."""

    def open(self, url: str) -> None:
        """Go there, and wait longer than for digits."""
        self.page.set_default_timeout(30_000)
        super().open(url)

    def wait_until_ready(self) -> None:
        """Wait until the network is there."""
        self.until("!!s?.model && s.model.input.preprocessing === 'photo'")

    def choose_file(self, **options: tuple[int, int, int]) -> None:
        """Choose a photograph, and wait until all layers have arrived."""
        self.page.locator("input.photo-file").set_input_files(files=[picture(**options)])
        self.until("s.photo?.origin === 'file'")
        self.until(ALL_HERE)


Open = Callable[..., PhotoPage]


@pytest.fixture
def open_photo(open_page: Callable[..., DrawPage]) -> Open:
    """``open_photo(path, **context options)``: a page with a network for photographs."""

    def open_(path: str = RANDOM, **options: object) -> PhotoPage:
        page = open_page(path, kind=PhotoPage, **options)
        assert isinstance(page, PhotoPage)
        return page

    return open_


@pytest.fixture
def page(open_photo: Open) -> PhotoPage:
    """SqueezeNet with random weights."""
    return open_photo()


def test_a_photograph_goes_through_all_layers(page: PhotoPage) -> None:
    page.choose_file()
    assert page.state("s.kernels") is None
    assert page.state("s.pass.weights.source") == "random"
    assert page.state("s.frame.tensors.get('input').shape") == [3, 224, 224]
    assert page.state("s.frame.tensors.get('input').halves.length") == 3 * 224 * 224
    expect(page.page.locator(".random-label")).to_be_visible()
    expect(page.page.locator(".class-line")).to_have_count(5)
    expect(page.page.locator(".class-name").first).not_to_be_empty()
    page.page.get_by_role("radio", name="What the network sees").check()
    image = page.page.locator(".photo-image")
    expect(image).to_have_attribute("src", f"/api/v1/passes/{page.state('s.pass.id')}/image")
    page.until("document.querySelector('.photo-image').naturalWidth === 224")


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_photograph_comes_from_anywhere(page: PhotoPage, way: str) -> None:
    body = base64.b64encode(picture()["buffer"]).decode()
    page.page.evaluate(HAND_OVER, [body, way])
    page.until("s.photo?.name === 'box.png'")
    page.until(ALL_HERE)


def test_every_view_says_that_weights_are_random(page: PhotoPage) -> None:
    for view in ("Features", "Filters", "Network"):
        page.page.get_by_role("navigation").get_by_role("link", name=view).click()
        expect(page.page.locator(".random-label")).to_be_visible()
        expect(page.page.locator(".photo-preview")).to_be_visible()
        assert view in page.page.title()


def test_another_network_keeps_the_photograph(page: PhotoPage) -> None:
    page.choose_file()
    page.page.locator("button.chooser").click()
    page.page.locator(".chooser-search").fill("resnet 18")
    expect(page.page.locator(".network")).to_have_count(1)
    page.page.keyboard.press("Enter")
    page.until("s.model.id === 'resnet18'")
    assert page.state("[s.photo.name, s.weights, s.frame, s.pass]") == ["box.png", None, None, None]
    expect(page.page.locator(".no-weights-card")).to_be_visible()
    expect(page.page.locator(".random-label")).to_be_hidden()
    page.button("Show with random weights").click()
    page.until(ALL_HERE)
    assert page.state("[s.model.id, s.weights]") == ["resnet18", "random"]


def test_from_a_photograph_to_a_digit_and_back(page: PhotoPage) -> None:
    page.choose_file()
    page.page.locator("button.chooser").click()
    page.page.locator(".network[data-model='lenet5']").click()
    page.until("s.model.id === 'lenet5' && !!s.frame && !!s.kernels")
    expect(page.page.locator("#pad")).to_be_visible()
    expect(page.page.locator(".random-label")).to_be_hidden()
    page.page.locator("button.chooser").click()
    page.page.locator(".network[data-model='squeezenet1_1']").click()
    page.until("s.model.id === 'squeezenet1_1'")
    expect(page.page.locator(".photo-image")).to_be_visible()


def test_the_link_keeps_the_photograph(page: PhotoPage, open_photo: Open) -> None:
    page.choose_file()
    page.until("location.hash.includes('i=')")
    first = page.state("[s.pass.id, s.pass.predictions[0].top[0]]")
    address = page.page.evaluate("location.hash")
    second = open_photo(f"/{address}")
    second.until(ALL_HERE)
    assert second.state("[s.pass.id, s.pass.predictions[0].top[0]]") == first


def test_a_file_that_is_no_picture_is_refused(page: PhotoPage, guard: Guard) -> None:
    page.choose_file()
    files = page.page.locator("input.photo-file")
    words: FilePayload = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"words"}
    files.set_input_files(files=[words])
    expect(page.page.locator(".toast-error")).to_contain_text("a.txt is not a picture")
    guard.allow("422")
    broken: FilePayload = {
        "name": "broken.png",
        "mimeType": "image/png",
        "buffer": b"\x89PNG no more",
    }
    files.set_input_files(files=[broken])
    page.until("s.arrival?.phase === 'failed'")
    expect(page.page.locator(".photo .arrival")).to_be_visible()
    page.choose_file(colour=(0, 200, 0))
    expect(page.page.locator(".photo .arrival")).to_be_hidden()


def test_a_camera_that_is_refused_is_explained(page: PhotoPage) -> None:
    page.button("Camera").click()
    words = page.page.locator(".camera-words")
    expect(words).to_be_visible()
    page.page.keyboard.press("Escape")
    expect(page.page.locator("dialog.camera")).to_be_hidden()


def test_without_weights_the_graph_is_shown_and_the_weights_can_be_got(open_photo: Open) -> None:
    page = open_photo("/#m=vgg16")
    card = page.page.locator(".no-weights-card")
    expect(card).to_contain_text("VGG-16 has no weights here yet")
    expect(card.get_by_role("button", name="Get ")).to_have_count(2)
    assert page.state("[s.frame, s.pass, s.arrival]") == [None, None, None]
    assert findings(page) == []
    page.button("Close, and look at the graph").click()
    expect(card).to_be_hidden()
    page.button("Weights …").click()
    expect(card).to_be_visible()


def test_a_file_that_does_not_fit_says_what_is_missing(open_photo: Open, guard: Guard) -> None:
    guard.allow("422")
    page = open_photo("/#m=squeezenet1_1")
    body = safetensors.numpy.save({"stranger.weight": np.zeros((2, 2), np.float32)})
    file: FilePayload = {"name": "w.safetensors", "mimeType": "", "buffer": body}
    page.page.locator(".no-weights .weights-upload input").set_input_files(files=[file])
    lists = page.page.locator(".no-weights .weights-lists")
    expect(lists).to_contain_text("features.0.weight")
    expect(lists).to_contain_text("stranger.weight")
    assert page.state("s.model.weights.source") is None


@pytest.mark.parametrize(("theme", "screen"), [("light", "phone"), ("dark", "desk")])
def test_nothing_serious_for_axe(open_photo: Open, theme: str, screen: str) -> None:
    page = open_photo(color_scheme=theme, **(PHONE if screen == "phone" else {}))
    page.choose_file()
    assert findings(page) == []
    page.page.locator("button.chooser").click()
    assert findings(page) == []
    page.page.keyboard.press("Escape")
    page.button("Choose weights").click()
    expect(page.page.locator("dialog.weights-dialog")).to_be_visible()
    assert findings(page) == []


def test_a_picture_that_is_gone_is_no_reason_to_stop(open_photo: Open, guard: Guard) -> None:
    guard.allow("404")
    page = open_photo(f"{RANDOM}&i=nonesuch")
    page.choose_file()
