"""What a job yields as it goes on."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from app.schemas import JobProgress


@dataclass(frozen=True)
class Message:
    """What a job does now, where its progress stays the same."""

    text: str


@dataclass(frozen=True)
class Metrics:
    """Numbers by name (a loss, an accuracy); those that are not named stay."""

    values: dict[str, float]


@dataclass(frozen=True)
class Preview:
    """A small picture of the present state, in place of the one before.

    ``make`` gives the file. It is called before the job goes on, and only where the picture will
    be shown: when pictures come too fast, some are left out, but never a ``last`` one.
    """

    make: Callable[[], bytes]
    media_type: str = "image/png"
    last: bool = False


@dataclass(frozen=True)
class Result:
    """What a job ends with, for JSON."""

    value: dict[str, Any]


JobEvent = JobProgress | Message | Metrics | Preview | Result
Run = Callable[[], Generator[JobEvent, None, None]]
