"""The jobs that are remembered, each with all that belongs to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.schemas import Job
from app.services.jobs.errors import UnknownJobError
from app.services.jobs.events import Run
from app.services.jobs.log import FINAL
from app.services.jobs.record import JobRecord

Wish = Literal["run", "pause", "cancel"]


@dataclass(frozen=True)
class Shown:
    """The latest preview of a job; ``number`` counts from 1."""

    body: bytes
    media_type: str
    number: int


@dataclass(eq=False)
class Work:
    """A job. ``wish`` is what its thread heeds between two steps."""

    record: JobRecord
    run: Run
    key: str | None
    niceness: int = 0
    lane: str = ""
    wish: Wish = "run"
    thread: threading.Thread | None = None
    previews: int = 0

    @property
    def job(self) -> Job:
        """The job as it stands."""
        return self.record.job

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come."""
        return self.job.state in FINAL


class Works:
    """All of them, by id; the last ``kept`` that have ended. Whoever owns it has a lock."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._works: dict[str, Work] = {}  # oldest first

    def __iter__(self) -> Iterator[Work]:
        """The oldest first."""
        return iter(list(self._works.values()))

    def add(self, work: Work) -> Work:
        """Remember one, and give it."""
        self._works[work.job.id] = work
        return work

    def get(self, job_id: str) -> Work:
        """One of them. Raises UnknownJobError."""
        if job_id not in self._works:
            raise UnknownJobError(job_id)
        return self._works[job_id]

    def find(self, key: str | None) -> Work | None:
        """The one with this key that is going on, and not just being cancelled."""
        alike = (work for work in self if key is not None and work.key == key)
        going_on = (work for work in alike if not work.has_ended and work.wish != "cancel")
        return next(going_on, None)

    def must_wait(self, work: Work) -> bool:
        """Whether another one with its key has a thread yet."""
        return work.key is not None and any(
            other.key == work.key and other is not work and other.thread is not None
            for other in self
            if not other.has_ended
        )

    def forget(self) -> list[str]:
        """Drop those that have ended, but for the last few; their ids."""
        ended = [work.job.id for work in self if work.has_ended]
        dropped = ended[: max(0, len(ended) - self._kept)]
        for job_id in dropped:
            del self._works[job_id]
        return dropped
