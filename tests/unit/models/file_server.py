"""A local HTTP server with one file, which can be made to fail in the ways that servers do."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

STEP = 64 * 1024  # bytes written at a time


class FileServer:
    """Serves ``content`` under every path. What tests may set:

    ``ranges`` whether it knows range requests; ``cuts``: how many bytes of the next answers are
    sent before the line breaks; ``errors``: status codes of the next answers; ``hold``: an event
    to wait for after the first step of each answer; ``moved``: where requests for /old go.
    ``requests`` collects the headers of all requests.
    """

    def __init__(self, content: bytes) -> None:
        self.hold: threading.Event | None = None
        self.begin_anew(content)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def begin_anew(self, content: bytes) -> None:
        """As at first: nothing fails, and nobody has asked for anything."""
        if self.hold is not None:
            self.hold.set()
        self.content, self.etag = content, '"one"'
        self.ranges = True
        self.cuts: list[int] = []
        self.errors: list[int] = []
        self.hold = None
        self.requests: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        """The address, with a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> FileServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self.hold is not None:
            self.hold.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        files = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                files.requests.append(dict(self.headers))
                files.answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """One answer: an error, a redirect, the rest of the file or all of it."""
        if self.errors:
            request.send_error(self.errors.pop(0))
        elif request.path.startswith("/old/"):
            request.send_response(302)
            request.send_header("Location", request.path.replace("/old/", "/new/"))
            request.end_headers()
        else:
            self._file(request)

    def _file(self, request: BaseHTTPRequestHandler) -> None:
        start, size = self._start(request), len(self.content)
        if start is not None and start >= size:
            request.send_response(416)
            request.send_header("Content-Range", f"bytes */{size}")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        request.send_response(200 if start is None else 206)
        if start is not None:
            request.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        body = self.content[start or 0 :]
        request.send_header("Content-Length", str(len(body)))
        request.send_header("ETag", self.etag)
        request.end_headers()
        self._body(request, body)

    def _start(self, request: BaseHTTPRequestHandler) -> int | None:
        found = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        fresh = request.headers.get("If-Range") == self.etag
        return int(found[1]) if found and fresh and self.ranges else None

    def _body(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        cut = self.cuts.pop(0) if self.cuts else len(body)
        for place in range(0, min(cut, len(body)), STEP):
            try:
                request.wfile.write(body[place : min(place + STEP, cut)])
                request.wfile.flush()
            except OSError:  # the client went away
                return
            if self.hold is not None:
                self.hold.wait()
