"""Refuses what pages of other sites send: a visitor's browser would do it in the visitor's name.

A page anywhere on the web may make a browser POST a form or text to 127.0.0.1; it cannot read
the answer, but a download, a deletion or a scan would have begun.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.problems import ProblemError

_HARMLESS = ("GET", "HEAD", "OPTIONS")
_OURS = ("same-origin", "none")  # "none": the user's own doing, e.g. an address typed in


class OwnPagesOnly:
    """Refuses live sockets and all methods but reading ones when a foreign page's browser asks.

    Browsers say who asks: Sec-Fetch-Site (W3C Fetch Metadata), where the address is trustworthy,
    and Origin (RFC 6454). Programs send neither, and are served.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        answer = self.app
        if scope["type"] == "websocket" or scope.get("method", "GET") not in _HARMLESS:
            headers = Headers(scope=scope)
            if _is_foreign(headers):
                answer = _refusal(headers).response()
        await answer(scope, receive, send)


def _is_foreign(headers: Headers) -> bool:
    origin = headers.get("origin")
    if origin is not None and _place(origin) == headers.get("host"):
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:  # the browser knows better where a proxy changes Host
        return site not in _OURS
    return origin is not None


def _place(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _refusal(headers: Headers) -> ProblemError:
    origin = headers.get("origin", "another site")
    return ProblemError(403, "foreign-origin", f"{origin[:100]!r} is not this server's page.")
