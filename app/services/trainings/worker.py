"""What a training process does: it trains as it is told, writes files, and reports.

It is started by `process` and ends with the server: when the pipe to it closes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import BinaryIO

import torch
from filelock import FileLock, Timeout

import models
from app.schemas import TrainingRequest
from app.services import training
from app.services.datasets import (
    DatasetDamagedError,
    DatasetMissingError,
    DatasetTooLargeError,
    Material,
    UnknownDatasetError,
    material,
)
from app.services.finite import finite
from app.services.training.state import StateError, load
from app.services.trainings import metrics
from app.services.trainings.files import Files
from app.services.trainings.keeping import Keeper
from app.services.trainings.link import Link
from app.services.trainings.messages import (
    Begun,
    Changed,
    Command,
    Ended,
    Failed,
    Held,
    Loading,
    Order,
    Rowed,
    Tested,
)
from app.services.trainings.progress import Progress
from app.services.trainings.record import Facts
from app.services.trainings.trained import input_of
from models.design import DesignError

_NICENESS = 5
_LOCK_SECONDS = 30.0
_KNOWN = (
    DatasetMissingError,
    DatasetDamagedError,
    DatasetTooLargeError,
    UnknownDatasetError,
    DesignError,
    StateError,
    models.UnknownModelError,
    MemoryError,
    OSError,
)


def main(connection: Connection, order: Order) -> None:
    """The whole life of a process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's to answer
    torch.set_num_threads(1)
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICENESS)
    link = Link(connection)
    try:
        with FileLock(order.folder / "lock", timeout=_LOCK_SECONDS):
            _Work(order, link).run()
    except Exception as error:
        link.tell(Failed(_sentence(error), isinstance(error, _KNOWN)))
        if not isinstance(error, _KNOWN):
            sys.excepthook(*sys.exc_info())
    link.close()
    sys.stderr.flush()
    os._exit(0)  # taking down an interpreter with torch takes a second, for which somebody waits


