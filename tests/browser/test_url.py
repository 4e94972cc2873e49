"""The URL holds the picture."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.browser.page import SEVEN, DrawPage, Unit

KEPT = """({
  model: s.model.id, drawing: Array.from(s.drawing), pinned: s.pinned, scale: s.scale,
  projection: s.projection, edgeColour: s.edgeColour, outgoing: s.outgoing, trace: s.trace,
  hidden: [...s.hidden], drawer: s.drawer, preprocess: s.preprocess, transform: s.transform,
  top: s.frame.prediction.top.map((each) => [each.class, each.logit]),
})"""
CHOICES = """__store.set({
  pinned: {stage: 'conv2', channel: 3, y: 4, x: 5}, scale: 'fixed', projection: 'flat',
  edgeColour: 'weight', outgoing: true, trace: true, hidden: new Set(['pool2']), drawer: 'pool1',
  transform: {dx: 1, dy: -2, rotate: 10, scale: 0.9, noise: 0, stroke: 0},
})"""


def hash_of(page: DrawPage) -> str:
    """What stands behind # once the page has written it."""
    page.until("location.hash.includes('u=conv2') && location.hash.includes('t=1')")
    return "/#" + urlsplit(page.page.url).fragment


def test_a_second_page_shows_the_same(open_page: Callable[..., DrawPage]) -> None:
    first = open_page()
    first.choose_network("harley")
    first.clear()
    first.draw(SEVEN)
    first.page.evaluate(CHOICES)
    first.settle()
    kept, address = first.state(KEPT), hash_of(first)
    second = open_page(address)
    second.settle()
    again = second.state(KEPT)
    logits = [pytest.approx(logit, abs=1e-5) for _, logit in kept.pop("top")]
    assert [logit for _, logit in again.pop("top")] == logits
    assert again == kept
    assert second.panel.inner_text().startswith(first.panel.inner_text()[:30])


def test_a_reload_loses_nothing(page: DrawPage) -> None:
    page.choose_network("lenet5")
    page.clear()
    page.draw(SEVEN)
    page.page.evaluate("__store.set({pinned: {stage: 'c3', channel: 3, y: 4, x: 5}})")
    page.until("location.hash.includes('u=c3/3,4,5')")
    drawing = page.drawing()
    page.page.reload()
    page.wait_until_ready()
    assert page.drawing() == drawing
    assert page.pinned() == Unit("c3", 3, 4, 5)
    assert page.state("s.model.id") == "lenet5"


def test_a_broken_address_still_opens(open_page: Callable[..., DrawPage]) -> None:
    page = open_page("/#m=nonesuch&u=conv1/9999,0,0&d=%%%&x=1,2&s=purple&v=nowhere")
    assert page.state("s.model.id") == "digitnet"
    assert page.pinned() is None


def test_two_pages_do_not_disturb_each_other(open_page: Callable[..., DrawPage]) -> None:
    first, second = open_page(), open_page()
    second.choose_network("mlp")
    first.clear()
    second.clear()
    first.draw(SEVEN)
    second.draw([[(14, 4), (14, 24)]])
    assert [page.prediction()["top"][0]["label"] for page in (first, second)] == ["7", "1"]
    assert [page.state("s.model.id") for page in (first, second)] == ["digitnet", "mlp"]
