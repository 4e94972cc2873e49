"""Micro-batching: what many clients ask at the same moment becomes one forward pass."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from app.services.activations import Runner


class Busy(RuntimeError):  # noqa: N818 - a state of the server, not a fault
    """The queue is full; try again after ``retry_after`` seconds."""

    def __init__(self, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(f"Too many requests are waiting. Try again in {retry_after:g} s.")


class Batcher:
    """Collects requests of one device into forward passes. Belongs to one event loop.

    There is no artificial delay: a batch is what waits when the device becomes free.
    ``max_batch`` images go into one pass; more than ``max_waiting`` waiting images raise Busy.
    """

    def __init__(self, max_batch: int = 64, max_waiting: int = 512) -> None:
        raise NotImplementedError

    async def run(
        self, runner: Runner, x: Tensor, layers: Sequence[str] | None = None
    ) -> dict[str, Tensor]:
        """``runner.run(x, layers)``, in one pass with what others ask of the same runner.

        ``x`` is N×C×H×W on any device; the values are views of the batch (no copies).
        May give more layers than were asked for. Raises Busy, and what ``runner.run`` raises.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """Refuse new requests (Busy), finish what waits, end the worker."""
        raise NotImplementedError
