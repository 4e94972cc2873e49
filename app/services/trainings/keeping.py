"""Which weights of a training are written, and when: checkpoints, the newest, and its state."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.services.finite import finite
from app.services.training import Evaluation, Moment, Started, Step
from app.services.training.events import Snapshot
from app.services.training.plan import MOST, rarity, total
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

    Of large networks, whose files fill a disk, at most ``most`` moments of a training of so many
    ``epochs`` are kept, evenly spaced; more rarely beyond those epochs, as in `Plan`.
    """

    def __init__(
        self,
        files: Files,
        tell: Callable[[Message], None],
        progress: Progress,
        most: int,
        epochs: float,
    ) -> None:
        self._files, self._tell, self._progress = files, tell, progress
        self._most, self._epochs = most, epochs
        self._snapshot: Snapshot | None = None
        self._test: Evaluation | None = None
        self._loss: float | None = None
        self._next_live = self._next_state = float("-inf")
        self._foreseen = 1  # steps
        self._last = 0  # the step of the last checkpoint
        self._best, self._is_best = -1.0, False  # accuracy of the tests; whether the last one was
        files.checkpoints.mkdir(parents=True, exist_ok=True)

    def begin(self, event: Started) -> None:
        """The training begins, or goes on."""
        self._snapshot = event.snapshot
        self._foreseen = total(self._epochs, event.steps_per_epoch)
        self._last = self._files.last_checkpoint(event.step)
        self._next_state = time.monotonic() + _STATE_SECONDS

    def row(self, values: Values) -> None:
        """The metrics of the present step."""
        self._loss = values.get("loss")

    def tested(self, event: Evaluation) -> None:
        """The test of the present step."""
        self._test = event
        self._is_best = event.accuracy > self._best
        self._best = max(self._best, event.accuracy)

    def keep(self, moment: Moment) -> None:
        """A checkpoint is due; also the state, so that no more than an interval can be lost."""
        if moment.step == 0 or moment.step - self._last >= self._gap(moment.step):
            self._write(moment)
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

    def finish(self) -> None:
        """The training has come to its own end: that is kept in any case."""
        number, epoch = self._progress.number, self._progress.epoch
        if self._snapshot is not None and number > self._last:
            self._write(Moment(number, epoch, self._snapshot))

    def _gap(self, step: int) -> float:
        """So many steps have to lie behind the last checkpoint: fewer for the best network yet."""
        if self._most >= MOST:
            return 0.0
        gap = self._foreseen / self._most * rarity(step, self._foreseen)
        best = self._is_best and self._test is not None and self._test.step == step
        return gap if best else 2 * gap

    def _write(self, moment: Moment) -> None:
        test = self._test if self._test and self._test.step == moment.step else None
        self._last = moment.step
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
