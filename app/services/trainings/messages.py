"""What the server and a training process tell each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from app.schemas import Change, Update
from app.services.trainings.metrics import Values
from app.services.trainings.record import Checkpoint

Beginning = Literal["run", "pause", "step", "epoch"]


@dataclass(frozen=True)
class Order:
    """What a process is to do.

    ``request`` is completed, ``facts`` as in `Record`. ``begin``: pause before the first step,
    or make one step or epoch and then pause. ``changes``: hyper-parameters in place of the
    request's. ``seconds``: so long it has been trained before; it ends at ``most_seconds``.
    ``most_checkpoints`` are kept of the request's epochs.
    """

    folder: Path
    request: dict[str, Any]
    facts: dict[str, Any]
    device: str
    data_dir: Path
    pictures_dir: Path | None
    cache_dir: Path | None
    networks_dir: Path | None
    begin: Beginning = "run"
    changes: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    live: int = 0
    most_seconds: float = float("inf")
    most_checkpoints: int = 100


@dataclass(frozen=True)
class Command:
    """``number`` counts the commands of one process. ``change``: fields of Controls."""

    number: int
    name: Literal["change", "pause", "run", "step", "epoch", "end"]
    change: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Loading:
    """Pictures are being read: so many of so many."""

    done: int
    total: int


@dataclass(frozen=True)
class Begun:
    """The first step may come."""

    parameters: int
    steps: int
    steps_per_epoch: int
    device: str
    precision: str
    step: int


@dataclass(frozen=True)
class Reported:
    """How far it is; a few times a second. ``live`` counts the newest weights that were written."""

    step: int
    steps: int
    epoch: float
    rate: float
    loss: float | None
    accuracy: float | None
    images_per_second: float | None
    seconds: float
    live: int
    update: Update | None = None


@dataclass(frozen=True)
class Rowed:
    """There is a new row of the metrics."""

    step: int
    values: Values


@dataclass(frozen=True)
class Tested:
    """The test set was evaluated."""

    step: int
    loss: float | None
    accuracy: float


@dataclass(frozen=True)
class Kept:
    """There is a new checkpoint."""

    checkpoint: Checkpoint


@dataclass(frozen=True)
class Changed:
    """All changes by hand so far."""

    changes: list[Change]


@dataclass(frozen=True)
class Held:
    """It pauses. ``number`` is that of the last command that it has heeded (0: none)."""

    number: int


@dataclass(frozen=True)
class Ended:
    """It is over. "asked": it was told to; "limit": it took as long as is allowed."""

    step: int
    reason: Literal["epochs", "early", "diverged", "range", "asked", "limit"]
    suggested_rate: float | None = None


@dataclass(frozen=True)
class Failed:
    """It could not go on. ``known``: the sentence is for the user, no fault of the program."""

    detail: str
    known: bool


Message = Loading | Begun | Reported | Rowed | Tested | Kept | Changed | Held | Ended | Failed
