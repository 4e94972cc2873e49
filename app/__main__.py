"""``python -m app``: run the server with the settings of the environment."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import sys
import threading
import warnings

import uvicorn
from pydantic.warnings import UnsupportedFieldAttributeWarning

import models
from app import allocator
from app.api.deps import Services
from app.config import Settings
from app.log import configure, logger
from app.main import create_app
from app.services.catalog import choose_device

MAX_MESSAGE = 1024 * 1024  # bytes of one live message: a drawing, perhaps as a PNG
_CLOSE_SECONDS = 1.0
_FREE_BYTES = 1024**3  # memory kept for the next large tensors


class Server(uvicorn.Server):
    """The server of one application on one address.

    It prints the address once it serves, and says good-bye to live sockets at the end.
    ``listener`` is bound, ``url`` is where it listens, ``serving`` is set once it answers.
    """

    def __init__(self, settings: Settings, listener: socket.socket) -> None:
        self.app = create_app(settings)
        self.listener, self.url = listener, _url(settings, listener)
        self.serving = threading.Event()
        config = uvicorn.Config(
            self.app,
            log_config=None,
            access_log=False,
            server_header=False,
            ws_max_size=MAX_MESSAGE,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=settings.shutdown_seconds,
        )
        super().__init__(config)

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal, or until ``should_exit`` is set."""
        super().run(sockets or [self.listener])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print where."""
        await super().startup(sockets)
        print(f"ConvScope runs on {self.url}  (Ctrl+C stops it)", flush=True)  # noqa: T201
        self.serving.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close live sockets with code 1001, then everything else."""
        services: Services = self.app.state.services
        services.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await services.hub.drained()
        await super().shutdown(sockets)


def main() -> None:
    """Read the settings, bind the port, serve until a signal."""
    try:
        settings = Settings()
        choose_device(settings.device)
    except ValueError as error:  # pydantic's ValidationError is one
        sys.exit(f"A setting is wrong: {error}")
    configure(settings)
    # FastAPI silences this one itself, but for all threads at once: another thread that does
    # likewise (torch's, as networks load) may let it through.
    warnings.simplefilter("ignore", UnsupportedFieldAttributeWarning)
    load_own_networks(settings)
    allocator.keep_pages(_FREE_BYTES)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again after a clean stop
        Server(settings, bind(settings)).run()


def load_own_networks(settings: Settings) -> None:
    """Register the networks of ``networks_dir``; what cannot be loaded is logged and left out.

    Ends the program where the setting names no directory.
    """
    if settings.networks_dir is None:
        return
    try:
        errors = models.load_directory(settings.networks_dir)
    except models.OwnNetworkError as error:
        sys.exit(f"A setting is wrong: {error}")
    for each in errors:
        logger("app.networks").error("network not loaded", problem=str(each))


def bind(settings: Settings) -> socket.socket:
    """The listening socket; ends the program with a clear message where that is impossible."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(
                f"Port {settings.port} is taken. Stop what uses it, or choose another: "
                "CONVSCOPE_PORT=8001 make run"
            )
        sys.exit(f"Cannot listen on {settings.host}:{settings.port}: {error}")
    return listener


def _url(settings: Settings, listener: socket.socket) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listener.getsockname()[1]}"


if __name__ == "__main__":
    main()
