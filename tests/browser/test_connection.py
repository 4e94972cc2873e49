"""The server goes away and comes back; /docs without a CDN."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect

from scripts.live_server import LiveServer
from tests.browser.conftest import Guard
from tests.browser.page import COUNT_DRAWINGS, SEVEN, DrawPage


def test_a_lost_server_is_seen_and_comes_back(browser: Browser, tmp_path: Path) -> None:
    server = LiveServer(tmp_path / "server.log", {"shutdown_seconds": 1})
    server.start()
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script(COUNT_DRAWINGS)
    page = DrawPage(context.new_page())
    try:
        page.open(server.url)
        words = page.page.get_by_text("No connection to the server")
        expect(words).to_be_hidden()
        server.stop()
        expect(words).to_be_visible()
        with page.page.expect_websocket():  # while it is away: the page comes back by itself, too
            page.button("Try again").click()
        server.start()
        expect(words).to_be_hidden(timeout=20_000)
        page.clear()
        page.draw(SEVEN)
        expect(page.digit).to_have_text("7")
    finally:
        server.stop()
        context.close()


def test_the_api_page_needs_no_other_host(browser: Browser, server: LiveServer) -> None:
    context = browser.new_context()
    guard = Guard(server.url.removeprefix("http://"))
    guard.watch(context)
    page = context.new_page()
    page.goto(f"{server.url}/docs")
    shown = page.get_by_text("/api/v1/models/{model}/predictions")
    expect(shown).to_be_visible(timeout=30_000)  # the server writes its description first
    context.close()
    assert guard.problems() == []


def test_no_frame_is_lost_while_pages_come_and_go(open_page: Callable[..., DrawPage]) -> None:
    staying = open_page()
    for _ in range(2):
        open_page().page.context.close()
    staying.clear()
    staying.draw(SEVEN)
    expect(staying.digit).to_have_text("7")
