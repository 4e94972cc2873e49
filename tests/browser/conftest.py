"""Chromium, and a page that must stay free of errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, sync_playwright

from scripts import browser as chromium
from scripts.live_server import LiveServer
from tests.browser.page import COUNT_DRAWINGS, DrawPage


@dataclass
class Guard:
    """Collects what a page must not do; ``allowed`` are errors that a test provokes."""

    host: str
    allowed: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of the context."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"uncaught: {error.error}"))
        context.on("request", self._request)

    def allow(self, pattern: str) -> None:
        """Errors that match this regular expression are part of the test."""
        self.allowed.append(pattern)

    def problems(self) -> list[str]:
        """What happened and was not allowed."""
        return [text for text in self.seen if not any(re.search(p, text) for p in self.allowed)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "GPU stall" not in message.text:
            self.seen.append(f"console {message.type}: {message.text} {message.location}")

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob") and url.netloc != self.host:
            self.seen.append(f"request to another host: {request.url}")


def refusals(server: LiveServer) -> str:
    """What the server's log says of the last requests that it refused."""
    lines = server.log.read_text().splitlines()
    refused = [line for line in lines if '"problem"' in line and server.ready_path not in line]
    return "\n".join(refused[-20:])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless, with software WebGL."""
    path = chromium.find()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=chromium.flags())
        yield launched
        launched.close()


@pytest.fixture
def guard(server: LiveServer) -> Guard:
    """The watcher of this test's pages."""
    return Guard(urlsplit(server.url).netloc)


Open = Callable[..., DrawPage]


@pytest.fixture
def open_page(browser: Browser, server: LiveServer, guard: Guard) -> Iterator[Open]:
    """``open_page(path="/", **context options)`` gives a new page in a context of its own; ``kind``
    is the class that speaks of it.
    """
    contexts: list[BrowserContext] = []

    def open_(
        path: str = "/",
        url: str | None = None,
        kind: type[DrawPage] = DrawPage,
        **options: Any,
    ) -> DrawPage:
        defaults: dict[str, Any] = {
            "viewport": {"width": 1440, "height": 900},
            "locale": "en-GB",
            "reduced_motion": "reduce",
        }
        context = browser.new_context(**(defaults | options))
        contexts.append(context)
        guard.watch(context)
        context.add_init_script(COUNT_DRAWINGS)
        page = kind(context.new_page())
        page.open((url or server.url) + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert guard.problems() == [], f"the server refused:\n{refusals(server)}"


@pytest.fixture
def page(open_page: Open) -> DrawPage:
    """The Network view on a desk-top screen, ready."""
    return open_page()
