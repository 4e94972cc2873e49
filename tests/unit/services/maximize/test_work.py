"""Maximizations as jobs: with a stand-in for the engine that steps when it is told to."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from app.schemas import Job, MaximizationRequest
from app.services.batching import Busy
from app.services.catalog import Catalog, Loaded
from app.services.jobs import Jobs
from app.services.maximize import compute
from app.services.maximize.measure import Measured
from app.services.maximize.reach import Reach, ratio
from app.services.maximize.request import Resolved, resolve
from app.services.maximize.run import Outcome, Progress
from app.services.maximize.stamp import facts
from app.services.maximize.store import Results
from app.services.maximize.work import Maximizations
from app.services.tops.record import Record
from app.services.tops.tops import Found, NotScannedError
from models import weights

WITHIN = 20.0
STEPS = 3


class Engine:
    """Stands in for `maximize`: pictures are grey, as bright as their numbers."""

    def __init__(self) -> None:
        self.batches: list[range] = []
        self.inside, self.may = threading.Semaphore(0), threading.Semaphore(10_000)
        self.fails = False

    def hold(self) -> None:
        """From now on each step waits to be allowed."""
        self.may = threading.Semaphore(0)

    def maximize(
        self, loaded: Loaded, objective: Any, recipe: Any, count: int, *_: Any, first: int = 0
    ) -> Generator[Progress, None, Outcome]:
        self.batches.append(range(first, first + count))
        numbers = np.arange(first, first + count, dtype=np.uint8)
        pictures = np.broadcast_to(numbers[:, None, None], (count, 8, 8)).copy()
        for step in range(1, STEPS + 1):
            self.inside.release()
            assert self.may.acquire(timeout=WITHIN)
            if self.fails:
                raise ValueError("No picture today.")
            scores = torch.full((count,), float(step))
            yield Progress(step, STEPS, [False] * count, scores, lambda: pictures)
        return Outcome(
            pictures=pictures,
            masks=pictures,
            scores=[0.0] * count,
            silent=[number == 2 for number in range(first, first + count)],
            steps=STEPS,
            curve=[(step, [float(step)] * count) for step in range(1, STEPS + 1)],
            precision="float32",
            device="cpu",
        )

    @staticmethod
    def measure(loaded: Loaded, pictures: Any, objective: Any, top: int = 5) -> Measured:
        best = {"class": 7, "label": "7", "probability": 0.5, "logit": 1.0}
        prediction = {"top": [best], "unsure": False, "reason": None}
        return Measured([10.0 + p[0, 0] for p in pictures], [prediction] * len(pictures))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine()
    monkeypatch.setattr(compute, "maximize", engine.maximize)
    monkeypatch.setattr(compute, "measure", engine.measure)
    return engine


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Catalog("cpu", weights.Store(tmp_path_factory.mktemp("weights"))).get("digitnet")


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    jobs = Jobs(workers=1, max_queue=1, interval=0)
    yield jobs
    jobs.close(WITHIN)


def unscanned(loaded: Loaded, layer: str) -> Found:
    raise NotScannedError(loaded.spec.id, layer, [], None)


@pytest.fixture
def maximizations(jobs: Jobs, tmp_path: Path) -> Maximizations:
    results = Results(tmp_path, 10**9)
    return Maximizations(jobs, results, Reach(unscanned), "/results/{}".format)


def ask(loaded: Loaded, **request: Any) -> Resolved:
    body = {"layer": "relu3", "channel": [0, 1, 2, 3], "batch": 2, "steps": STEPS} | request
    return resolve(MaximizationRequest.model_validate(body), loaded)


def followed(jobs: Jobs, job: Job) -> list[tuple[str, Job]]:
    async def main() -> list[tuple[str, Job]]:
        async with asyncio.timeout(WITHIN):
            return [(entry.name, then) async for entry, then in jobs.follow(job.id)]

    return asyncio.run(main())


def ended(jobs: Jobs, job: Job) -> Job:
    return followed(jobs, job)[-1][1]


def test_batch_after_batch(
    maximizations: Maximizations, jobs: Jobs, engine: Engine, digits: Loaded
) -> None:
    resolved = ask(digits)
    job = maximizations.submit(digits, resolved)
    seen = followed(jobs, job)
    last = seen[-1][1]
    assert (last.state, last.kind, last.model) == ("done", "maximization", "digitnet")
    assert last.title == "DigitNet: conv3 · 0 and 3 more"
    assert last.result == {"maximization": f"/results/{resolved.id}", "pictures": 4}
    assert engine.batches == [range(2), range(2, 4)]
    steps = [(then.progress.done, then.progress.total) for _, then in seen]
    assert steps == sorted(steps, key=lambda step: step[0])
    assert steps[-1] == (2 * STEPS, 2 * STEPS)
    assert last.progress.message == "4 of 4 pictures"
    assert last.metrics == {"score.0": float(STEPS), "score.1": float(STEPS)}
    preview = jobs.preview(job.id)
    assert preview is not None
    with Image.open(io.BytesIO(preview.body)) as image:
        assert image.size == (16, 8)

    standing = maximizations.standing(resolved.id)
    assert standing is not None
    record = standing.record
    assert (standing.state, record.job, record.device) == ("done", job.id, "cpu")
    assert [p.state for p in record.pictures] == ["done", "done", "silent", "done"]
    assert [p.score for p in record.pictures] == [10.0, 11.0, 12.0, 13.0]
    assert record.pictures[0].prediction is not None
    assert record.curve == [(step, [float(step)] * 2) for step in range(1, STEPS + 1)]
    files = maximizations.results.picture(record, 3)
    assert files is not None
    about = facts(files.png)
    assert about["unit"] == {"layer": "relu3", "channel": 3}
    assert (about["score"], about["seed"], about["objective"]) == (13.0, 0, "activation")
    assert about["weights"]["sha256"] == digits.card.sha256
    assert "Borowski" in about["caveat"]


def test_the_same_request_is_computed_once(
    maximizations: Maximizations, jobs: Jobs, engine: Engine, digits: Loaded
) -> None:
    engine.hold()
    first = maximizations.submit(digits, ask(digits))
    assert maximizations.submit(digits, ask(digits)).id == first.id
    engine.may.release(100)
    ended(jobs, first)
    again = maximizations.submit(digits, ask(digits))
    assert (again.id, again.state) == (first.id, "done")
    assert engine.batches == [range(2), range(2, 4)]


def test_a_kept_answer_has_a_job_that_has_ended_even_where_none_may_wait(
    maximizations: Maximizations, jobs: Jobs, engine: Engine, digits: Loaded
) -> None:
    ended(jobs, maximizations.submit(digits, ask(digits)))
    later = Jobs(workers=1, max_queue=0)
    again = Maximizations(later, maximizations.results, Reach(unscanned))
    job = again.submit(digits, ask(digits))
    assert (job.state, job.result) == ("done", {"maximization": ask(digits).id, "pictures": 4})
    assert again.submit(digits, ask(digits)).id == job.id
    with pytest.raises(Busy):
        again.submit(digits, ask(digits, seed=1))
    assert again.standing(ask(digits, seed=1).id) is None


def test_what_was_finished_before_a_cancellation_stays(
    maximizations: Maximizations, jobs: Jobs, engine: Engine, digits: Loaded
) -> None:
    engine.hold()
    resolved = ask(digits)
    job = maximizations.submit(digits, resolved)
    waiting = maximizations.submit(digits, ask(digits, seed=1))
    engine.may.release(STEPS)
    for _ in range(STEPS + 1):
        assert engine.inside.acquire(timeout=WITHIN)
    standing = maximizations.standing(resolved.id)
    assert standing is not None
    assert (standing.state, standing.running) == ("running", range(2, 4))
    assert [p.state for p in standing.record.pictures] == ["done", "done", "waiting", "waiting"]
    queued = maximizations.standing(ask(digits, seed=1).id)
    assert queued is not None
    assert queued.state == "waiting"
    jobs.cancel(waiting.id)
    jobs.cancel(job.id)
    engine.may.release(100)
    assert ended(jobs, job).state == "cancelled"
    left = maximizations.standing(resolved.id)
    assert left is not None
    assert (left.state, left.running) == ("cancelled", range(0))
    engine.batches.clear()
    assert ended(jobs, maximizations.submit(digits, resolved)).state == "done"
    assert engine.batches == [range(2, 4)]


def test_a_failure_is_told_and_can_be_tried_again(
    maximizations: Maximizations, jobs: Jobs, engine: Engine, digits: Loaded
) -> None:
    engine.fails = True
    resolved = ask(digits)
    failed = ended(jobs, maximizations.submit(digits, resolved))
    assert (failed.error or {})["detail"] == "No picture today."
    standing = maximizations.standing(resolved.id)
    assert standing is not None
    assert standing.state == "failed"
    engine.fails = False
    assert ended(jobs, maximizations.submit(digits, resolved)).state == "done"


def test_a_lost_picture_is_computed_again(
    maximizations: Maximizations, jobs: Jobs, engine: Engine, digits: Loaded
) -> None:
    resolved = ask(digits)
    ended(jobs, maximizations.submit(digits, resolved))
    (maximizations.results.folder / resolved.id / "1.png").unlink()
    engine.batches.clear()
    assert ended(jobs, maximizations.submit(digits, resolved)).state == "done"
    assert engine.batches == [range(2)]


def test_what_real_pictures_reach_is_added(
    jobs: Jobs, engine: Engine, digits: Loaded, tmp_path: Path
) -> None:
    scanned = Record.empty([32, 14, 14])
    scanned.used = 40
    scanned.largest[:], scanned.largest_mean[:] = 8.0, 5.0
    scanned.largest_mean[1] = -1.0
    reach = Reach(lambda loaded, layer: Found("mnist-test", layer, scanned))
    maximizations = Maximizations(jobs, Results(tmp_path, 10**9), reach)
    resolved = ask(digits)
    ended(jobs, maximizations.submit(digits, resolved))
    record = maximizations.results.get(resolved.id)
    assert record is not None
    references = [picture.reference for picture in record.pictures]
    assert all(each is not None and each.pictures == 40 for each in references)
    assert [ratio(picture) for picture in record.pictures] == [2.0, None, 2.4, 2.6]
    place = ask(digits, channel=None, neuron=[0, 1, 1])
    ended(jobs, maximizations.submit(digits, place))
    one = maximizations.results.get(place.id)
    assert one is not None
    assert ratio(one.pictures[0]) == 10 / 8


def test_long_curves_are_thinned() -> None:
    curve = [(step, [step / 3]) for step in range(1, 4097)]
    kept = compute._thinned(curve)
    assert len(kept) == 512
    assert kept[-1] == (4096, [1365.33])
    assert compute._thinned(curve[:10]) == [
        (step, [float(f"{step / 3:.6g}")]) for step in range(1, 11)
    ]
