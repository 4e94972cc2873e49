"""One client of the live socket."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import numpy as np
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.api.deps import Services
from app.api.problems import ProblemError, from_error, invalid
from app.services.catalog import Loaded
from app.services.ink import decode_ink
from app.services.live import Drawing
from app.services.preprocess import Mode
from app.wire.live import FrameLayout
from models.weights import trained

SIDE = 28  # pixels of a drawing that comes as bytes
GOING_AWAY = 1001  # WebSocket close code (RFC 6455, section 7.4.1)
_PNG = b"\x89PNG"


@dataclass(frozen=True)
class LiveOptions:
    """What the query of the socket's address asks for."""

    layers: list[str]
    mode: Mode
    dtype: str


class LiveSession:
    """Receives drawings and answers the newest one, over and over."""

    def __init__(
        self, websocket: WebSocket, services: Services, loaded: Loaded, options: LiveOptions
    ) -> None:
        self.websocket, self.services = websocket, services
        self.loaded, self.options = loaded, options
        self._moments = trained.find(loaded.spec.id) if loaded.source == trained.LIVE else None
        self._stamp = self._moments.stamp() if self._moments else None
        shapes = [(name, loaded.graph.layer(name).output_shape) for name in options.layers]
        self._layout = FrameLayout(shapes, options.dtype)
        self._seq = 0
        self._newest: Message | None = None
        self._changed = asyncio.Event()
        self._stopping = False

    async def run(self) -> None:
        """Serve the socket until the client leaves or `stop` is called."""
        await self.websocket.accept()
        answering = asyncio.create_task(self._answer())
        receiving = asyncio.create_task(self._receive())
        try:
            await asyncio.wait({answering, receiving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            answering.cancel()
            receiving.cancel()
            results = await asyncio.gather(answering, receiving, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, WebSocketDisconnect):
                raise result

    def stop(self) -> None:
        """Close the socket soon, with code 1001."""
        self._stopping = True
        self._changed.set()

    async def _receive(self) -> None:
        """Keep the newest message only."""
        while True:
            message = await self.websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            self._seq += 1
            self._newest = message
            self._changed.set()

    async def _answer(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._stopping:
                await self.websocket.close(GOING_AWAY)
                return
            message, self._newest = self._newest, None
            if message is not None:
                await self._reply(self._seq, message)

    async def _reply(self, seq: int, message: Message) -> None:
        try:
            body = await self._frame(seq, message)
        except (LookupError, ValueError, RuntimeError, ProblemError) as error:
            problem = from_error(error)
            if problem is None:
                raise
            problem.content["seq"] = seq
            await self.websocket.send_json(problem.content)
        else:
            await self.websocket.send_bytes(body)

    async def _frame(self, seq: int, message: Message) -> bytes:
        drawing = await self._drawing(message)
        options = self.options
        loaded = await self._present()
        reading = await self.services.reader.read(loaded, drawing, options.mode, options.layers)
        arrays = [reading.layers[name] for name in options.layers]
        return self._layout.frame(seq, [reading.prediction], arrays)

    async def _present(self) -> Loaded:
        """The network as it is now: one that is being trained has new weights every moment."""
        stamp = self._moments.stamp() if self._moments else None
        if stamp != self._stamp:
            self.loaded = await self.services.load(self.loaded.spec.id, trained.LIVE)
            self._stamp = stamp
        return self.loaded

    async def _drawing(self, message: Message) -> Drawing:
        """The message as uint8 H×W. Raises ImageError, and a problem for no picture at all."""
        body: bytes = message.get("bytes") or b""
        if len(body) == SIDE * SIDE:
            return np.frombuffer(body, np.uint8).reshape(SIDE, SIDE)
        if body.startswith(_PNG):
            most = self.services.settings.max_pixels
            return await self.services.work(decode_ink, body, "image/png", most)
        raise invalid(
            "body",
            f"A drawing is a binary message of {SIDE * SIDE} bytes ({SIDE}×{SIDE}) or a PNG.",
        )
