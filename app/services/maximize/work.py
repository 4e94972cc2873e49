"""Maximizations as jobs: pictures are kept as they are finished, and none is computed twice."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

import torch

from app.schemas import Job, JobProgress, WeightsRef
from app.services.catalog import Loaded
from app.services.job_events import JobEvent, Metrics, Preview, Result
from app.services.job_log import FINAL
from app.services.jobs import Jobs, UnknownJobError
from app.services.maximize.measure import measure
from app.services.maximize.reach import Reach, ratio
from app.services.maximize.request import Resolved
from app.services.maximize.run import Outcome, Progress, maximize
from app.services.maximize.stamp import CAVEAT, grid_png, mask_png, stamped
from app.services.maximize.store import Files, Kept, Record, Results

_SHOWN = 16  # pictures whose scores a job tells of while it runs
_NEWS = 0.05  # seconds between two such messages
_CURVE = 512  # points that are kept of a curve
_NICE = 4  # live drawing and answers come first; on a busy machine we still get on
_TOP = 5  # classes

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
        work = _Work(loaded, resolved, record, self.results, self.reach)
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
        pictures=pictures,
    )


@dataclass
class _Work:
    """The computation of one request."""

    loaded: Loaded
    resolved: Resolved
    record: Record
    results: Results
    reach: Reach
    seconds: float = 0.0
    told: float = field(default=float("-inf"))  # when scores were told

    def run(self, begins: Callable[[range], object]) -> Steps:
        """Batch after batch; ``begins`` is told which pictures come next."""
        _yield_to_others()
        steps = self.resolved.recipe.steps
        batches = self.resolved.batches()
        try:
            for number, batch in enumerate(batches):
                if all(self.record.pictures[i].state != "waiting" for i in batch):
                    continue
                begins(batch)
                yield from self._batch(batch, number * steps, len(batches) * steps)
        except Exception:
            self.record = self.record.model_copy(update={"failed": True})
            with suppress(Exception):  # what went wrong first is what counts
                self.results.put(self.record)
            raise

    def _batch(self, batch: range, done: int, total: int) -> Steps:
        message = self._message()
        spectrum = self.resolved.spectrum
        objective = self.resolved.objective(batch.start, len(batch))
        begin = time.perf_counter()
        steps = maximize(
            self.loaded, objective, self.resolved.recipe, len(batch), spectrum, first=batch.start
        )
        with closing(steps):
            while True:
                try:
                    progress = next(steps)
                except StopIteration as end:
                    outcome: Outcome = end.value
                    break
                finally:
                    self.seconds += time.perf_counter() - begin
                yield JobProgress(
                    done=done + progress.step, total=total, unit="steps", message=message
                )
                yield from self._news(progress)
                begin = time.perf_counter()
        begin = time.perf_counter()
        self._keep(batch, outcome, begin)
        yield JobProgress(
            done=done + self.resolved.recipe.steps,
            total=total,
            unit="steps",
            message=self._message(),
        )
        yield Metrics(_scores(outcome.curve[-1][1] if outcome.curve else outcome.scores))
        yield Preview(partial(grid_png, outcome.pictures), last=True)

    def _news(self, progress: Progress) -> Steps:
        """Scores and pictures, not too often."""
        now = time.perf_counter()
        if now - self.told >= _NEWS or progress.step == progress.steps:
            self.told = now
            yield Metrics(_scores(progress.scores))
        yield Preview(lambda: grid_png(progress.pictures()))

    def _message(self) -> str:
        count = len(self.record.pictures)
        there = sum(picture.state != "waiting" for picture in self.record.pictures)
        return f"{there} of {count} pictures" if count > 1 else ""

    def _keep(self, batch: range, outcome: Outcome, begin: float) -> None:
        """Measure a batch and write it to the disk."""
        measured = measure(
            self.loaded,
            outcome.pictures,
            self.resolved.measured(batch.start, len(batch)),
            _TOP,
        )
        pictures = list(self.record.pictures)
        for place, number in enumerate(batch):
            prediction = measured.predictions[place] if measured.predictions else None
            state = {
                "state": "silent" if outcome.silent[place] else "done",
                "score": measured.scores[place],
                "prediction": prediction,
                "steps": outcome.steps,
            }
            whole = pictures[number].model_dump() | state
            pictures[number] = Kept.model_validate(whole)
        pictures = self.reach.filled(self.loaded, pictures)
        self.seconds += time.perf_counter() - begin
        self.record = self.record.model_copy(
            update={
                "device": outcome.device,
                "precision": outcome.precision,
                "seconds": self.record.seconds + self.seconds,
                "curve": _thinned(outcome.curve),
                "pictures": pictures,
            }
        )
        self.seconds = 0.0
        self._write(batch, outcome)

    def _write(self, batch: range, outcome: Outcome) -> None:
        pictures = list(self.record.pictures)
        files: dict[int, Files] = {}
        for place, number in enumerate(batch):
            png = self._stamped(outcome, place, pictures[number])
            files[number] = Files(png, mask_png(outcome.masks[place]))
            digest = {"digest": files[number].digest}
            pictures[number] = pictures[number].model_copy(update=digest)
        self.record = self.record.model_copy(update={"pictures": pictures})
        self.results.add(self.record, files)

    def _stamped(self, outcome: Outcome, place: int, picture: Kept) -> bytes:
        spec, request = self.loaded.spec, self.resolved.request
        title = f"{spec.title}: {picture.title}"
        about = f"A picture made to drive {picture.title} of {spec.title}. {CAVEAT}"
        facts = {
            "id": self.record.id,
            "model": spec.id,
            "weights": self.record.weights.model_dump(),
            "unit": picture.model_dump(
                by_alias=True, include={"layer", "channel", "y", "x", "class_"}, exclude_none=True
            ),
            "title": picture.title,
            **{key: request[key] for key in _FACTS if key in request},
            "steps_taken": outcome.steps,
            "state": picture.state,
            "score": picture.score,
            "measure": picture.measure,
            "reference": picture.reference and picture.reference.model_dump(),
            "ratio": ratio(picture),
            "precision": outcome.precision,
            "device": outcome.device,
            "torch": torch.__version__,
            "spectrum": self.resolved.spectrum and self.resolved.spectrum.source,
            "caveat": CAVEAT,
        }
        return stamped(outcome.pictures[place], title, about, facts)


_FACTS = ("objective", "method", "steps", "size", "seed", "transforms", "picture", "count")


def _scores(scores: list[float]) -> dict[str, float]:
    return {f"score.{i}": score for i, score in enumerate(scores[:_SHOWN])}


def _thinned(curve: list[tuple[int, list[float]]]) -> list[tuple[int, list[float]]]:
    """An even sample with the last point, each number with 6 digits."""
    stride = -(-len(curve) // _CURVE)
    kept = curve[::-1][::stride][::-1] if stride > 1 else curve
    return [(step, [float(f"{score:.6g}") for score in scores]) for step, scores in kept]


def _yield_to_others() -> None:
    """Let the other threads of this process go first, where the system can do that (Linux)."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
