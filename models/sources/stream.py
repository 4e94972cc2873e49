"""An answer over HTTP that is read on a thread of its own, so that nobody has to wait for it.

A read may take as long as the server is silent. Whoever waits here looks up several times a
second, and can leave at once: then the line is cut, and what comes yet is dropped.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from queue import Empty, Full, Queue
from types import TracebackType

import httpx

_LOOK = 0.25  # seconds between two looks at whether somebody has left
_AHEAD = 8  # pieces that may wait to be taken


class Stream:
    """``with Stream(url, headers, timeout) as stream:`` sends a GET; its end cuts the line.

    ``timeout``: seconds for connecting, and for each read. Redirects are followed.
    """

    def __init__(self, url: str, headers: Mapping[str, str], timeout: float) -> None:
        self._url, self._headers, self._timeout = url, headers, timeout
        self._pieces: Queue[httpx.Response | bytes | Exception | None] = Queue(_AHEAD)
        self._left = threading.Event()
        self._response: httpx.Response | None = None

    def response(self) -> httpx.Response | None:
        """Status and headers; None where they are not there yet. Raises httpx's errors."""
        if self._response is None:
            piece = self._take()
            self._response = piece if isinstance(piece, httpx.Response) else None
        return self._response

    def chunks(self) -> Iterator[bytes]:
        """The body as it comes, empty ones while nothing does. Raises httpx's errors."""
        while (piece := self._take()) is not None:
            if isinstance(piece, bytes):
                yield piece

    def __enter__(self) -> Stream:
        threading.Thread(target=self._read, name="download", daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._left.set()
        if self._response is not None:
            network = self._response.extensions.get("network_stream")
            line = None if network is None else network.get_extra_info("socket")
            if line is not None:
                with contextlib.suppress(OSError):  # it is closed already
                    line.shutdown(socket.SHUT_RDWR)

    def _take(self) -> httpx.Response | bytes | None:
        """The next piece: the answer, then its body; b"" where none came, None at the end."""
        try:
            piece = self._pieces.get(timeout=_LOOK)
        except Empty:
            return b""
        if isinstance(piece, Exception):
            raise piece
        return piece

    def _read(self) -> None:
        """The thread."""
        try:
            with (
                httpx.Client(follow_redirects=True, timeout=self._timeout) as client,
                client.stream("GET", self._url, headers=self._headers) as response,
            ):
                self._give(response)
                for chunk in response.iter_raw():  # as it comes: a cut line then loses nothing
                    if not self._give(chunk):
                        return
        except Exception as error:  # it is raised where somebody waits
            self._give(error)
        else:
            self._give(None)

    def _give(self, piece: httpx.Response | bytes | Exception | None) -> bool:
        """Hand on a piece; False when nobody waits any more."""
        while not self._left.is_set():
            with contextlib.suppress(Full):
                self._pieces.put(piece, timeout=_LOOK)
                return True
        return False
