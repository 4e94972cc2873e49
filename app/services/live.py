"""Drawings of many clients, preprocessed, run and judged together.

For a small network these steps cost more than the forward pass; for sixty-four drawings at once
they cost little more than for one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.services.batching import Batcher
from app.services.catalog import Loaded
from app.services.predictions import predict
from app.services.preprocess import Mode, to_network

Drawing = NDArray[np.uint8]


@dataclass(frozen=True)
class Reading:
    """What a network made of one drawing.

    ``prediction`` is `app.schemas.Prediction` as a dictionary, with every class; ``layers`` are
    C×H×W or C.
    """

    prediction: dict[str, Any]
    layers: dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class _Request:
    drawing: Drawing
    layers: Sequence[str]
    answer: asyncio.Future[Reading]


class LiveReader:
    """Reads drawings. Belongs to one event loop.

    Those that come while a group is worked on make up the next group, of at most ``max_batch``.
    """

    def __init__(self, batcher: Batcher, max_batch: int) -> None:
        self.batcher, self.max_batch = batcher, max_batch
        self._waiting: dict[tuple[Any, ...], list[_Request]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def read(
        self, loaded: Loaded, drawing: Drawing, mode: Mode, layers: Sequence[str]
    ) -> Reading:
        """The prediction and the values of ``layers`` for one drawing (uint8 H×W).

        Raises Busy, UnknownLayerError.
        """
        answer: asyncio.Future[Reading] = asyncio.get_running_loop().create_future()
        request = _Request(drawing, layers, answer)
        group = (loaded.spec.id, loaded.card.sha256, mode, drawing.shape)
        if group in self._waiting:
            self._waiting[group].append(request)
        else:
            self._waiting[group] = [request]
            task = asyncio.create_task(self._serve(group, loaded, mode))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await answer

    async def _serve(self, group: tuple[Any, ...], loaded: Loaded, mode: Mode) -> None:
        """Answer the group's requests until none waits."""
        while requests := [r for r in self._waiting[group] if not r.answer.done()]:
            now, self._waiting[group] = requests[: self.max_batch], requests[self.max_batch :]
            try:
                readings = await self._read(now, loaded, mode)
            except Exception as error:  # whatever it is, it belongs to those who wait for it
                _refuse(now, error)
            else:
                _deliver(now, readings)
        del self._waiting[group]

    async def _read(self, requests: list[_Request], loaded: Loaded, mode: Mode) -> list[Reading]:
        x = to_network(np.array([request.drawing for request in requests]), loaded.spec, mode)
        output = loaded.graph.output
        wanted = dict.fromkeys(name for request in requests for name in request.layers)
        ids = list(wanted | {output: None})
        values = await self.batcher.run(loaded.runner, x, ids, gathered=True)
        layers = {name: values[name].cpu().numpy() for name in wanted}
        logits = values[output].cpu()
        predictions = predict(loaded, x, logits, logits.shape[1])
        return [
            Reading(prediction, {name: layers[name][place] for name in request.layers})
            for place, (request, prediction) in enumerate(zip(requests, predictions, strict=True))
        ]


def _deliver(requests: list[_Request], readings: list[Reading]) -> None:
    for request, reading in zip(requests, readings, strict=True):
        if not request.answer.done():
            request.answer.set_result(reading)


def _refuse(requests: list[_Request], error: Exception) -> None:
    for request in requests:
        if not request.answer.done():
            request.answer.set_exception(error)
