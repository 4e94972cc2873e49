"""Which jobs run and which wait, which are the same, and which are forgotten."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

import pytest

from app.services.batching import Busy
from app.services.jobs import Jobs, UnknownJobError
from app.services.jobs.lanes import Lane
from tests.unit.services.jobs.conftest import Stepper, Steps, ended, steps


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


def test_a_job_may_have_a_lane_by_name(make_jobs: Callable[..., Jobs]) -> None:
    jobs = make_jobs(lanes={"quick": Lane(1, 4)})
    slow, quick = Stepper(), Stepper(1)
    jobs.submit("training", "slow", slow)
    slow.begins()
    jobs.submit("training", "quick", quick, lane="quick")
    quick.begins()  # the one place of the others is taken
    quick.step()
    slow.step()


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
