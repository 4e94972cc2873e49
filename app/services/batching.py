"""Micro-batching: what many clients ask at the same moment becomes one forward pass."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import torch
from torch import Tensor

from app.services.activations import Runner

# A pass of up to so many multiply-adds (about 4 ms) runs on the event loop: handing it to a
# thread and back costs as much as LeNet, and both would fight for the interpreter's lock.
_INLINE = 25_000_000
_RETRY_AFTER = 1.0  # seconds; the longest queue of small passes is gone by then


class Busy(RuntimeError):  # noqa: N818 - a state of the server, not a fault
    """The queue is full; try again after ``retry_after`` seconds."""

    def __init__(self, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(f"Too many requests are waiting. Try again in {retry_after:g} s.")


@dataclass(frozen=True)
class _Request:
    runner: Runner
    x: Tensor
    layers: tuple[str, ...] | None
    answer: asyncio.Future[dict[str, Tensor]]


class Batcher:
    """Collects requests of one device into forward passes. Belongs to one event loop.

    There is no artificial delay: a batch is what waits when the device becomes free. Up to
    ``max_batch`` images go into one pass, and no more than ``max_bytes`` of memory hold (a
    request with more goes alone); with ``max_waiting`` requests waiting, the next one gets Busy.
    Requests of a client that gave up are dropped.

    Small networks and large ones stand in queues of their own: a drawing does not wait for the
    seconds that a few photographs take.
    """

    def __init__(
        self, max_batch: int = 64, max_waiting: int = 256, max_bytes: int = 1024**3
    ) -> None:
        self.max_batch, self.max_waiting, self.max_bytes = max_batch, max_waiting, max_bytes
        self._small, self._large = _Lane(max_batch, max_bytes), _Lane(max_batch, max_bytes)
        self._closed = False

    async def run(
        self,
        runner: Runner,
        x: Tensor,
        layers: Sequence[str] | None = None,
        *,
        gathered: bool = False,
    ) -> dict[str, Tensor]:
        """``runner.run(x, layers)``, in one pass with what others ask of the same runner.

        ``x`` is N×C×H×W; the values are views of the batch's (no copies). Where the caller has
        ``gathered`` what is asked at this moment, a short pass waits for nobody else.
        Raises Busy, and what ``runner.run`` raises.
        """
        lane = self._small if runner.graph.macs <= _INLINE else self._large
        if self._closed or lane.waiting >= self.max_waiting:
            raise Busy(_RETRY_AFTER)
        if gathered and not lane.working and len(x) * runner.graph.macs <= _INLINE:
            return runner.run(x, layers)
        runner.check(x, layers)
        answer: asyncio.Future[dict[str, Tensor]] = asyncio.get_running_loop().create_future()
        lane.add(_Request(runner, x, None if layers is None else tuple(layers), answer))
        return await answer

    def room(self, runner: Runner, layers: Sequence[str] | None = None) -> int:
        """How many images may go into one pass when these layers are wanted; at least one."""
        return max(1, min(self.max_batch, self.max_bytes // runner.bytes(layers)))

    async def close(self) -> None:
        """Refuse new requests (Busy), finish what waits, end the threads."""
        self._closed = True
        for lane in (self._small, self._large):
            await lane.close()


class _Lane:
    """One queue, and the thread for those of its passes that are long."""

    def __init__(self, max_batch: int, max_bytes: int) -> None:
        self.max_batch, self.max_bytes = max_batch, max_bytes
        self._queue: deque[_Request] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="forward")
        self._idle = asyncio.Event()
        self._idle.set()
        self.working = False  # from the first request until none waits

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return len(self._queue)

    def add(self, request: _Request) -> None:
        """Append a request; it is answered as soon as its turn comes."""
        self._queue.append(request)
        if not self.working:
            self.working = True
            self._idle.clear()
            # Behind all that is ready to ask at this moment.
            asyncio.get_running_loop().call_soon(self._work)

    async def close(self) -> None:
        """Finish what waits, end the thread."""
        await self._idle.wait()
        self._thread.shutdown()

    def _work(self) -> None:
        """Answer one batch and come back for the next, until nothing waits."""
        loop = asyncio.get_running_loop()
        batch = self._take()
        if not batch:
            self.working = False
            self._idle.set()
        elif _cost(batch) <= _INLINE:
            _answer(batch)
            loop.call_soon(self._work)
        else:
            future = loop.run_in_executor(self._thread, _forward, batch)
            future.add_done_callback(lambda _: self._finish(batch, future))

    def _finish(self, batch: list[_Request], future: asyncio.Future[dict[str, Tensor]]) -> None:
        """What the thread computed goes out; the next batch goes in."""
        _answer(batch, future.result)
        self._work()

    def _take(self) -> list[_Request]:
        """The oldest request and those behind it that fit into its pass."""
        batch: list[_Request] = []
        left: deque[_Request] = deque()
        images, size, wanted = 0, 0, set[tuple[str, ...] | None]()
        for request in self._queue:
            if request.answer.done():
                continue  # nobody waits for it any more
            count = images + len(request.x)
            more = 0 if request.layers in wanted else request.runner.bytes(request.layers)
            if batch and not self._fits(request, batch[0], count, size + more):
                left.append(request)
                continue
            batch.append(request)
            images, size = count, size + more
            wanted.add(request.layers)
        self._queue = left
        return batch

    def _fits(self, request: _Request, first: _Request, images: int, size: int) -> bool:
        """Whether a request goes into a pass that then has so many images of ``size`` bytes."""
        alike = request.runner is first.runner
        return alike and images <= self.max_batch and images * size <= self.max_bytes


def _cost(batch: list[_Request]) -> int:
    """Multiply-adds of a pass."""
    return sum(len(request.x) for request in batch) * batch[0].runner.graph.macs


def _forward(batch: list[_Request]) -> dict[str, Tensor]:
    runner = batch[0].runner
    if len(batch) == 1:
        return runner.run(batch[0].x, batch[0].layers)
    wanted: set[str] | None = set()
    for request in batch:
        wanted = None if wanted is None or request.layers is None else wanted | {*request.layers}
    x = torch.cat([request.x for request in batch])
    return runner.run(x, None if wanted is None else sorted(wanted))


def _answer(batch: list[_Request], compute: Callable[[], dict[str, Tensor]] | None = None) -> None:
    """Give every request its values, or the error that came instead."""
    try:
        values = _forward(batch) if compute is None else compute()
    except Exception as error:  # whatever it is, it belongs to those who wait for it
        _refuse(batch, error)
    else:
        _deliver(batch, values)


def _deliver(batch: list[_Request], values: dict[str, Tensor]) -> None:
    """Give every request its own images and layers."""
    if len(batch) == 1:
        parts = [values]
    else:
        sizes = [len(request.x) for request in batch]
        split = {layer: torch.split(value, sizes) for layer, value in values.items()}
        parts = [
            {layer: split[layer][place] for layer in _wanted(request, values)}
            for place, request in enumerate(batch)
        ]
    for request, part in zip(batch, parts, strict=True):
        if not request.answer.done():
            request.answer.set_result(part)


def _wanted(request: _Request, values: dict[str, Tensor]) -> Iterable[str]:
    return values if request.layers is None else request.layers


def _refuse(batch: list[_Request], error: Exception) -> None:
    for request in batch:
        if not request.answer.done():
            request.answer.set_exception(error)
