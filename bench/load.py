"""Clients of a live socket that cost little themselves, so that the server is what is measured.

``python -m bench.load URL CLIENTS SECONDS`` prints JSON: requests a second, p50 and p99. Each
client sends a drawing, waits for the answer, sends the next. Loopback only.
"""

from __future__ import annotations

import asyncio
import json
import struct
import sys
import time
from typing import cast
from urllib.parse import urlsplit

import numpy as np
import uvloop

_NO_MASK = b"\0\0\0\0"  # a masking key of zeros leaves the payload as it is (RFC 6455, 5.3)


def drawings() -> list[bytes]:
    """Ten different pictures of one stroke, 784 bytes each, as the pad sends them."""
    frames = []
    for slant in range(10):
        picture = np.zeros((28, 28), np.uint8)
        for y in range(4, 24):
            x = 8 + (y * slant) // 20
            picture[y, x : x + 3] = 255
        frames.append(picture.tobytes())
    return frames


def client_frame(payload: bytes) -> bytes:
    """One binary WebSocket message from a client; the payload has 126 to 65,535 bytes."""
    return struct.pack(">BBH", 0x82, 0x80 | 126, len(payload)) + _NO_MASK + payload


class Client(asyncio.Protocol):
    """Sends the next drawing as soon as the last one is answered, until ``deadline``."""

    def __init__(self, path: str, deadline: float, most: int) -> None:
        self.path, self.deadline, self.most = path, deadline, most
        self.frames = [client_frame(drawing) for drawing in drawings()]
        self.seconds: list[float] = []
        self.buffer = bytearray()
        self.is_open = False
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self.transport.write(
            f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Take whole messages off the buffer."""
        self.buffer += data
        if not self.is_open:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if b" 101 " not in self.buffer[:end]:
                self._end(ConnectionError(bytes(self.buffer[:200])))
                return
            del self.buffer[: end + 4]
            self.is_open = True
            self._send()
        while (size := self._message()) is not None:
            del self.buffer[:size]
            self.seconds.append(time.perf_counter() - self.sent)
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """A server that hangs up early is an error."""
        self._end(exc or ConnectionError("The server closed the socket"))

    def _message(self) -> int | None:
        """How many bytes the first message takes; None until all of it is here."""
        if len(self.buffer) < 2:
            return None
        if self.buffer[0] != 0x82 and self.buffer[0] != 0x81:
            self._end(ConnectionError(f"Not one whole message: {bytes(self.buffer[:60])!r}"))
            return None
        size, head = self.buffer[1] & 127, 2
        if size >= 126:
            head = 4 if size == 126 else 10
            if len(self.buffer) < head:
                return None
            size = int.from_bytes(self.buffer[2:head], "big")
        return head + size if len(self.buffer) >= head + size else None

    def _send(self) -> None:
        if time.perf_counter() >= self.deadline or len(self.seconds) >= self.most:
            self._end(None)
            return
        self.sent = time.perf_counter()
        self.transport.write(self.frames[len(self.seconds) % len(self.frames)])

    def _end(self, error: Exception | None) -> None:
        if not self.done.done():
            if error is None:
                self.done.set_result(None)
            else:
                self.done.set_exception(error)
        self.transport.close()


async def load(url: str, clients: int, seconds: float, most: int = 10**9) -> list[list[float]]:
    """The seconds that each request of each client took. Stops by time or by number."""
    parts = urlsplit(url)
    if parts.hostname != "127.0.0.1" or parts.port is None:
        raise ValueError("Loads go to this machine only")
    loop = asyncio.get_running_loop()
    deadline = time.perf_counter() + seconds
    host, port, path = parts.hostname, parts.port, f"{parts.path}?{parts.query}"

    async def one() -> list[float]:
        _, client = await loop.create_connection(lambda: Client(path, deadline, most), host, port)
        await client.done
        return client.seconds

    async with asyncio.timeout(seconds + 30):
        return list(await asyncio.gather(*[one() for _ in range(clients)]))


def summary(url: str, clients: int, seconds: float) -> dict[str, float]:
    """Requests a second over all clients, and their p50 and p99 in seconds."""
    each = uvloop.run(load(url, clients, seconds))
    every = np.concatenate([np.array(times) for times in each])
    p50, p99 = np.percentile(every, [50, 99])
    return {"rate": len(every) / seconds, "p50": float(p50), "p99": float(p99)}


if __name__ == "__main__":
    address, count, duration = sys.argv[1:]
    print(json.dumps(summary(address, int(count), float(duration))))
