"""Structured logs: one event a line, as JSON or as readable text, on standard error."""

from __future__ import annotations

import logging
import sys
import time
import uuid
from collections.abc import Callable

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import Processor

from app.config import Settings

PROBLEM = "convscope.problem"  # where a scope keeps why its request was refused
_QUIET = ("/healthz", "/readyz", "/static/")
_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
]


def configure(settings: Settings) -> None:
    """Send structlog's events and the standard library's (uvicorn's) through one handler."""
    console = settings.log_format == "console" or (
        settings.log_format == "auto" and sys.stderr.isatty()
    )
    last: list[Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if console
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.getLogger("uvicorn.error").addFilter(_SpuriousDenial())
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose events are structured: ``logger("app.x").info("event", key=value)``."""
    log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return log


class _SpuriousDenial(logging.Filter):
    """Drops the error that uvicorn logs after each refused WebSocket (its pull request 3138)."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "without completing handshake" not in record.getMessage()


class RequestLog:
    """ASGI middleware: gives each request an id (answered as X-Request-ID) and logs its end.

    ``on_bug`` makes the answer to an exception that nobody foresaw; it is logged with its
    traceback. Health checks and static files are logged at level debug.
    """

    def __init__(self, app: ASGIApp, on_bug: Callable[[str], ASGIApp]) -> None:
        self.app, self.on_bug = app, on_bug
        self.log = logger("app.request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        status, start = 0, time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, send_with_id)
            except ClientDisconnect:
                self.log.info("client left", path=scope["path"])
            except Exception:
                self.log.exception("unexpected error", path=scope["path"])
                if status:  # too late for another answer: the server cuts the connection
                    raise
                await self.on_bug(request_id)(scope, receive, send_with_id)
            finally:
                self._write(scope, status, time.perf_counter() - start)

    def _write(self, scope: Scope, status: int, seconds: float) -> None:
        quiet = status < 400 and scope["path"].startswith(_QUIET)
        self.log.log(
            logging.DEBUG if quiet else logging.INFO,
            "request",
            method=scope["method"],
            path=scope["path"],
            status=status,
            milliseconds=round(seconds * 1000, 2),
            **({"problem": scope[PROBLEM]} if PROBLEM in scope else {}),
        )


def _request_id(headers: Headers) -> str:
    """The caller's X-Request-ID when it is harmless, else a new one."""
    given = headers.get("x-request-id", "")
    return given if given.isalnum() and len(given) <= 64 else uuid.uuid4().hex
