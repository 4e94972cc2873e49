"""The jobs that do trainings: begun, held, let go on, and brought back after a restart."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from typing import Literal

from app.schemas import Job
from app.services.batching import Busy
from app.services.jobs import Jobs
from app.services.jobs.errors import JobStateError, UnknownJobError
from app.services.jobs.events import JobEvent
from app.services.jobs.log import FINAL
from app.services.trainings.messages import Beginning, Order
from app.services.trainings.record import OPEN, Record, State
from app.services.trainings.run import Run
from app.services.trainings.store import TrainingDiskError

KIND = "training"
POINTS_LANE = "points"  # they are light, and somebody looks on: they do not wait for the others
Shown = State | Literal["interrupted"]
_ATTEMPTS = 3  # resumptions by the server itself without a new checkpoint


class TrainingJobs:
    """Safe to use from several threads, one at a time for each training.

    ``order`` says what a process is to do, ``begun`` is called when it is on its way; both on the
    job's own thread.
    """

    def __init__(
        self, jobs: Jobs, order: Callable[[Run], Order], begun: Callable[[Run], None]
    ) -> None:
        self._jobs, self._order, self._begun = jobs, order, begun
        self._stopping = False

    def stop(self) -> None:
        """The server ends: trainings are to go on with the next one."""
        self._stopping = True

    def get(self, run: Run) -> Job | None:
        """The job that does it, or did it in this run of the server."""
        try:
            return None if run.record.job is None else self._jobs.get(run.record.job)
        except UnknownJobError:
            return None

    def state(self, run: Run) -> Shown:
        """The job's state while there is one; what no job does any more was interrupted."""
        job = self.get(run)
        if job is not None and job.state not in FINAL:
            return job.state
        return "interrupted" if run.record.state in OPEN else run.record.state

    def require_room(self, record: Record) -> None:
        """Raise Busy where too many wait for it to begin."""
        self._jobs.require_room(_lane(record))

    def begin(self, run: Run, begin: Beginning, *, paused: bool = False) -> Job:
        """A new job for it; one that is ``paused`` has no process until it is released.

        Raises Busy, TrainingDiskError.
        """
        run.begin = begin
        ready = threading.Event()  # the record knows its job before anything is written

        def work() -> Generator[JobEvent, None, None]:
            ready.wait()
            steps = run.work(self._order, lambda: self._stopping, self._begun)
            next(steps)  # closed before its first step, a generator would not know of its end
            return steps

        job = self._jobs.submit(
            KIND,
            run.record.title,
            work,
            model=run.record.model,
            key=f"training {run.record.id}",
            lane=_lane(run.record),
            paused=paused,
        )
        try:
            run.change(job=job.id, state="paused" if paused else "queued")
        finally:
            ready.set()
        return job

    def bring_back(self, run: Run) -> None:
        """After a restart: what ran goes on, what paused stays paused."""
        record = run.record
        if record.state not in OPEN or record.attempts >= _ATTEMPTS:
            return  # it has ended, or it may be what ended the server
        begun = bool(record.checkpoints)
        begin: Beginning = "pause" if record.hold and not begun else "run"
        try:
            self.begin(run, begin, paused=record.hold and begun)
            if not (record.hold and begun):
                run.change(attempts=record.attempts + 1)
        except (Busy, TrainingDiskError):  # too many wait, or the disk is full: not now
            return

    def cancel(self, run: Run) -> None:
        """End it where it is."""
        if run.record.job is None or self.state(run) not in OPEN:
            return
        if self._jobs.cancel(run.record.job).state == "cancelled":  # it had no process
            run.change(state="cancelled")

    def release(self, run: Run, begin: Beginning) -> None:
        """Let it go on, to the end or for one step or epoch."""
        job = self.get(run)
        run.release(begin)
        if job is not None:
            self._jobs.resume(job.id)
        run.change(state="running", hold=begin != "run")

    def pause(self, run: Run) -> None:
        """Let it wait."""
        job = self.get(run)
        run.hold()
        if job is not None:
            self._jobs.pause(job.id)
        run.change(state="paused", hold=True)

    def has_paused(self, run: Run) -> None:
        """Its process has paused by itself; on the job's thread."""
        try:
            if run.record.job is not None:
                self._jobs.pause(run.record.job)
        except JobStateError:  # somebody cancels it at this moment
            return
        run.change(state="paused", hold=True)


def _lane(record: Record) -> str:
    return POINTS_LANE if record.request["dataset"]["id"] == "points" else KIND
