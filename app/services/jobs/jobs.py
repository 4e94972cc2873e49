"""The jobs of a server: submitted, followed, paused, cancelled, remembered."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any, Literal

from app.schemas import Job
from app.services.batching import Busy
from app.services.jobs.errors import JobStateError
from app.services.jobs.events import Run
from app.services.jobs.lanes import Lane
from app.services.jobs.log import Entry
from app.services.jobs.record import JobRecord, as_it_was, new_job, nothing
from app.services.jobs.runner import Runner
from app.services.jobs.work import Shown, Work, Works

MIB = 1024 * 1024
_RETRY_AFTER = 10.0  # seconds; until a download ends, about


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
        self._interval = interval
        self._changed = threading.Condition()
        self._works = Works(kept)
        self._runner = Runner(
            self._works,
            self._changed,
            (Lane(workers, max_queue), lanes or {}),
            interval=interval,
            preview_bytes=preview_bytes,
            explain=explain or _plain_problem,
            preview_address=preview_address,
        )
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
            same = self._works.find(key)
            if same is not None:
                return same.job
            self.require_room(lane or kind, paused=paused)
            job = new_job(kind, title, model)
            record = JobRecord(job, self._interval, self._changed)
            work = self._works.add(Work(record, run, key, niceness, lane=lane or kind))
            if paused:
                self._runner.wish(work, "pause")
            else:
                self._runner.begin(work)
            return work.job

    def require_room(self, lane: str, *, paused: bool = False) -> None:
        """Raise Busy where `submit` would: no more jobs may wait in that lane."""
        with self._changed:
            if self._stopped or (self._runner.is_full(lane) and not paused):
                raise Busy(_RETRY_AFTER)

    def ended(
        self, kind: str, title: str, result: dict[str, Any], *, model: str | None = None
    ) -> Job:
        """A job that has nothing to do: its result is there already."""
        with self._changed:
            job = new_job(kind, title, model)
            record = JobRecord(job, self._interval, self._changed)
            work = self._works.add(Work(record, nothing, None))
            self._runner.end(work, "done", result=result)
            return work.job

    def listing(self) -> list[Job]:
        """All jobs that are remembered, the newest first."""
        with self._changed:
            return [work.job for work in reversed(list(self._works))]

    def get(self, job_id: str) -> Job:
        """A job as it is now. Raises UnknownJobError."""
        with self._changed:
            return self._works.get(job_id).job

    def find(self, key: str) -> Job | None:
        """The job with this key that is going on, if any."""
        with self._changed:
            work = self._works.find(key)
            return None if work is None else work.job

    def preview(self, job_id: str) -> Shown | None:
        """The latest preview of a job, if it has one that is still kept. Raises UnknownJobError."""
        with self._changed:
            self._works.get(job_id)
            return self._runner.preview(job_id)

    async def follow(self, job_id: str, after: int = 0) -> AsyncGenerator[tuple[Entry, Job]]:
        """The events of a job with a higher number than ``after``, then those to come.

        Each with the job as it was at that moment. Ends behind the final event, and when the
        server stops. Raises UnknownJobError.
        """
        with self._changed:
            work = self._works.get(job_id)
        async with contextlib.aclosing(work.record.log.follow(after)) as entries:
            async for entry in entries:
                yield entry, as_it_was(work.job, entry)

    def cancel(self, job_id: str) -> Job:
        """Stop a job: at once, or when its present step ends. Nothing happens to an ended one.

        Raises UnknownJobError.
        """
        with self._changed:
            work = self._works.get(job_id)
            if not work.has_ended:
                self._runner.wish(work, "cancel")
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
            for work in self._works:
                if not work.has_ended:
                    self._runner.wish(work, "cancel")
                work.record.log.close()

    def close(self, timeout: float = 5.0) -> None:
        """`stop`, and wait so many seconds for the threads to end."""
        self.stop()
        end = time.monotonic() + timeout
        for work in self._works:
            if work.thread is not None:
                work.thread.join(max(0.0, end - time.monotonic()))

    def _switch(self, job_id: str, wish: Literal["run", "pause"]) -> Job:
        with self._changed:
            work = self._works.get(job_id)
            if work.has_ended or work.wish == "cancel":
                raise JobStateError(work.job, "it cannot be paused or go on any more.")
            if work.wish != wish:
                self._runner.wish(work, wish)
            return work.job


def _plain_problem(error: Exception) -> dict[str, Any]:
    return {"type": "about:blank", "title": "Failed", "status": 500, "detail": str(error)}
