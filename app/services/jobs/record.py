"""One job as it stands, and its log; news that comes too fast is held back for a moment."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from app.schemas import Job, JobProgress
from app.services.finite import finite
from app.services.jobs.events import JobEvent, Message, Metrics, Preview, Result
from app.services.jobs.log import FINAL, Entry, JobLog, Name

_PREVIEW_SHARE = 10  # previews take at most one part in so many of a job's time


class JobRecord:
    """What is known of a job. Progress goes into the log at most every ``interval`` seconds.

    What is held back is logged with the next event of any kind, or else when the interval is
    over. Everything but `render` is to be called with ``lock`` held.
    """

    def __init__(self, job: Job, interval: float, lock: AbstractContextManager[Any]) -> None:
        self.job, self.log = job, JobLog()
        self._interval, self._lock = interval, lock
        self._shown = self._next_preview = float("-inf")
        self._held: threading.Timer | None = None
        self._add("progress")

    def change(self, name: Name, **update: Any) -> None:
        """Set fields of the job, and say so at once."""
        self.job = self.job.model_copy(update=update)
        self._add(name)

    def take(self, event: JobEvent) -> None:
        """Enter what the job has yielded; a preview has to be rendered, see `preview`."""
        before = self.job.progress
        self.job = self.job.model_copy(update=_update(self.job, event))
        if isinstance(event, Metrics):
            self._add("metrics")
        elif before.message != self.job.progress.message or self._is_time():
            self._shown = time.monotonic()
            self._add("progress")
        else:
            self._hold()

    def render(self, event: Preview, interval: float) -> bytes | None:
        """The file of a preview; None where it comes too soon after the one before.

        That is within ``interval`` seconds, or when previews would slow the job down. To be
        called by the job's own thread, without the lock.
        """
        begin = time.monotonic()
        if begin < self._next_preview and not event.last:
            return None
        body = event.make()
        end = time.monotonic()
        self._next_preview = end + max(interval, _PREVIEW_SHARE * (end - begin))
        return body

    def preview(self, address: str) -> None:
        """There is a new picture at this address."""
        self.change("preview", preview=address)

    def _is_time(self) -> bool:
        return time.monotonic() - self._shown >= self._interval

    def _hold(self) -> None:
        """Say it later, unless something else is said before."""
        if self._held is None:
            self._held = _later(self._interval, self._say)

    def _say(self) -> None:
        """On the timer's thread."""
        with self._lock:
            if self._held is threading.current_thread() and self.job.state not in FINAL:
                self._shown = time.monotonic()
                self._add("progress")

    def _add(self, name: Name) -> None:
        if self._held is not None:
            self._held.cancel()
            self._held = None
        job = self.job
        self.log.add(name, job.state, job.progress, job.metrics, job.preview)


def _later(seconds: float, call: Callable[[], None]) -> threading.Timer:
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()
    return timer


def _update(job: Job, event: JobEvent) -> dict[str, Any]:
    match event:
        case JobProgress():
            return {"progress": event}
        case Message():
            return {"progress": job.progress.model_copy(update={"message": event.text})}
        case Metrics():
            shown = {name: finite(value) for name, value in event.values.items()}
            return {"metrics": {**job.metrics, **shown}}
        case Result():
            return {"result": event.value}
        case Preview():
            return {}


def new_job(kind: str, title: str, model: str | None) -> Job:
    """A job that waits."""
    return Job(
        id=secrets.token_hex(8),
        kind=kind,
        model=model,
        title=title,
        state="queued",
        created=datetime.now(UTC),
    )


def nothing() -> Generator[JobEvent, None, None]:
    """What a job does that has nothing to do."""
    yield from ()


def as_it_was(job: Job, entry: Entry) -> Job:
    """A job at the moment of an event."""
    then = {name: getattr(entry, name) for name in ("state", "progress", "metrics", "preview")}
    later = {} if entry.state in FINAL else {"result": None, "error": None}
    return job.model_copy(update=then | later)
