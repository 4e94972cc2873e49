"""The pictures of jobs on their way."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from app.services.jobs import Jobs, Metrics, Preview, Shown, UnknownJobError
from tests.unit.services.jobs.conftest import ended, events, steps


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
