"""The computation of a request: batch by batch, each measured, stamped and written to the disk."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial

import torch

from app.schemas import JobProgress
from app.services.catalog import Loaded
from app.services.jobs.events import JobEvent, Metrics, Preview
from app.services.maximize.measure import measure
from app.services.maximize.reach import Reach, ratio
from app.services.maximize.request import Resolved
from app.services.maximize.run import Outcome, Progress, maximize
from app.services.maximize.stamp import CAVEAT, grid_png, mask_png, stamped
from app.services.maximize.store import Files, Kept, Record, Results

_SHOWN = 16  # pictures whose scores a job tells of while it runs
_NEWS = 0.05  # seconds between two such messages
_CURVE = 512  # points that are kept of a curve
_TOP = 5  # classes

Steps = Generator[JobEvent, None, None]


@dataclass
class Computation:
    """The computation of one request; ``record`` is how far it is."""

    loaded: Loaded
    resolved: Resolved
    record: Record
    results: Results
    reach: Reach
    seconds: float = 0.0
    told: float = field(default=float("-inf"))  # when scores were told

    def run(self, begins: Callable[[range], object]) -> Steps:
        """Batch after batch; ``begins`` is told which pictures come next."""
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
