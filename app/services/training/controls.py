"""What may be changed from outside while a training runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

from app.schemas.training import Change
from app.services.training.config import Config

Name = Literal["learning_rate", "decay", "momentum", "epochs"]
NAMES: tuple[Name, ...] = get_args(Name)


@dataclass
class Controls:
    """Set the fields between two steps; None leaves what the config (or the state) says.

    ``speed`` is the most steps a second, 0 as fast as it goes; the training waits by ``wait``
    (seconds). ``changes`` is what has been changed so far, those before a resumption included.
    """

    learning_rate: float | None = None
    decay: float | None = None
    momentum: float | None = None
    epochs: float | None = None
    speed: float | None = None
    wait: Callable[[float], object] = time.sleep
    changes: list[Change] = field(default_factory=list)


class Settings:
    """The hyper-parameters in force: the config's, until `take` finds others in the controls."""

    def __init__(self, config: Config) -> None:
        self.values: dict[str, float] = {
            "learning_rate": config.optimizer.learning_rate,
            "decay": config.optimizer.decay,
            "momentum": config.optimizer.momentum,
            "epochs": config.epochs,
        }

    def __getitem__(self, name: Name) -> float:
        return self.values[name]

    def take(self, controls: Controls, step: int) -> bool:
        """Take over what the controls ask for, before ``step``; whether anything changed."""
        changed = False
        for name in NAMES:
            value = getattr(controls, name)
            if value is not None and value != self.values[name]:
                self.values[name] = value
                controls.changes.append(Change(step=step, name=name, value=value))
                changed = True
        return changed


class Pace:
    """Waits so that there are at most so many steps a second."""

    def __init__(self, speed: float | None) -> None:
        self._speed = speed or 0.0
        self._last = float("-inf")

    def keep(self, controls: Controls) -> None:
        """Wait until the next step may begin."""
        speed = self._speed if controls.speed is None else controls.speed
        if speed > 0:
            left = self._last + 1 / speed - time.monotonic()
            if left > 0:
                controls.wait(left)
            self._last = time.monotonic()
