"""Work that takes long: downloads, scans, trainings … one mechanism for all of them.

A job is a generator. It runs on a thread of its own, step by step: what it yields goes into its
log, and between two steps it can be paused or cancelled. When it is cancelled it is closed, so
that its ``finally`` blocks run; on whatever it raises the job has failed.
"""

from __future__ import annotations

import contextlib
import math
import secrets
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from app.schemas import Job, JobProgress
from app.services.batching import Busy
from app.services.job_log import FINAL, Entry, JobLog, Name, State

_RETRY_AFTER = 10.0  # seconds; until a download ends, about


@dataclass(frozen=True)
class Message:
    """What a job does now, where its progress stays the same."""

    text: str


@dataclass(frozen=True)
class Metrics:
    """Numbers by name (a loss, an accuracy); those that are not named stay."""

    values: dict[str, float]


@dataclass(frozen=True)
class Result:
    """What a job ends with, for JSON."""

    value: dict[str, Any]


JobEvent = JobProgress | Message | Metrics | Result
Run = Callable[[], Generator[JobEvent, None, None]]


class UnknownJobError(LookupError):
    """No job has this id; it may have ended long ago and been forgotten."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__(f"No job is named {job_id!r}. Jobs that ended long ago are forgotten.")


class JobStateError(RuntimeError):
    """The job's state does not allow what was asked."""

    def __init__(self, job: Job, detail: str) -> None:
        self.job = job
        super().__init__(f"The job is {job.state}: {detail}")


@dataclass(eq=False)
class _Work:
    """A job with all that belongs to it. ``wish`` is what its thread heeds between two steps."""

    job: Job
    run: Run
    key: str | None
    log: JobLog
    wish: Literal["run", "pause", "cancel"] = "run"
    thread: threading.Thread | None = None
    shown: float = field(default=float("-inf"))  # when progress went into the log


