"""Which weights of a training are written, and when: checkpoints, the newest, and its state."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.services.finite import finite
from app.services.training import Evaluation, Moment, Started, Step
from app.services.training.events import Snapshot
from app.services.training.state import save
from app.services.trainings.files import Files, digest, packed
from app.services.trainings.messages import Kept, Message
from app.services.trainings.metrics import Values
from app.services.trainings.progress import Progress
from app.services.trainings.record import Checkpoint
from app.services.writing import replace

_LIVE_SECONDS = 0.2  # between two writings of the newest weights
_SMALL, _SMALL_SECONDS = 50_000, 0.08  # so many bytes can be looked at more often
_STATE_SECONDS = 10.0  # between two of the state, where no checkpoint comes
_LIVE_SHARE, _STATE_SHARE = 30, 20  # writing takes at most one part in so many of the time


class Keeper:
    """Writes the files of one training, and tells of checkpoints by ``tell``.

    Of too many moments about ``most`` are kept: the files of large networks fill a disk.
    """

    def __init__(
        self, files: Files, tell: Callable[[Message], None], most: int, progress: Progress
    ) -> None:
        self._files, self._tell, self._most, self._progress = files, tell, most, progress
        self._snapshot: Snapshot | None = None
        self._test: Evaluation | None = None
        self._loss: float | None = None
        self._next_live = self._next_state = float("-inf")
        self._every, self._next = 0.0, 0.0  # steps between two checkpoints that are kept
        self._moment = 0  # the step of the moment that was kept last
        files.checkpoints.mkdir(parents=True, exist_ok=True)

    def begin(self, event: Started) -> None:
        """The training begins, or goes on."""
        self._snapshot = event.snapshot
        self._every = event.steps / max(1, self._most)
        self._next = float(event.step)
        self._next_state = time.monotonic() + _STATE_SECONDS

    def row(self, values: Values) -> None:
        """The metrics of the present step."""
        self._loss = values.get("loss")

    def tested(self, event: Evaluation) -> None:
        """The test of the present step."""
        self._test = event

    def keep(self, moment: Moment) -> None:
        """A checkpoint is due; also the state, so that no more than an interval can be lost."""
        tested = self._test is not None and self._test.step == moment.step
        if moment.step >= self._next or tested:
            self._next = moment.step + (self._every if self._most < 40 else 0)
            self._write(moment, self._test if tested else None)
        if moment.step > 0 and time.monotonic() >= self._next_state - _STATE_SECONDS * 0.9:
            self.save()

    def follow(self, event: Step) -> None:
        """A step was made."""
        now = time.monotonic()
        if now >= self._next_live:
            self._write_live(event.number)
        if now >= self._next_state:
            self.save()

    def save(self, *, live: bool = False) -> None:
        """Write what a resumption needs; where ``live``, the newest weights, too."""
        if self._snapshot is None:
            return
        begin = time.monotonic()
        save(self._files.state, self._snapshot.state())
        end = time.monotonic()
        self._next_state = end + max(_STATE_SECONDS, _STATE_SHARE * (end - begin))
        if live:
            self._write_live(self._progress.number)

    def _write(self, moment: Moment, test: Evaluation | None) -> None:
        body = packed(moment.weights(), step=str(moment.step))
        replace(self._files.checkpoint(moment.step), body)
        if moment.step == 0:
            self._write_live(0)
        checkpoint = Checkpoint(
            step=moment.step,
            epoch=moment.epoch,
            bytes=len(body),
            sha256=digest(body),
            loss=self._loss if moment.step else None,
            test_loss=finite(test.loss) if test else None,
            test_accuracy=test.accuracy if test else None,
        )
        self._tell(Kept(checkpoint))

    def _write_live(self, step: int) -> None:
        if self._snapshot is None:
            return
        begin = time.thread_time()  # on a busy machine a clock would count the others' work, too
        number = self._progress.live + 1
        body = packed(self._snapshot.weights(), step=str(step), live=str(number))
        replace(self._files.live, body, lasting=False)
        self._progress.live = number
        spent = time.thread_time() - begin
        pause = _SMALL_SECONDS if len(body) < _SMALL else _LIVE_SECONDS
        self._next_live = time.monotonic() + max(pause, _LIVE_SHARE * spent)
