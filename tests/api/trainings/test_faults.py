"""Trainings whose process dies, or whose disk is full: they say so, and lose nothing."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from app.services.trainings import store
from app.services.trainings.run import Run
from tests.api.conftest import API, Client, assert_problem
from tests.api.trainings.conftest import STEPS, Started, begin

FULL = Path("/dev/full")  # the kernel's file that refuses every byte


def run_of(training: Started, server: Client) -> Run:
    return server.services.trainings.get(training()["id"])


def assert_both_failed(training: Started, words: str) -> dict[str, Any]:
    """Its job and the training itself tell the same. Gives the training."""
    found = training.until("done", "failed", "cancelled")
    job = training.client.get(f"{API}/jobs/{found['job']}").json()
    assert (job["state"], found["state"]) == ("failed", "failed")
    assert words in found["error"]
    assert job["error"]["detail"] == found["error"]
    return found


def assert_goes_on(training: Started, done: Started) -> None:
    """Nothing that was kept is damaged, and it ends as if nothing had been."""
    for row in training()["checkpoints"]:
        kept = training.client.get(f"{training.href}/checkpoints/{row['step']}/weights")
        assert kept.status_code == 200
    assert training.client.get(f"{API}/trainings").status_code == 200
    assert training.client.post(f"{training.href}/resume").status_code == 202
    assert training.until("done", "failed")["step"] == STEPS
    assert training.curve() == done.curve()
    assert training()["error"] is None


def paused_after_a_step(server: Client) -> Started:
    training = begin(server, paused=True)
    training.until("paused")
    training.change(advance="step")
    training.until("paused")
    return training


def test_a_process_that_dies_fails_the_training_as_it_fails_the_job(
    server: Client, done: Started
) -> None:
    training = paused_after_a_step(server)
    process = run_of(training, server).process
    assert process is not None
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    training.change(state="running")
    assert assert_both_failed(training, "all at once")["step"] == 1
    assert_goes_on(training, done)


def test_a_process_that_cannot_begin_fails_both(
    server: Client, done: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    with monkeypatch.context() as patch:
        patch.setattr("app.services.trainings.run.Process", refuse)
        training = begin(server)
        assert training.until("failed")["state"] == "failed"
        assert "Resource temporarily unavailable" in training()["error"]
    assert_goes_on(training, done)


@pytest.mark.parametrize(
    "file", [".resume.safetensors.{pid}.new", "checkpoints/.step-00000001.safetensors.{pid}.new"]
)
def test_a_disk_that_fills_ends_it_with_what_was_kept(
    server: Client, done: Started, file: str
) -> None:
    training = begin(server, paused=True)
    training.until("paused")
    run = run_of(training, server)
    assert run.process is not None
    (run.files.folder / file.format(pid=run.process.pid)).symlink_to(FULL)
    training.change(state="running")
    assert_both_failed(training, "disk is full")
    assert not list(run.files.folder.rglob("*.new"))
    assert_goes_on(training, done)


def test_a_record_that_cannot_be_written_ends_it_too(
    server: Client, done: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    training = begin(server, speed=5)
    with monkeypatch.context() as patch:
        patch.setattr(store, "replace", refuse)
        assert_both_failed(training, "No space left on device")
    training.change(speed=0)
    assert_goes_on(training, done)


@pytest.mark.parametrize(("body", "name"), [(b"damaged", "damaged"), (None, "missing")])
def test_a_file_that_is_damaged_or_gone_is_not_given_away(
    server: Client, done: Started, body: bytes | None, name: str
) -> None:
    path = run_of(done, server).files.checkpoint(STEPS)
    whole = path.read_bytes()
    path.unlink()
    if body is not None:
        path.write_bytes(body)
    answer = done.client.get(f"{done.href}/checkpoints/latest/weights")
    path.write_bytes(whole)
    assert assert_problem(answer, 409)["type"].endswith(f"weights-{name}")


def test_one_of_which_only_the_beginning_is_kept_begins_again(
    server: Client, done: Started
) -> None:
    training = begin(server, paused=True)
    training.until("paused")
    training.client.delete(training.accepted["href"])
    training.until("cancelled")
    run_of(training, server).files.state.unlink()
    assert_goes_on(training, done)