class Jobs:
    """The jobs of one server. Safe to use from several threads.

    ``workers`` jobs run at a time; a paused one makes room for another. With ``max_queue``
    waiting, the next one gets Busy. The last ``kept`` ended jobs are remembered. Progress goes
    into the log at most every ``interval`` seconds. ``explain`` makes a problem (RFC 9457) of
    what a job raised.
    """

    def __init__(
        self,
        workers: int = 2,
        max_queue: int = 32,
        *,
        kept: int = 100,
        interval: float = 0.1,
        explain: Callable[[Exception], dict[str, Any]] | None = None,
    ) -> None:
        self._workers, self._max_queue, self._kept = workers, max_queue, kept
        self._interval, self._explain = interval, explain or _plain_problem
        self._changed = threading.Condition()
        self._works: dict[str, _Work] = {}  # by id, oldest first
        self._waiting: deque[_Work] = deque()
        self._running: set[_Work] = set()
        self._stopped = False

    def submit(
        self, kind: str, title: str, run: Run, *, model: str | None = None, key: str | None = None
    ) -> Job:
        """Run a job as soon as there is room.

        While a job with the same ``key`` is going on, that one is given instead. One with the
        key of a job that is just being cancelled waits for its end. Raises Busy.
        """
        with self._changed:
            same = self._find(key)
            if same is not None:
                return same.job
            if self._stopped or len(self._waiting) >= self._max_queue:
                raise Busy(_RETRY_AFTER)
            job = Job(
                id=secrets.token_hex(8),
                kind=kind,
                model=model,
                title=title,
                state="queued",
                created=datetime.now(UTC),
            )
            work = self._works[job.id] = _Work(job, run, key, JobLog())
            self._log(work, "progress")
            self._waiting.append(work)
            self._schedule()
            return work.job

    def listing(self) -> list[Job]:
        """All jobs that are remembered, the newest first."""
        with self._changed:
            return [work.job for work in reversed(self._works.values())]

    def get(self, job_id: str) -> Job:
        """A job as it is now. Raises UnknownJobError."""
        with self._changed:
            return self._work(job_id).job

    def find(self, key: str) -> Job | None:
        """The job with this key that is going on, if any."""
        with self._changed:
            work = self._find(key)
            return None if work is None else work.job

    async def follow(self, job_id: str, after: int = 0) -> AsyncGenerator[tuple[Entry, Job]]:
        """The events of a job with a higher number than ``after``, then those to come.

        Each with the job as it was at that moment. Ends behind the final event, and when the
        server stops. Raises UnknownJobError.
        """
        with self._changed:
            work = self._work(job_id)
        async with contextlib.aclosing(work.log.follow(after)) as entries:
            async for entry in entries:
                yield entry, _as_it_was(work.job, entry)

    def cancel(self, job_id: str) -> Job:
        """Stop a job: at once, or when its present step ends. Nothing happens to an ended one.

        Raises UnknownJobError.
        """
        with self._changed:
            work = self._work(job_id)
            if work.job.state not in FINAL:
                self._wish(work, "cancel")
            return work.job

    def pause(self, job_id: str) -> Job:
        """Stop a job for now: at once, or when its present step ends.

        Raises UnknownJobError, JobStateError for one that has ended or is being cancelled.
        """
        return self._switch(job_id, "pause")

    def resume(self, job_id: str) -> Job:
        """Let a paused job go on as soon as there is room. Raises as `pause` does."""
        return self._switch(job_id, "run")

    def stop(self) -> None:
        """Cancel everything, take no more jobs, and leave those who follow. Does not wait."""
        with self._changed:
            self._stopped = True
            for work in list(self._works.values()):
                if work.job.state not in FINAL:
                    self._wish(work, "cancel")
                work.log.close()

    def close(self, timeout: float = 5.0) -> None:
        """`stop`, and wait so many seconds for the threads to end."""
        self.stop()
        end = time.monotonic() + timeout
        for work in list(self._works.values()):
            if work.thread is not None:
                work.thread.join(max(0.0, end - time.monotonic()))

    # From here on: called with the lock held, except _run and what says otherwise.

    def _work(self, job_id: str) -> _Work:
        if job_id not in self._works:
            raise UnknownJobError(job_id)
        return self._works[job_id]

    def _find(self, key: str | None) -> _Work | None:
        alike = (work for work in self._works.values() if key is not None and work.key == key)
        going_on = (w for w in alike if w.job.state not in FINAL and w.wish != "cancel")
        return next(going_on, None)

    def _switch(self, job_id: str, wish: Literal["run", "pause"]) -> Job:
        """Without the lock."""
        with self._changed:
            work = self._work(job_id)
            if work.job.state in FINAL or work.wish == "cancel":
                raise JobStateError(work.job, "it cannot be paused or go on any more.")
            if work.wish != wish:
                self._wish(work, wish)
            return work.job

    def _wish(self, work: _Work, wish: Literal["run", "pause", "cancel"]) -> None:
        """Note what shall happen; a job without a thread gets there at once."""
        work.wish = wish
        if work.thread is None:
            with contextlib.suppress(ValueError):
                self._waiting.remove(work)
            if wish == "cancel":
                self._end(work, "cancelled")
            elif wish == "pause":
                self._enter(work, "paused")
            else:
                self._enter(work, "queued")
                self._waiting.append(work)
        self._schedule()
        self._changed.notify_all()

    def _schedule(self) -> None:
        """Give free places to those who wait, in order."""
        for work in list(self._waiting):
            if len(self._running) >= self._workers:
                return
            if self._must_wait_for_its_twin(work):
                continue
            self._waiting.remove(work)
            self._running.add(work)
            self._enter(work, "running")
            if work.thread is None:
                work.thread = threading.Thread(
                    target=self._run, args=(work,), name=f"job-{work.job.kind}", daemon=True
                )
                work.thread.start()

    def _must_wait_for_its_twin(self, work: _Work) -> bool:
        return work.key is not None and any(
            other.key == work.key and other is not work and other.thread is not None
            for other in self._works.values()
            if other.job.state not in FINAL
        )

    def _run(self, work: _Work) -> None:
        """The thread of one job."""
        try:
            with contextlib.closing(work.run()) as steps:
                ended = self._walk(work, steps)
        except Exception as error:  # whatever it is, it is the job's end and not the server's
            problem = self._explain(error)
            with self._changed:
                work.job = work.job.model_copy(update={"error": problem})
                self._end(work, "failed")
        else:
            with self._changed:
                self._end(work, "done" if ended else "cancelled")

    def _walk(self, work: _Work, steps: Generator[JobEvent, None, None]) -> bool:
        """Without the lock. Whether the job came to its own end."""
        if not self._may_go_on(work):
            return False
        for event in steps:
            with self._changed:
                self._record(work, event)
            if not self._may_go_on(work):
                return False
        return True

    def _may_go_on(self, work: _Work) -> bool:
        """Without the lock. Wait while the job is paused; False when it is cancelled."""
        with self._changed:
            while work.wish != "cancel":
                if work.wish == "pause" and work.job.state != "paused":
                    self._leave(work)
                    self._enter(work, "paused")
                    self._schedule()
                elif work.wish == "run" and work.job.state == "paused":
                    self._enter(work, "queued")
                    self._waiting.append(work)
                    self._schedule()
                elif work.wish == "run" and work in self._running:
                    return True
                else:
                    self._changed.wait()
            return False

    def _record(self, work: _Work, event: JobEvent) -> None:
        job, update = work.job, dict[str, Any]()
        match event:
            case JobProgress():
                update["progress"] = event
            case Message():
                update["progress"] = job.progress.model_copy(update={"message": event.text})
            case Metrics():
                update["metrics"] = {**job.metrics, **_finite(event.values)}
            case Result():
                update["result"] = event.value
        work.job = job.model_copy(update=update)
        if isinstance(event, Metrics):
            self._log(work, "metrics")
        elif self._is_news(work, job.progress):
            work.shown = time.monotonic()
            self._log(work, "progress")

    def _is_news(self, work: _Work, before: JobProgress) -> bool:
        waited = time.monotonic() - work.shown >= self._interval
        return waited or work.job.progress.message != before.message

    def _enter(self, work: _Work, state: State) -> None:
        work.job = work.job.model_copy(update={"state": state})
        self._log(work, "progress")

    def _leave(self, work: _Work) -> None:
        self._running.discard(work)
        with contextlib.suppress(ValueError):
            self._waiting.remove(work)

    def _end(self, work: _Work, state: Literal["done", "failed", "cancelled"]) -> None:
        self._leave(work)
        work.job = work.job.model_copy(update={"state": state})
        self._log(work, state)
        ended = [each.job.id for each in self._works.values() if each.job.state in FINAL]
        for job_id in ended[: max(0, len(ended) - self._kept)]:
            del self._works[job_id]
        self._schedule()
        self._changed.notify_all()

    def _log(self, work: _Work, name: Name) -> None:
        work.log.add(name, work.job.state, work.job.progress, work.job.metrics)


def _finite(values: dict[str, float]) -> dict[str, float | None]:
    return {name: value if math.isfinite(value) else None for name, value in values.items()}


def _as_it_was(job: Job, entry: Entry) -> Job:
    then = {"state": entry.state, "progress": entry.progress, "metrics": entry.metrics}
    later = {} if entry.state in FINAL else {"result": None, "error": None}
    return job.model_copy(update=then | later)


def _plain_problem(error: Exception) -> dict[str, Any]:
    return {"type": "about:blank", "title": "Failed", "status": 500, "detail": str(error)}
