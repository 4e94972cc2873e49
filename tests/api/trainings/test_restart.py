"""The server ends, or is killed, in the midst of trainings."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

from scripts.live_server import LiveServer
from tests.api.conftest import MakeClient
from tests.api.trainings.conftest import STEPS, Started, begin


def test_a_restarted_server_goes_on(make_client: MakeClient, done: Started, tmp_path: Path) -> None:
    first = make_client(training_workers=2)
    running, paused = begin(first, speed=4), begin(first, paused=True)
    paused.until("paused")
    paused.change(advance="step")
    paused.until("paused")
    first.__exit__()
    states = [json.loads(path.read_text())["state"] for path in tmp_path.rglob("training.json")]
    assert sorted(states) == ["paused", "running"]
    second = make_client(training_workers=2)
    running.client = paused.client = second
    assert paused()["state"] == "paused"
    assert (paused()["step"], paused.metrics()["steps"]) == (1, [1])
    assert second.services.trainings.get(paused()["id"]).process is None  # no memory for it
    running.change(speed=0)
    assert running.until("done")["step"] == STEPS
    assert running.curve() == done.curve()
    paused.change(state="running")
    paused.until("done")
    assert paused.curve() == done.curve()


def test_a_killed_server_loses_nothing_that_matters(done: Started, tmp_path: Path) -> None:
    with LiveServer(tmp_path / "server.log", {"weights_dir": tmp_path / "weights"}) as server:
        with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
            training = begin(client, speed=5)
            while training()["step"] < 3:
                pass
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        server.start()
        with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
            training.client = client
            training.change(speed=0)
            assert training.until("done")["step"] == STEPS
            assert training.curve() == done.curve()
