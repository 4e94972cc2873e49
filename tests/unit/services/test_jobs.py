"""Jobs: events, following, pausing, cancelling, queues. No server, no sleeps."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from functools import partial
from itertools import pairwise
from typing import ClassVar

import pytest

from app.schemas import Job, JobProgress
from app.services.batching import Busy
from app.services.job_lanes import Lane
from app.services.job_log import FINAL, JobLog
from app.services.jobs import (
    JobEvent,
    Jobs,
    JobStateError,
    Message,
    Metrics,
    Preview,
    Result,
    Shown,
    UnknownJobError,
)

WITHIN = 20.0  # seconds after which a test has failed; nothing takes that long

Steps = Generator[JobEvent, None, None]


class Stepper:
    """A job that makes a step when it is told to, and tells when it has begun one."""

    all: ClassVar[list[Stepper]] = []

    def __init__(self, steps: int = 1000) -> None:
        self.all.append(self)
        self.steps, self.made, self.closed = steps, 0, threading.Event()
        self._may, self._waits = threading.Semaphore(0), threading.Semaphore(0)

    def __call__(self) -> Steps:
        try:
            for _ in range(self.steps):
                self._waits.release()
                assert self._may.acquire(timeout=WITHIN)
                self.made += 1
                yield JobProgress(done=self.made, total=self.steps, unit="steps")
        finally:
            self.closed.set()

    def begins(self) -> None:
        """Return when it is inside its next step."""
        assert self._waits.acquire(timeout=WITHIN)

    def step(self) -> None:
        """Let it end the step that it is in."""
        self._may.release()


@pytest.fixture
def make_jobs() -> Iterator[Callable[..., Jobs]]:
    made: list[Jobs] = []

    def make(**options: object) -> Jobs:
        made.append(Jobs(**{"workers": 1, "interval": 0, **options}))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for jobs in made:
        jobs.stop()
        for stepper in Stepper.all:
            stepper.step()
        jobs.close(WITHIN)
    Stepper.all.clear()


@pytest.fixture
def jobs(make_jobs: Callable[..., Jobs]) -> Jobs:
    return make_jobs()


def steps(*events: JobEvent) -> Callable[[], Steps]:
    def run() -> Steps:
        yield from events

    return run


def events(jobs: Jobs, job: Job, after: int = 0) -> list[tuple[str, Job]]:
    """The events of a job, up to the final one."""

    async def main() -> list[tuple[str, Job]]:
        async with asyncio.timeout(WITHIN):
            return [(entry.name, then) async for entry, then in jobs.follow(job.id, after)]

    return asyncio.run(main())


def ended(jobs: Jobs, job: Job) -> Job:
    """The job, once it has ended."""
    return events(jobs, job)[-1][1]


def until(jobs: Jobs, job: Job, state: str) -> None:
    """Return when the job is or was in a state."""

    async def main() -> None:
        async with asyncio.timeout(WITHIN):
            async for entry, _ in jobs.follow(job.id):
                if entry.state == state:
                    return
        raise AssertionError(f"The job was never {state}.")

    asyncio.run(main())


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


def test_a_running_job_is_cancelled_within_one_step(jobs: Jobs) -> None:
    stepper = Stepper()
    job = jobs.submit("scan", "", stepper)
    stepper.begins()
    assert jobs.cancel(job.id).state == "running"
    stepper.step()
    last = ended(jobs, job)
    assert (last.state, last.progress.done) == ("cancelled", 1)
    assert stepper.closed.is_set()
    assert jobs.cancel(job.id) == last


def test_a_waiting_job_is_cancelled_at_once(jobs: Jobs) -> None:
    first, second = Stepper(), Stepper()
    jobs.submit("scan", "", first)
    job = jobs.submit("scan", "", second)
    assert jobs.cancel(job.id).state == "cancelled"
    assert second.made == 0


def test_a_job_that_came_to_its_end_is_done_even_when_cancelled(jobs: Jobs) -> None:
    inside, leave = threading.Event(), threading.Event()

    def run() -> Steps:
        yield JobProgress(done=1)
        inside.set()
        assert leave.wait(WITHIN)

    job = jobs.submit("scan", "", run)
    assert inside.wait(WITHIN)
    jobs.cancel(job.id)
    leave.set()
    assert ended(jobs, job).state == "done"


def test_pause_and_resume(jobs: Jobs) -> None:
    stepper = Stepper(3)
    job = jobs.submit("scan", "", stepper)
    stepper.begins()
    jobs.pause(job.id)
    stepper.step()
    until(jobs, job, "paused")
    assert jobs.get(job.id).progress.done == 1
    jobs.resume(job.id)
    for _ in range(2):
        stepper.begins()
        stepper.step()
    states = [then.state for _, then in events(jobs, job)]
    assert list(dict.fromkeys(states)) == ["queued", "running", "paused", "done"]
    assert stepper.made == 3


def test_a_paused_job_makes_room_and_waits_for_its_turn(jobs: Jobs) -> None:
    first, second = Stepper(2), Stepper(1)
    one = jobs.submit("scan", "", first)
    other = jobs.submit("scan", "", second)
    first.begins()
    jobs.pause(one.id)
    first.step()
    second.begins()
    jobs.resume(one.id)
    second.step()
    assert ended(jobs, other).state == "done"
    first.begins()
    first.step()
    assert ended(jobs, one).state == "done"


def test_a_paused_job_can_be_cancelled(jobs: Jobs) -> None:
    stepper = Stepper()
    job = jobs.submit("scan", "", stepper)
    stepper.begins()
    jobs.pause(job.id)
    stepper.step()
    until(jobs, job, "paused")
    jobs.cancel(job.id)
    assert ended(jobs, job).state == "cancelled"
    assert (stepper.made, stepper.closed.is_set()) == (1, True)


def test_a_job_that_is_paused_from_the_beginning_runs_when_it_is_resumed(jobs: Jobs) -> None:
    stepper = Stepper(1)
    job = jobs.submit("test", "Test", stepper, paused=True)
    assert job.state == "paused"
    other = jobs.submit("test", "Other", steps())
    assert ended(jobs, other).state == "done"  # it takes no place
    assert stepper.made == 0
    jobs.resume(job.id)
    stepper.step()
    assert ended(jobs, job).state == "done"


def test_a_waiting_job_can_be_paused(jobs: Jobs) -> None:
    first, second = Stepper(1), Stepper(1)
    one, other = jobs.submit("scan", "", first), jobs.submit("scan", "", second)
    assert jobs.pause(other.id).state == "paused"
    assert jobs.pause(other.id).state == "paused"
    first.step()
    assert ended(jobs, one).state == "done"
    assert second.made == 0
    jobs.resume(other.id)
    second.step()
    assert ended(jobs, other).state == "done"


def test_ended_jobs_cannot_go_on(jobs: Jobs) -> None:
    job = jobs.submit("scan", "", steps())
    assert ended(jobs, job).state == "done"
    for ask in (jobs.pause, jobs.resume):
        with pytest.raises(JobStateError, match="The job is done"):
            ask(job.id)


def test_a_full_queue_is_busy(make_jobs: Callable[..., Jobs]) -> None:
    jobs = make_jobs(max_queue=2)
    for _ in range(3):
        jobs.submit("scan", "", Stepper())
    with pytest.raises(Busy):
        jobs.submit("scan", "", Stepper())


def test_as_many_run_as_there_are_workers(make_jobs: Callable[..., Jobs]) -> None:
    jobs = make_jobs(workers=2)
    for _ in range(3):
        jobs.submit("scan", "", Stepper())
    assert sorted(job.state for job in jobs.listing()) == ["queued", "running", "running"]


def test_the_same_key_gives_the_same_job_while_it_goes_on(jobs: Jobs) -> None:
    stepper = Stepper(1)
    job = jobs.submit("weights", "", stepper, key="vgg16/wheel")
    assert jobs.submit("weights", "", stepper, key="vgg16/wheel").id == job.id
    assert jobs.submit("weights", "", Stepper(), key="vgg11/wheel").id != job.id
    found = jobs.find("vgg16/wheel")
    assert found is not None
    assert found.id == job.id
    stepper.step()
    ended(jobs, job)
    assert jobs.find("vgg16/wheel") is None
    assert jobs.submit("weights", "", steps(), key="vgg16/wheel").id != job.id


def test_a_new_job_waits_for_the_end_of_a_cancelled_one_with_its_key(
    make_jobs: Callable[..., Jobs],
) -> None:
    jobs = make_jobs(workers=2)
    first, second, third = Stepper(), Stepper(1), Stepper(1)
    old = jobs.submit("weights", "", first, key="a")
    first.begins()
    jobs.cancel(old.id)
    new = jobs.submit("weights", "", second, key="a")
    other = jobs.submit("weights", "", third, key="b")
    assert new.id != old.id
    assert [jobs.get(job.id).state for job in (old, new, other)] == ["running", "queued", "running"]
    first.step()
    second.begins()
    assert first.closed.is_set()


def test_ended_jobs_are_forgotten_in_the_end(make_jobs: Callable[..., Jobs]) -> None:
    jobs = make_jobs(kept=2)
    made = [jobs.submit("scan", str(k), steps()) for k in range(4)]
    ended(jobs, made[-1])
    assert [job.title for job in jobs.listing()] == ["3", "2"]
    with pytest.raises(UnknownJobError):
        jobs.get(made[0].id)


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


def test_a_preview_takes_the_place_of_the_one_before(jobs: Jobs) -> None:
    pictures = [Preview(partial(bytes, [k]), "image/x", last=True) for k in range(3)]
    job = jobs.submit("maximization", "", steps(*pictures, Metrics({"score.0": 1.0})))
    last = ended(jobs, job)
    assert jobs.preview(job.id) == Shown(b"\2", "image/x", 3)
    assert last.preview == f"{job.id}/preview/3"
    seen = [(name, then.preview) for name, then in events(jobs, job) if name != "progress"]
    address = f"{job.id}/preview/3"
    assert seen == [("preview", address), ("metrics", address), ("done", address)]


def test_previews_that_come_too_fast_are_not_rendered(make_jobs: Callable[..., Jobs]) -> None:
    jobs, rendered = make_jobs(interval=3600), list[int]()

    def render(number: int) -> bytes:
        rendered.append(number)
        return bytes([number])

    many = [Preview(partial(render, k), last=k == 9) for k in range(10)]
    job = jobs.submit("maximization", "", steps(*many))
    ended(jobs, job)
    assert rendered == [0, 9]
    assert jobs.preview(job.id) == Shown(b"\t", "image/png", 2)


def test_a_preview_that_fails_ends_the_job(jobs: Jobs) -> None:
    def broken() -> bytes:
        raise ValueError("No picture.")

    failed = ended(jobs, jobs.submit("maximization", "", steps(Preview(broken))))
    assert failed.state == "failed"
    assert (failed.error or {})["detail"] == "No picture."


def test_only_so_many_bytes_of_previews_are_kept(make_jobs: Callable[..., Jobs]) -> None:
    jobs = make_jobs(preview_bytes=100)
    made = [jobs.submit("x", "", steps(Preview(lambda: bytes(40)))) for _ in range(3)]
    ended(jobs, made[-1])
    assert [jobs.preview(job.id) is not None for job in made] == [False, True, True]
    assert jobs.preview(jobs.submit("x", "", steps()).id) is None
    with pytest.raises(UnknownJobError):
        jobs.preview("nothing")


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere threads have no niceness.")
def test_a_nice_job_leaves_the_other_threads_alone(jobs: Jobs) -> None:
    own, seen = os.getpriority(os.PRIO_PROCESS, threading.get_native_id()), list[int]()

    def run() -> Steps:
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        yield from ()

    ended(jobs, jobs.submit("scan", "", run, niceness=19))
    ended(jobs, jobs.submit("scan", "", run))
    assert seen == [19, own]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == own


def test_a_job_may_have_ended_before_it_began(make_jobs: Callable[..., Jobs]) -> None:
    jobs = make_jobs(max_queue=0)
    job = jobs.ended("maximization", "Kept", {"answer": 42}, model="mlp")
    assert (job.state, job.result, job.model) == ("done", {"answer": 42}, "mlp")
    assert events(jobs, job)[-1] == ("done", job)
    assert jobs.listing() == [job]


def test_previews_push_nothing_out_of_a_log() -> None:
    log = JobLog(most=100)
    for k in range(90):
        log.add("metrics", "running", JobProgress(done=k), {})
        for _ in range(10):
            log.add("preview", "running", JobProgress(done=k), {}, f"{k}")
    names = [entry.name for entry in log.after(0)]
    assert names == ["metrics"] * 90 + ["preview"]
    assert [entry.number for entry in log.after(980)] == [990]


def test_a_long_log_keeps_an_even_sample() -> None:
    log = JobLog(most=100)
    for k in range(10_000):
        log.add("metrics", "running", JobProgress(done=k), {"loss": float(k)})
    kept = [entry.number for entry in log.after(0)]
    assert len(kept) <= 100
    assert kept[-1] == 10_000
    assert kept == sorted(kept)
    assert max(b - a for a, b in pairwise(kept)) <= 10_000 / 25


def test_stopping_cancels_everything_and_leaves_followers(jobs: Jobs) -> None:
    first, second = Stepper(), Stepper()
    running, waiting = jobs.submit("scan", "", first), jobs.submit("scan", "", second)
    first.begins()

    async def main() -> None:
        seen = []
        async for entry, _ in jobs.follow(running.id):
            seen.append(entry.state)
            if entry.state == "running":
                jobs.stop()  # its present step goes on
        assert seen[-1] == "running"

    asyncio.run(asyncio.wait_for(main(), WITHIN))
    assert jobs.get(waiting.id).state == "cancelled"
    with pytest.raises(Busy):
        jobs.submit("scan", "", steps())
    first.step()
    jobs.close(WITHIN)
    assert jobs.get(running.id).state == "cancelled"
    assert first.closed.is_set()


def test_unknown_jobs(jobs: Jobs) -> None:
    for ask in (jobs.get, jobs.cancel, jobs.pause, jobs.resume):
        with pytest.raises(UnknownJobError, match="'nothing'"):
            ask("nothing")


def test_the_final_states_are_named() -> None:
    assert set(FINAL) == {"done", "failed", "cancelled"}


def test_a_job_may_have_a_lane_by_name(make_jobs: Callable[..., Jobs]) -> None:
    jobs = make_jobs(lanes={"quick": Lane(1, 4)})
    slow, quick = Stepper(), Stepper(1)
    jobs.submit("training", "slow", slow)
    slow.begins()
    jobs.submit("training", "quick", quick, lane="quick")
    quick.begins()  # the one place of the others is taken
    quick.step()
    slow.step()
