"""The threads on which jobs run, step by step."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Generator, Mapping
from typing import Any, Literal

from app.services.jobs.events import JobEvent, Preview, Result
from app.services.jobs.lanes import Lane, Lanes
from app.services.jobs.log import State
from app.services.jobs.work import Shown, Wish, Work, Works
from app.services.shelf import Shelf


class Runner:
    """Gives jobs their places, walks through their steps, and heeds what is wished of them.

    ``changed`` is the lock of all jobs; it tells of every change. Its other arguments are those
    of `Jobs`.
    """

    def __init__(
        self,
        works: Works,
        changed: threading.Condition,
        lanes: tuple[Lane, Mapping[str, Lane]],
        *,
        interval: float,
        preview_bytes: int,
        explain: Callable[[Exception], dict[str, Any]],
        preview_address: Callable[[str, int], str],
    ) -> None:
        self._works, self._changed = works, changed
        self._lanes = Lanes[Work](_lane, *lanes)
        self._previews = Shelf[str, Shown](preview_bytes, least=1)
        self._interval, self._explain = interval, explain
        self._preview_address = preview_address

    # Called with the lock held.

    def is_full(self, lane: str) -> bool:
        """Whether no more jobs may wait there."""
        return self._lanes.full(lane)

    def preview(self, job_id: str) -> Shown | None:
        """The latest preview of a job, if it has one that is still kept."""
        return self._previews.get(job_id)

    def begin(self, work: Work) -> None:
        """Let a new job run as soon as there is room."""
        self._lanes.wait(work)
        self._schedule()

    def wish(self, work: Work, wish: Wish) -> None:
        """Note what shall happen; a job without a thread gets there at once."""
        work.wish = wish
        if work.thread is None:
            self._lanes.leave(work)
            if wish == "cancel":
                self.end(work, "cancelled")
            elif wish == "pause":
                _enter(work, "paused")
            else:
                _enter(work, "queued")
                self._lanes.wait(work)
        self._schedule()
        self._changed.notify_all()

    def end(self, work: Work, state: Literal["done", "failed", "cancelled"], **update: Any) -> None:
        """The job has come to its end."""
        self._lanes.leave(work)
        work.record.change(state, state=state, **update)
        for job_id in self._works.forget():
            self._previews.remove(job_id)
        self._schedule()
        self._changed.notify_all()

    def _schedule(self) -> None:
        """Give free places to those who wait, in order."""
        for work in self._lanes.entering(self._works.must_wait):
            _enter(work, "running")
            if work.thread is None:
                work.thread = threading.Thread(
                    target=self._run, args=(work,), name=f"job-{work.job.kind}", daemon=True
                )
                work.thread.start()

    # On the thread of a job, without the lock.

    def _run(self, work: Work) -> None:
        be_nice(work.niceness)
        try:
            with contextlib.closing(work.run()) as steps:
                ended = self._walk(work, steps)
        except Exception as error:  # whatever it is, it is the job's end and not the server's
            problem = self._explain(error)
            with self._changed:
                self.end(work, "failed", error=problem)
        else:
            with self._changed:
                self.end(work, "done" if ended else "cancelled")

    def _walk(self, work: Work, steps: Generator[JobEvent, None, None]) -> bool:
        """Whether the job came to its own end; behind its result it cannot be stopped."""
        if not self._may_go_on(work):
            return False
        for event in steps:
            self._take(work, event)
            if not isinstance(event, Result) and not self._may_go_on(work):
                return False
        return True

    def _may_go_on(self, work: Work) -> bool:
        """Wait while the job is paused; False when it is cancelled."""
        with self._changed:
            while work.wish != "cancel":
                if work.wish == "pause" and work.job.state != "paused":
                    self._lanes.leave(work)
                    _enter(work, "paused")
                    self._schedule()
                elif work.wish == "run" and work.job.state == "paused":
                    _enter(work, "queued")
                    self._lanes.wait(work)
                    self._schedule()
                elif work.wish == "run" and self._lanes.runs(work):
                    return True
                else:
                    self._changed.wait()
            return False

    def _take(self, work: Work, event: JobEvent) -> None:
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


def be_nice(niceness: int) -> None:
    """Lower the priority of this thread, and of those that it starts."""
    if niceness and sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


def _enter(work: Work, state: State) -> None:
    work.record.change("progress", state=state)


def _lane(work: Work) -> str:
    return work.lane
