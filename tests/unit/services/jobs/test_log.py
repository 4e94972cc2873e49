"""What a log keeps of a long job."""

from __future__ import annotations

from itertools import pairwise

from app.schemas import JobProgress
from app.services.jobs.log import JobLog


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
