"""ASGI middleware: limits on request bodies, known hosts, and headers that protect the page."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import ProblemError, too_large


class BodyLimit:
    """Refuses a request body above ``most`` bytes while it streams in: Content-Length may lie.

    ``larger`` gives other limits for paths that match a pattern as a whole.
    """

    def __init__(
        self, app: ASGIApp, most: int, larger: Mapping[re.Pattern[str], int] | None = None
    ) -> None:
        self.app, self.most, self.larger = app, most, larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self._limit(scope["path"])
        if _declared(Headers(scope=scope)) > most:
            await _too_long(most).response()(scope, receive, send)
            return
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise _too_long(most)
            return message

        await self.app(scope, limited, send)

    def _limit(self, path: str) -> int:
        fits = (most for pattern, most in self.larger.items() if pattern.fullmatch(path))
        return next(fits, self.most)


def _too_long(most: int) -> ProblemError:
    return too_large(f"The body is longer than {most} bytes.", "max_bytes", most)


def _declared(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isdecimal() and length.isascii() and len(length) < 19 else 0


class KnownHosts:
    """Refuses requests whose Host is not one of ``names``; None lets any pass.

    A foreign page may give its own name the address 127.0.0.1 (DNS rebinding); the browser then
    takes this server for that page's. It cannot hide the name in the Host header.
    """

    def __init__(self, app: ASGIApp, names: frozenset[str] | None) -> None:
        self.app, self.names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        answer = self.app
        if self.names is not None and scope["type"] in ("http", "websocket"):
            host = Headers(scope=scope).get("host")
            if host is not None and _name(host) not in self.names:  # programs may send none
                answer = _unknown_host(host).response()
        await answer(scope, receive, send)


def _name(host: str) -> str | None:
    """``localhost`` of ``localhost:8000``, ``::1`` of ``[::1]:8000``; None for what is no host."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _unknown_host(host: str) -> ProblemError:
    detail = (
        f"This server does not answer to {host[:100]!r}. CONVSCOPE_ALLOWED_HOSTS lists the names "
        "that it may be called by."
    )
    return ProblemError(421, "unknown-host", detail, field="Host")


class SecurityHeaders:
    """Only our own scripts, styles and sockets run in the page; ``state.csp_nonce`` marks them.

    The import map is an inline script: templates give it the nonce.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["csp_nonce"] = nonce
        host = Headers(scope=scope).get("host", "")

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-content-type-options"] = "nosniff"
                headers["referrer-policy"] = "same-origin"
                headers["cross-origin-resource-policy"] = "same-origin"
                if headers.get("content-type", "").startswith("text/html"):
                    headers["content-security-policy"] = _policy(nonce, host)
            await send(message)

        await self.app(scope, receive, protected)


def _policy(nonce: str, host: str) -> str:
    """The page's rules. Styles set on elements by scripts are allowed, style sheets are ours."""
    sockets = f" ws://{host} wss://{host}" if _is_plain(host) else ""  # Safari: not in 'self'
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data: blob:",
            f"connect-src 'self' data: blob:{sockets}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        ]
    )


def _is_plain(host: str) -> bool:
    return bool(host) and all(sign.isalnum() or sign in ".-:[]" for sign in host)
