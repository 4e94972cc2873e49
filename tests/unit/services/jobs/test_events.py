"""What a job tells: its events in order, again from any number, and its end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from app.schemas import JobProgress
from app.services.jobs import Jobs, Message, Metrics, Result, UnknownJobError
from app.services.jobs.log import FINAL
from tests.unit.services.jobs.conftest import WITHIN, Stepper, Steps, ended, events, steps


def test_a_job_goes_from_queued_to_done(jobs: Jobs) -> None:
    run = steps(
        JobProgress(done=1, total=2, message="half"),
        Metrics({"loss": 0.5}),
        Metrics({"accuracy": 0.9}),
        Message("nearly"),
        Result({"answer": 42}),
    )
    job = jobs.submit("scan", "A scan", run, model="vgg16")
    assert (job.kind, job.title, job.model) == ("scan", "A scan", "vgg16")
    seen = events(jobs, job)
    assert [(name, then.state, then.progress.message, then.metrics) for name, then in seen] == [
        ("progress", "queued", "", {}),
        ("progress", "running", "", {}),
        ("progress", "running", "half", {}),
        ("metrics", "running", "half", {"loss": 0.5}),
        ("metrics", "running", "half", {"loss": 0.5, "accuracy": 0.9}),
        ("progress", "running", "nearly", {"loss": 0.5, "accuracy": 0.9}),
        ("progress", "running", "nearly", {"loss": 0.5, "accuracy": 0.9}),
        ("done", "done", "nearly", {"loss": 0.5, "accuracy": 0.9}),
    ]
    assert [then.result for _, then in seen][-2:] == [None, {"answer": 42}]
    assert jobs.get(job.id) == seen[-1][1]


def test_events_are_replayed_from_any_number(jobs: Jobs) -> None:
    job = jobs.submit("scan", "", steps(*(JobProgress(done=k) for k in range(5))))
    whole = events(jobs, job)
    assert len(whole) == 8
    for after in range(8):
        assert events(jobs, job, after) == whole[after:]
    assert events(jobs, job, 8) == events(jobs, job, 99) == whole[-1:]


def test_followers_get_what_comes(jobs: Jobs) -> None:
    stepper = Stepper(2)

    async def main() -> list[int]:
        job = jobs.submit("scan", "", stepper)
        seen = []
        async for entry, _ in jobs.follow(job.id):
            seen.append(entry.progress.done)
            if entry.state == "running":
                stepper.step()
        return seen

    assert asyncio.run(asyncio.wait_for(main(), WITHIN)) == [0, 0, 1, 2, 2]


def test_progress_is_thinned_and_messages_are_not(make_jobs: Callable[..., Jobs]) -> None:
    jobs = make_jobs(interval=3600)
    many = [JobProgress(done=k, message="download") for k in range(1, 500)]
    job = jobs.submit("weights", "", steps(*many, JobProgress(done=500, message="check")))
    assert [(name, then.progress.done) for name, then in events(jobs, job)] == [
        ("progress", 0),
        ("progress", 0),
        ("progress", 1),
        ("progress", 500),
        ("done", 500),
    ]


def test_progress_that_was_held_back_is_said_when_a_job_stalls(
    make_jobs: Callable[..., Jobs],
) -> None:
    jobs, stalled = make_jobs(interval=0.01), threading.Event()

    def run() -> Steps:
        for k in range(1, 50):
            yield JobProgress(done=k)
        assert stalled.wait(WITHIN)

    async def main() -> None:
        job = jobs.submit("weights", "", run)
        async for entry, _ in jobs.follow(job.id):
            if entry.progress.done == 49:
                stalled.set()
            assert entry.name != "done" or stalled.is_set()

    asyncio.run(asyncio.wait_for(main(), WITHIN))


def test_what_a_job_raises_is_its_own_end(make_jobs: Callable[..., Jobs]) -> None:
    def broken() -> Steps:
        yield JobProgress(done=1)
        raise ValueError("The file is damaged.")

    jobs = make_jobs()
    failed = ended(jobs, jobs.submit("weights", "", broken))
    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error["detail"] == "The file is damaged."
    assert failed.progress.done == 1
    assert ended(jobs, jobs.submit("weights", "", steps())).state == "done"


def test_errors_are_explained_by_whoever_knows_them() -> None:
    def broken() -> Steps:
        yield from ()
        raise KeyError("x")

    jobs = Jobs(explain=lambda error: {"title": type(error).__name__})
    assert ended(jobs, jobs.submit("weights", "", broken)).error == {"title": "KeyError"}
    jobs.close()


def test_a_job_may_have_ended_before_it_began(make_jobs: Callable[..., Jobs]) -> None:
    jobs = make_jobs(max_queue=0)
    job = jobs.ended("maximization", "Kept", {"answer": 42}, model="mlp")
    assert (job.state, job.result, job.model) == ("done", {"answer": 42}, "mlp")
    assert events(jobs, job)[-1] == ("done", job)
    assert jobs.listing() == [job]


def test_unknown_jobs(jobs: Jobs) -> None:
    for ask in (jobs.get, jobs.cancel, jobs.pause, jobs.resume):
        with pytest.raises(UnknownJobError, match="'nothing'"):
            ask("nothing")


def test_the_final_states_are_named() -> None:
    assert set(FINAL) == {"done", "failed", "cancelled"}