class _Work:
    """One training from its first (or next) step to its end."""

    def __init__(self, order: Order, link: Link) -> None:
        self.order, self.link, self.files = order, link, Files(order.folder)
        self.config = training.Config.of(TrainingRequest.model_validate(order.request))
        self.controls = training.Controls(wait=self._wait)
        for name, value in order.changes.items():
            setattr(self.controls, name, value)
        self.progress = Progress(order.seconds, order.live)
        self.paused = order.begin == "pause"
        self.until: int | None = None  # the step behind which it pauses
        self.ending = False
        self.heeded = 0
        self.told_changes = 0
        self.per_epoch = 1

    def run(self) -> None:
        if self.order.networks_dir is not None:
            models.load_directory(self.order.networks_dir)
        self.files.sweep()
        state = load(self.files.state) if self.files.state.is_file() else None
        step = state.step if state else 0
        if self.files.metrics.exists():
            metrics.cut(self.files.metrics, step)
        most, epochs = self.order.most_checkpoints, self.config.epochs
        keeper = Keeper(self.files, self.link.tell, self.progress, most, epochs)
        events = training.train(self.config, self._material(), self.controls, state)
        with self.files.metrics.open("ab") as rows:
            self._follow(events, keeper, rows)

    def _material(self) -> Material:
        order = self.order
        found = material(
            self.config.data,
            input_of(Facts.model_validate(order.facts)),
            self.config.seed,
            order.data_dir,
            order.pictures_dir,
            order.cache_dir,
            lambda done, total: self.link.tell(Loading(done, total)),
        )
        return found.to(order.device)

    def _follow(self, events: Iterator[training.Event], keeper: Keeper, rows: BinaryIO) -> None:
        """Do with each event what there is to do."""
        for event in events:
            match event:
                case training.Started():
                    self._begin(event, keeper)
                case training.Evaluation():
                    self.progress.rest()
                    keeper.tested(event)
                    self.link.tell(Tested(event.step, finite(event.loss), event.accuracy))
                case training.Row():
                    values = event.values | self.progress.pace()
                    rows.write(metrics.line(event.step, values))
                    rows.flush()
                    keeper.row(event.values)
                    self.link.tell(Rowed(event.step, values))
                case training.Moment():
                    keeper.keep(event)
                    if event.step == 0:
                        self._heed(keeper)
                case training.Updated():
                    self.progress.update = event.update
                case training.Step():
                    self.progress.step(event, self.config.batch)
                    keeper.follow(event)
                    self._heed(keeper)
                case training.Finished():
                    self._finish(event, keeper)
            if self.ending:
                keeper.save(live=True)
                self.link.tell(self.progress.report())
                number = self.progress.number
                self.link.tell(Ended(number, "limit" if self._late() else "asked"))
                return

    def _begin(self, event: training.Started, keeper: Keeper) -> None:
        self.per_epoch = event.steps_per_epoch
        self.progress.begin(event)
        keeper.begin(event)
        self.link.tell(
            Begun(
                event.parameters,
                event.steps,
                event.steps_per_epoch,
                event.device,
                event.precision,
                event.step,
            )
        )
        if self.order.begin in ("step", "epoch"):
            self._advance(self.order.begin)
        if event.step > 0 or self.config.schedule.name == "range":
            self._heed(keeper)

    def _finish(self, event: training.Finished, keeper: Keeper) -> None:
        self._tell_changes()
        if event.reason != "range":
            keeper.finish()
        keeper.save(live=event.reason != "diverged")
        self.link.tell(self.progress.report())
        self.link.tell(Ended(event.step, event.reason, event.suggested_rate))

    def _heed(self, keeper: Keeper) -> None:
        """Between two steps: obey what came in, wait while it pauses, report."""
        if self.until is not None and self.progress.number >= self.until:
            self.until = None
            self.paused = self.progress.number < self.progress.steps  # else it is done
        self.ending = self.ending or self._late()
        while not self.link.commands.empty():
            self._obey(self.link.commands.get())
        self._tell_changes()
        if self.paused and not self.ending:
            keeper.save(live=True)
            self.link.tell(self.progress.report())
            self.link.tell(Held(self.heeded))
            while self.paused and not self.ending:
                self._obey(self.link.commands.get())
                if self.paused:
                    self.link.tell(Held(self.heeded))
            self.progress.rest()
        elif self.progress.due():
            self.link.tell(self.progress.report())

    def _obey(self, command: Command) -> None:
        self.heeded = max(self.heeded, command.number)
        match command.name:
            case "change":
                for name, value in command.change.items():
                    setattr(self.controls, name, value)
            case "pause":
                self.paused = True
            case "run":
                self.paused, self.until = False, None
            case "step" | "epoch":
                self._advance(command.name)
            case "end":
                self.ending = True

    def _advance(self, by: str) -> None:
        done, epoch = self.progress.number, self.per_epoch
        self.until = done + 1 if by == "step" else (done // epoch + 1) * epoch
        self.paused = False

    def _tell_changes(self) -> None:
        if len(self.controls.changes) != self.told_changes:
            self.told_changes = len(self.controls.changes)
            self.link.tell(Changed(list(self.controls.changes)))

    def _late(self) -> bool:
        return self.progress.seconds() >= self.order.most_seconds

    def _wait(self, seconds: float) -> None:
        """Wait between two steps, but no longer than until a command comes."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and self.link.commands.empty():
            time.sleep(min(left, 0.05))


def _sentence(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "There was not enough memory for this training."
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full: make room, and let the training go on from where it was kept."
    if isinstance(error, Timeout):
        return "Another process trains this network already."
    if isinstance(error, OSError) and not isinstance(error, DatasetMissingError):
        return f"The disk refused: {error.strerror or error}."
    return str(error) or type(error).__name__
