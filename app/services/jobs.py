"""Work that takes long: downloads, scans, trainings … one mechanism for all of them.

A job is a generator. It runs on a thread of its own, step by step: what it yields goes into its
log, and between two steps it can be paused or cancelled. When it is cancelled it is closed, so
that its ``finally`` blocks run; on whatever it raises the job has failed.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.schemas import Job
from app.services.batching import Busy
from app.services.job_errors import JobStateError, UnknownJobError
from app.services.job_events import JobEvent, Message, Metrics, Preview, Result, Run
from app.services.job_lanes import Lane, Lanes
from app.services.job_log import FINAL, Entry, State
from app.services.job_record import JobRecord, as_it_was, new_job, nothing
from app.services.shelf import Shelf

__all__ = [
    "JobEvent",
    "JobStateError",
    "Jobs",
    "Message",
    "Metrics",
    "Preview",
    "Result",
    "Run",
    "Shown",
    "UnknownJobError",
]

MIB = 1024 * 1024
_RETRY_AFTER = 10.0  # seconds; until a download ends, about


@dataclass(frozen=True)
class Shown:
    """The latest preview of a job; ``number`` counts from 1."""

    body: bytes
    media_type: str
    number: int


@dataclass(eq=False)
class _Work:
    """A job with all that belongs to it. ``wish`` is what its thread heeds between two steps."""

    record: JobRecord
    run: Run
    key: str | None
    niceness: int = 0
    lane: str = ""
    wish: Literal["run", "pause", "cancel"] = "run"
    thread: threading.Thread | None = None
    previews: int = 0

    @property
    def job(self) -> Job:
        """The job as it stands."""
        return self.record.job


class Jobs:
    """The jobs of one server. Safe to use from several threads.

    ``workers`` jobs run at a time; a paused one makes room for another. With ``max_queue``
    waiting, the next one gets Busy. ``lanes`` have places and a queue of their own, by the kind of
    their jobs or by a name. The last ``kept`` ended jobs are remembered. Progress goes into the log
    at most every ``interval`` seconds, and as often previews are rendered; the last ones of all
    jobs are kept in ``preview_bytes``. ``explain`` makes a problem (RFC 9457) of what a job raised,
    ``preview_address`` says where preview n of a job is to be had.
    """

    def __init__(
        self,
        workers: int = 2,
        max_queue: int = 32,
        *,
        kept: int = 100,
        interval: float = 0.1,
        preview_bytes: int = 64 * MIB,
        explain: Callable[[Exception], dict[str, Any]] | None = None,
        preview_address: Callable[[str, int], str] = "{}/preview/{}".format,
        lanes: Mapping[str, Lane] | None = None,
    ) -> None:
        self._kept = kept
        self._interval, self._explain = interval, explain or _plain_problem
        self._preview_address = preview_address
        self._previews = Shelf[str, Shown](preview_bytes, least=1)
        self._changed = threading.Condition()
        self._works: dict[str, _Work] = {}  # by id, oldest first
        self._lanes = Lanes[_Work](_lane, Lane(workers, max_queue), lanes or {})
        self._stopped = False

    def submit(
        self,
        kind: str,
        title: str,
        run: Run,
        *,
        model: str | None = None,
        key: str | None = None,
        niceness: int = 0,
        lane: str | None = None,
        paused: bool = False,
    ) -> Job:
        """Run a job as soon as there is room; in the ``lane`` of its kind, or in that one.

        One that is ``paused`` from the beginning runs when it is resumed.

        While a job with the same ``key`` is going on, that one is given instead. One with the
        key of a job that is just being cancelled waits for its end. ``niceness`` is that of its
        threads, 0…19: so much they let live drawing and quick answers go first (Linux only).
        Raises Busy.
        """
        with self._changed:
            same = self._find(key)
            if same is not None:
                return same.job
            if self._stopped or (self._lanes.full(lane or kind) and not paused):
                raise Busy(_RETRY_AFTER)
            job = new_job(kind, title, model)
            record = JobRecord(job, self._interval, self._changed)
            work = self._works[job.id] = _Work(record, run, key, niceness, lane=lane or kind)
            if paused:
                self._wish(work, "pause")
            else:
                self._lanes.wait(work)
                self._schedule()
            return work.job

    def ended(
        self, kind: str, title: str, result: dict[str, Any], *, model: str | None = None
    ) -> Job:
        """A job that has nothing to do: its result is there already."""
        with self._changed:
            job = new_job(kind, title, model)
            record = JobRecord(job, self._interval, self._changed)
            work = self._works[job.id] = _Work(record, nothing, None)
            self._end(work, "done", result=result)
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

    def preview(self, job_id: str) -> Shown | None:
        """The latest preview of a job, if it has one that is still kept. Raises UnknownJobError."""
        with self._changed:
            self._work(job_id)
            return self._previews.get(job_id)

    async def follow(self, job_id: str, after: int = 0) -> AsyncGenerator[tuple[Entry, Job]]:
        """The events of a job with a higher number than ``after``, then those to come.

        Each with the job as it was at that moment. Ends behind the final event, and when the
        server stops. Raises UnknownJobError.
        """
        with self._changed:
            work = self._work(job_id)
        async with contextlib.aclosing(work.record.log.follow(after)) as entries:
            async for entry in entries:
                yield entry, as_it_was(work.job, entry)

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
                work.record.log.close()

    def close(self, timeout: float = 5.0) -> None:
        """`stop`, and wait so many seconds for the threads to end."""
        self.stop()
        end = time.monotonic() + timeout
        for work in list(self._works.values()):
            if work.thread is not None:
                work.thread.join(max(0.0, end - time.monotonic()))

    # From here on: called with the lock held, but for what says otherwise.

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
            self._lanes.leave(work)
            if wish == "cancel":
                self._end(work, "cancelled")
            elif wish == "pause":
                self._enter(work, "paused")
            else:
                self._enter(work, "queued")
                self._lanes.wait(work)
        self._schedule()
        self._changed.notify_all()

    def _schedule(self) -> None:
        """Give free places to those who wait, in order."""
        for work in self._lanes.entering(self._must_wait_for_its_twin):
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
        be_nice(work.niceness)
        try:
            with contextlib.closing(work.run()) as steps:
                ended = self._walk(work, steps)
        except Exception as error:  # whatever it is, it is the job's end and not the server's
            problem = self._explain(error)
            with self._changed:
                self._end(work, "failed", error=problem)
        else:
            with self._changed:
                self._end(work, "done" if ended else "cancelled")

    def _walk(self, work: _Work, steps: Generator[JobEvent, None, None]) -> bool:
        """Without the lock. Whether the job came to its own end."""
        if not self._may_go_on(work):
            return False
        for event in steps:
            self._take(work, event)
            if not self._may_go_on(work):
                return False
        return True

    def _may_go_on(self, work: _Work) -> bool:
        """Without the lock. Wait while the job is paused; False when it is cancelled."""
        with self._changed:
            while work.wish != "cancel":
                if work.wish == "pause" and work.job.state != "paused":
                    self._lanes.leave(work)
                    self._enter(work, "paused")
                    self._schedule()
                elif work.wish == "run" and work.job.state == "paused":
                    self._enter(work, "queued")
                    self._lanes.wait(work)
                    self._schedule()
                elif work.wish == "run" and self._lanes.runs(work):
                    return True
                else:
                    self._changed.wait()
            return False

    def _take(self, work: _Work, event: JobEvent) -> None:
        """Without the lock."""
        if not isinstance(event, Preview):
            with self._changed:
                work.record.take(event)
            return
        body = work.record.render(event, self._interval)
        if body is not None:
            with self._changed:
                work.previews += 1
                shown = Shown(body, event.media_type, work.previews)
                self._previews.put(work.job.id, shown, len(body))
                work.record.preview(self._preview_address(work.job.id, work.previews))

    def _enter(self, work: _Work, state: State) -> None:
        work.record.change("progress", state=state)

    def _end(
        self, work: _Work, state: Literal["done", "failed", "cancelled"], **update: Any
    ) -> None:
        self._lanes.leave(work)
        work.record.change(state, state=state, **update)
        ended = [each.job.id for each in self._works.values() if each.job.state in FINAL]
        for job_id in ended[: max(0, len(ended) - self._kept)]:
            del self._works[job_id]
            self._previews.remove(job_id)
        self._schedule()
        self._changed.notify_all()


def _lane(work: _Work) -> str:
    return work.lane


def _plain_problem(error: Exception) -> dict[str, Any]:
    return {"type": "about:blank", "title": "Failed", "status": 500, "detail": str(error)}


def be_nice(niceness: int) -> None:
    """Lower the priority of this thread, and of those that it starts."""
    if niceness and sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
