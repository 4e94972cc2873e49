"""The networks of trainings at their checkpoints, with their data, and work about them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from safetensors.torch import load_file

from app.services.batching import Busy
from app.services.catalog import Loaded
from app.services.datasets import Split
from app.services.finite import finite
from app.services.jobs.runner import be_nice
from app.services.learning import kept
from app.services.learning.answers import Answers, Subject
from app.services.learning.layers import Weights
from app.services.trainings.errors import UnknownTrainingError
from app.services.trainings.record import Checkpoint
from app.services.trainings.run import Run
from app.services.trainings.service import Trainings

T = TypeVar("T")

_THREADS = 2  # on which results are worked out
_NICENESS = 10  # they give way to drawings and to the training itself
_WAITING = 32  # pieces of work about one training; more get Busy
_RETRY_SECONDS = 5.0


class Learning:
    """Gives checkpoints to work on. Safe to use from several threads."""

    def __init__(self, trainings: Trainings) -> None:
        self._trainings = trainings
        self._queues: dict[str, _Queue] = {}
        self._stopping = threading.Event()
        self._threads = ThreadPoolExecutor(
            _THREADS, "learning", initializer=be_nice, initargs=(_NICENESS,)
        )

    def stop(self) -> None:
        """End what is being worked out, and take on nothing more."""
        self._stopping.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def work(self, run: Run, function: Callable[[], T]) -> T:
        """``function`` on a thread of its own, one at a time for each training.

        Raises Busy where too many wait already.
        """
        queue = self._queues.setdefault(run.record.id, _Queue())
        if queue.length >= _WAITING:
            raise Busy(_RETRY_SECONDS)
        queue.length += 1
        try:
            async with queue.turn:
                return await asyncio.get_running_loop().run_in_executor(self._threads, function)
        finally:
            queue.length -= 1

    def checkpoint(self, run: Run, checkpoint: Checkpoint) -> kept.Checkpoint:
        """A checkpoint as results are worked out of it; nothing is loaded yet."""
        rule: dict[str, object] = run.record.request.get("optimizer") or {}
        return kept.Checkpoint(
            folder=run.files.analysis,
            step=checkpoint.step,
            digest=checkpoint.sha256,
            subject=lambda: Subject(
                self.network(run, checkpoint), self._trainings.material(run), self._stopping.is_set
            ),
            before=lambda: _before(run, checkpoint),
            by_gradient=rule.get("name") != "perceptron",
        )

    def answers(self, run: Run, checkpoint: Checkpoint, split: Split) -> Answers:
        """What a checkpoint answers to a split; the training notes how good it is."""
        found = kept.find_answers(self.checkpoint(run, checkpoint), split)
        if split == "test" and checkpoint.test_accuracy is None and len(found.labels):
            run.judge(checkpoint.step, finite(found.loss), found.accuracy)
        return found

    def network(self, run: Run, checkpoint: Checkpoint) -> Loaded:
        """The network of a training at a checkpoint."""
        return self._trainings.network(run, checkpoint.step)


@dataclass
class _Queue:
    """Whose turn it is, and how many wait or work."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    length: int = 0


def _before(run: Run, checkpoint: Checkpoint) -> Weights | None:
    """The weights of the checkpoint before."""
    earlier = [each.step for each in run.record.checkpoints if each.step < checkpoint.step]
    return _weights(run, earlier[-1]) if earlier else None


def _weights(run: Run, step: int) -> Weights:
    """The weights of a checkpoint. Raises UnknownTrainingError where they were just deleted."""
    try:
        return load_file(run.files.checkpoint(step))
    except FileNotFoundError:
        raise UnknownTrainingError(run.record.id, []) from None
