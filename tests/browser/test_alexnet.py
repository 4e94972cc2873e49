"""AlexNet on a machine without the internet: ours instead, its filters and maximizing inputs."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from scripts.live_server import LiveServer
from tests.browser.page import DrawPage
from tests.browser.test_look import findings
from tests.browser.test_maximize import DONE, SHADES
from tests.browser.test_photo import PhotoPage

# How many kernels are painted in a colour that is none of the greys.
COLOURED = """[...document.querySelectorAll('.filter-tile canvas')].filter((canvas) => {
  const copy = new OffscreenCanvas(11, 11).getContext('2d', { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, 11, 11);
  const pixels = Array.from({ length: data.length / 4 }, (_, i) => data.slice(4 * i, 4 * i + 3));
  return pixels.some((rgb) => Math.max(...rgb) - Math.min(...rgb) > 24);
}).length"""


@pytest.fixture
def page(open_page: Callable[..., DrawPage], server: LiveServer) -> PhotoPage:
    """The filters of the official AlexNet, without weights, and no network but our own server."""
    opened = open_page("/#m=alexnet&v=filters", kind=PhotoPage)
    assert isinstance(opened, PhotoPage)
    host = urlsplit(server.url).netloc

    def refuse(route: Route) -> None:
        own = urlsplit(route.request.url).netloc == host
        route.fallback() if own else route.abort()

    opened.page.context.route("**/*", refuse)
    return opened


def test_from_the_missing_weights_to_our_filters_and_their_inputs(page: PhotoPage) -> None:
    card = page.page.locator(".no-weights-card")
    expect(card).to_contain_text("not the network of 2012")
    card.get_by_role("button", name="Without a download").click()
    page.until("s.model.id === 'alexnet_small' && s.model.weights.source === 'shipped'")
    expect(card).to_be_hidden()
    expect(page.page.locator(".filter-tile")).to_have_count(64)
    page.until(f"{COLOURED} > 10")
    assert findings(page) == []
    page.page.locator(".filter-tile").first.click()
    page.page.get_by_role("button", name="What does it like?").click()
    page.until(DONE)
    page.until(f"{SHADES} > 16")
    assert page.state("s.maximized[0].answer.weights.source") == "shipped"
    page.page.locator(".chooser").click()
    page.page.get_by_role("button", name="Weights of AlexNet, small (ours)").click()
    sources = page.page.get_by_role("dialog", name="Weights", exact=True)
    for words in ("without ImageNet’s labels", "EfficientNet-Lite0 as the teacher", "9000 steps"):
        expect(sources).to_contain_text(words)
