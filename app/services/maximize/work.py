"""Maximizations as jobs: pictures are kept as they are finished, and none is computed twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

from app.schemas import Job, WeightsRef
from app.services.catalog import Loaded
from app.services.jobs import Jobs, UnknownJobError
from app.services.jobs.events import JobEvent, Result
from app.services.jobs.log import FINAL
from app.services.maximize.compute import Computation
from app.services.maximize.reach import Reach
from app.services.maximize.request import Resolved
from app.services.maximize.store import Kept, Record, Results

_NICENESS = 3

Steps = Generator[JobEvent, None, None]


@dataclass(frozen=True)
class Standing:
    """A record with what goes on: the job, and the numbers of the pictures in the making."""

    record: Record
    job: Job | None
    running: range

    @property
    def state(self) -> Literal["waiting", "running", "done", "cancelled", "failed"]:
        """In one word. Work that nobody does and that did not fail was cancelled."""
        if self.record.finished:
            return "done"
        if self.job is not None and not is_over(self.job):
            return "waiting" if self.job.state == "queued" else "running"
        return "failed" if self.record.failed else "cancelled"


class Maximizations:
    """Computes what is asked for, once, and remembers it.

    ``address`` says where a result is to be had, for the job's result.
    """

    def __init__(
        self, jobs: Jobs, results: Results, reach: Reach, address: Callable[[str], str] = str
    ) -> None:
        self.results, self.reach = results, reach
        self._jobs, self._address = jobs, address
        self._running: dict[str, range] = {}
        self._submitting = threading.Lock()

    def submit(self, loaded: Loaded, resolved: Resolved) -> Job:
        """The job of a request: one that has ended where all its pictures are kept.

        While the same request is being computed, it is that job. Pictures that an earlier one
        has finished stay. Raises Busy, and DiskError.
        """
        with self._submitting:
            going_on = self._jobs.find(_key(resolved.id))
            if going_on is not None:
                return going_on
            record = self.results.get(resolved.id)
            if record is not None and record.finished:
                return self._kept_job(loaded, resolved, record)
            fresh = record is None
            record = (record or _record(loaded, resolved)).model_copy(update={"failed": False})
            self.results.put(record)
            try:
                job = self._new_job(loaded, resolved, record)
            except Exception:
                if fresh:
                    self.results.remove(record.id)
                raise
            return job

    def standing(self, result_id: str) -> Standing | None:
        """How things stand with a result; None where there is none."""
        job = self._jobs.find(_key(result_id))
        record = self.results.get(result_id)
        if record is None:
            return None
        running = self._running.get(result_id, range(0)) if job is not None else range(0)
        return Standing(record, job or self._job_of(record), running)

    def _job_of(self, record: Record) -> Job | None:
        try:
            return None if record.job is None else self._jobs.get(record.job)
        except UnknownJobError:
            return None

    def _kept_job(self, loaded: Loaded, resolved: Resolved, record: Record) -> Job:
        job = self._job_of(record)
        if job is not None and job.state == "done":
            return job
        result = self._result(resolved)
        job = self._jobs.ended(
            "maximization", _title(loaded, resolved), result, model=loaded.spec.id
        )
        self.results.put(record.model_copy(update={"job": job.id}))
        return job

    def _new_job(self, loaded: Loaded, resolved: Resolved, record: Record) -> Job:
        work = Computation(loaded, resolved, record, self.results, self.reach)
        ready = threading.Event()  # the record knows its job before the first picture is kept

        def run() -> Steps:
            ready.wait()
            try:
                yield from work.run(partial(self._running.__setitem__, resolved.id))
                yield Result(self._result(resolved))
            finally:
                self._running.pop(resolved.id, None)

        job = self._jobs.submit(
            "maximization",
            _title(loaded, resolved),
            run,
            model=loaded.spec.id,
            key=_key(resolved.id),
            niceness=_NICENESS,
        )
        try:
            work.record = record.model_copy(update={"job": job.id})
            self.results.put(work.record)
        finally:
            ready.set()
        return job

    def _result(self, resolved: Resolved) -> dict[str, Any]:
        address = self._address(resolved.id)
        return {"maximization": address, "pictures": len(resolved.targets)}


def is_over(job: Job | None) -> bool:
    """Whether nothing goes on."""
    return job is None or job.state in FINAL


def _key(result_id: str) -> str:
    return f"maximization {result_id}"


def _title(loaded: Loaded, resolved: Resolved) -> str:
    first, *others = resolved.targets
    more = f" and {len(others)} more" if others else ""
    return f"{loaded.spec.title}: {first.title}{more}"


def _record(loaded: Loaded, resolved: Resolved) -> Record:
    """Before anything is computed."""
    pictures = []
    for target in resolved.targets:
        unit = target.unit
        y, x = (unit.place if unit is not None else None) or (None, None)
        about = {
            "title": target.title,
            "layer": target.layer,
            "channel": unit and unit.channel,
            "y": y,
            "x": x,
            "class": unit and unit.class_,
            "measure": target.measure,
        }
        pictures.append(Kept.model_validate(about))
    return Record(
        id=resolved.id,
        model=loaded.spec.id,
        weights=WeightsRef(source=loaded.source, sha256=loaded.card.sha256),
        request=resolved.request,
        created=datetime.now(UTC),
        spectrum=resolved.spectrum.source if resolved.spectrum is not None else None,
        pictures=pictures,
    )
