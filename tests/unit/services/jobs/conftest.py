"""Jobs that go step by step as a test tells them. No server, no sleeps."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Generator, Iterator
from typing import ClassVar

import pytest

from app.schemas import Job, JobProgress
from app.services.jobs import JobEvent, Jobs

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
