"""One training of this server: how it stands, and the job that does it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Generator

from app.schemas import JobProgress, TrainingChange
from app.services.jobs.events import JobEvent, Message, Metrics, Result
from app.services.trainings import messages
from app.services.trainings.entering import LASTING, entered
from app.services.trainings.files import Files
from app.services.trainings.messages import Beginning, Order
from app.services.trainings.metrics import Curves
from app.services.trainings.process import Process
from app.services.trainings.record import Record, State
from app.services.trainings.store import TrainingDiskError

_LISTEN = 0.5  # seconds without news after which the job asks whether it may go on
_FIELDS = ("learning_rate", "decay", "momentum", "epochs", "speed")
_SHOWN = (
    "step",
    "epoch",
    "loss",
    "accuracy",
    "test_loss",
    "test_accuracy",
    "learning_rate",
    "images_per_second",
    "live",
)


class TrainingFailedError(RuntimeError):
    """A training process could not go on; the message says why."""


class Run:
    """A training and its process, where it has one. Safe to use from several threads.

    ``keep`` writes its record; ``pause`` (called from the job's own thread) pauses its job.
    """

    def __init__(
        self,
        record: Record,
        files: Files,
        keep: Callable[[Record], None],
        pause: Callable[[Run], None],
    ) -> None:
        self.record, self.files, self.curves = record, files, Curves(files.metrics)
        self.begin: Beginning = "run"
        self._keep, self._pause = keep, pause
        self._lock = threading.RLock()
        self._process: Process | None = None

    @property
    def process(self) -> Process | None:
        """The process that trains now."""
        return self._process

    def change(self, **update: object) -> None:
        """Set fields of the record, and write it."""
        with self._lock:
            self.record = self.record.model_copy(update=update)
            self._keep(self.record)

    def adjust(self, change: TrainingChange) -> None:
        """Change hyper-parameters now, or for when it goes on."""
        given = change.model_dump(exclude_none=True)
        values = {name: given[name] for name in _FIELDS if name in given}
        if not values:
            return
        with self._lock:
            self.change(pending=self.record.pending | values)
            if self._process is not None:
                self._process.send("change", values)

    def hold(self) -> None:
        """Let the process pause as soon as its step is done."""
        with self._lock:
            self.begin = "pause"
            if self._process is not None:
                self._process.send("pause")

    def release(self, begin: Beginning = "run") -> None:
        """Let it go on: to the end, or for one step or epoch."""
        with self._lock:
            self.begin = begin
            if self._process is not None and begin != "pause":
                self._process.send(begin)

    def judge(self, step: int, loss: float | None, accuracy: float) -> None:
        """Note how good a checkpoint is on the test set, which was found out later."""
        with self._lock:
            if not self.files.record.exists():
                return  # the training was deleted meanwhile
            update = {"test_loss": loss, "test_accuracy": accuracy}
            judged = [
                each.model_copy(update=update) if each.step == step else each
                for each in self.record.checkpoints
            ]
            self.change(checkpoints=judged)

    def work(
        self,
        order: Callable[[Run], Order],
        stopping: Callable[[], bool],
        begun: Callable[[Run], None],
    ) -> Steps:
        """What the job does, from now to the end of the training; at first nothing.

        ``begun`` is called once the process is on its way.
        """
        process, ended = None, False
        try:
            self.change(state="running", error=None)
            yield self.progress()
            process = self._launch(order)
            yield Message("Starting the training process")
            begun(self)
            while not ended:
                message = self._next(process)
                yield from self._events(message)
                ended = isinstance(message, messages.Ended)
                if isinstance(message, messages.Held) and message.number == process.commands:
                    self.begin = "run"
                    self._pause(self)
                    yield self.progress()
            yield Result(self._result())
        except Exception as error:  # its job fails of it, and the training says so, too
            self._note(str(error) or type(error).__name__)
            raise
        finally:
            with self._lock:
                self._process = None
            if process is not None:
                process.end()
            self._settle(ended, stopping())

    def progress(self) -> JobProgress:
        """How many steps are done."""
        standing = self.record.standing
        return JobProgress(done=standing.step, total=standing.steps, unit="steps")

    def metrics(self) -> Metrics:
        """The numbers of the job."""
        standing, latest = self.record.standing, self.record.latest
        values = {name: getattr(standing, name) for name in _SHOWN}
        values["checkpoint"] = latest.step if latest else None
        return Metrics({name: _number(value) for name, value in values.items()})

    def _launch(self, order: Callable[[Run], Order]) -> Process:
        with self._lock:
            self._process = Process(order(self), self._hear)
            return self._process

    def _next(self, process: Process) -> messages.Message | None:
        try:
            message = process.receive(_LISTEN)
        except EOFError:
            detail = "The training process ended all at once; perhaps the memory was full."
            raise TrainingFailedError(detail) from None
        if isinstance(message, messages.Failed):
            raise TrainingFailedError(message.detail)
        return message

    def _events(self, message: messages.Message | None) -> Steps:
        match message:
            case messages.Loading():
                text = "Loading the data set"
                yield JobProgress(
                    done=message.done, total=message.total, unit="pictures", message=text
                )
            case messages.Reported() | messages.Tested() | messages.Kept():
                yield self.progress()
                yield self.metrics()
            case _:
                yield self.progress()

    def _hear(self, message: messages.Message) -> None:
        """On the thread of the process's link: enter a message into the record."""
        with self._lock:
            self.record = entered(self.record, message)
            if isinstance(message, LASTING):
                self._keep(self.record)

    def _note(self, reason: str) -> None:
        """Why it ends, without writing it: that may be what fails."""
        with self._lock:
            self.record = self.record.model_copy(update={"error": reason})

    def _settle(self, ended: bool, stopping: bool) -> None:
        """The job is over. A server that stops leaves its state: it goes on with the next one."""
        state: State = "cancelled" if self.record.error is None else "failed"
        if ended:
            state = "done"
        elif stopping:
            state = self.record.state
        with contextlib.suppress(TrainingDiskError):  # the disk's record stays as it was: open
            self.change(state=state)

    def _result(self) -> dict[str, object]:
        standing = self.record.standing
        return {
            "training": f"/api/v1/trainings/{self.record.id}",
            "model": self.record.model,
            "step": standing.step,
            "test_accuracy": standing.test_accuracy,
        }


Steps = Generator[JobEvent, None, None]


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
