"""How far and how fast a training is."""

from __future__ import annotations

import time

from app.schemas import Update
from app.services.finite import finite
from app.services.training import Started, Step
from app.services.trainings.messages import Reported

_INTERVAL = 0.1  # seconds between two reports
_WINDOW = 1.0  # seconds of training that the pace is measured over


class Progress:
    """Counts steps and the time that they took; tests, pauses and waiting for files are left out.

    ``seconds`` were spent before, ``live`` is the number of the newest weights.
    """

    def __init__(self, seconds: float, live: int) -> None:
        self.live, self.update = live, None
        self.number, self.steps, self.epoch, self.rate = 0, 0, 0.0, 0.0
        self._last: Step | None = None
        self._before, self._spent = seconds, 0.0
        self._since = time.monotonic()  # the end of the step before, or of a rest
        self._window: list[float] = [0.0, 0.0]  # pictures, seconds
        self._pace: float | None = None
        self._reported = float("-inf")

    update: Update | None

    def begin(self, event: Started) -> None:
        """The first step comes now."""
        self.number, self.steps = event.step, event.steps
        self.epoch = event.step / event.steps_per_epoch
        self.rest()

    def rest(self) -> None:
        """What went on since the last step was no training."""
        self._since = time.monotonic()

    def step(self, event: Step, batch: int) -> None:
        """A step was made."""
        now = time.monotonic()
        taken, self._since = now - self._since, now
        self._spent += taken
        self._window[0] += batch
        self._window[1] += taken
        if self._pace is None or self._window[1] >= _WINDOW:
            self._pace = self._window[0] / max(self._window[1], 1e-9)
        if self._window[1] >= _WINDOW:
            self._window = [0.0, 0.0]
        self._last = event
        self.number, self.steps = event.number, event.steps
        self.epoch, self.rate = event.epoch, event.rate

    def seconds(self) -> float:
        """Seconds of training so far."""
        return self._before + self._spent

    def pace(self) -> dict[str, float | None]:
        """The columns that a row gets beside the engine's."""
        return {"images_per_second": self._pace, "seconds": self.seconds()}

    def due(self) -> bool:
        """Whether a report is."""
        return time.monotonic() - self._reported >= _INTERVAL

    def report(self) -> Reported:
        """How things stand."""
        self._reported = time.monotonic()
        last = self._last
        return Reported(
            step=self.number,
            steps=self.steps,
            epoch=self.epoch,
            rate=self.rate,
            loss=finite(last.loss) if last else None,
            accuracy=finite(last.accuracy) if last else None,
            images_per_second=self._pace,
            seconds=self.seconds(),
            live=self.live,
            update=self.update,
        )
