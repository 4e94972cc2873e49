"""Jobs paused, resumed, cancelled, and stopped with the server."""

from __future__ import annotations

import asyncio
import threading

import pytest

from app.schemas import JobProgress
from app.services.batching import Busy
from app.services.jobs import JobEvent, Jobs, JobStateError, Result
from tests.unit.services.jobs.conftest import WITHIN, Stepper, Steps, ended, events, steps, until


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


@pytest.mark.parametrize("result", [[], [Result({"answer": 42})]])
def test_a_job_that_came_to_its_end_is_done_even_when_cancelled(
    jobs: Jobs, result: list[JobEvent]
) -> None:
    inside, leave = threading.Event(), threading.Event()

    def run() -> Steps:
        yield JobProgress(done=1)
        inside.set()
        assert leave.wait(WITHIN)
        yield from result

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
