"""One client of the live socket."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import numpy as np
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect
from torch import Tensor

from app.api.deps import Services
from app.api.problems import ProblemError, from_error, invalid
from app.services.catalog import Loaded
from app.services.images import decode_image
from app.services.predictions import predict
from app.services.preprocess import Mode, to_network
from app.wire.live import FrameLayout

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
        output = loaded.graph.output
        self._layers = list(dict.fromkeys([*options.layers, "input", output]))
        self._classes = len(loaded.spec.classes)
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
        x = await self._input(message)
        values = await self.services.batcher.run(self.loaded.runner, x, self._layers)
        logits = values[self.loaded.graph.output].cpu()
        predictions = predict(self.loaded, x, logits, self._classes)
        arrays = [values[name][0].cpu().numpy() for name in self.options.layers]
        return self._layout.frame(seq, predictions, arrays)

    async def _input(self, message: Message) -> Tensor:
        body: bytes = message.get("bytes") or b""
        if len(body) == SIDE * SIDE:
            drawing = np.frombuffer(body, np.uint8).reshape(1, SIDE, SIDE)
            return to_network(drawing, self.loaded.spec, self.options.mode)
        if body.startswith(_PNG):
            return await self.services.work(self._from_png, body)
        raise invalid(
            "body",
            f"A drawing is a binary message of {SIDE * SIDE} bytes ({SIDE}×{SIDE}) or a PNG.",
        )

    def _from_png(self, body: bytes) -> Tensor:
        spec = self.loaded.spec
        most = self.services.settings.max_pixels
        drawing = decode_image(body, "image/png", spec.input.mode, most)
        return to_network(drawing[None], spec, self.options.mode)
