"""Trainings paused, changed, cancelled, resumed and deleted while one looks on."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest
from websockets.sync.client import connect

from models import registry
from tests.api.conftest import API, Array, Client, assert_problem
from tests.api.trainings.conftest import STEPS, Started, begin


def test_the_same_seed_gives_the_same_curve_also_with_pauses(done: Started) -> None:
    training = begin(done.client, paused=True)
    assert training.until("paused")["step"] == 0
    assert training.change(advance="step")["state"] in ("queued", "running")
    assert training.until("paused")["step"] == 1
    assert_problem(training.client.delete(training.href), 409, state="paused")
    training.client.patch(training.accepted["href"], json={"state": "running"})
    assert training.until("done")["step"] == STEPS
    assert training.curve() == done.curve()
    assert training()["title"] != done()["title"]


def test_hyper_parameters_change_while_it_runs(
    server: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = begin(server, paused=True, optimizer={"name": "sgd", "learning_rate": 0.1})
    training.until("paused")
    with monkeypatch.context() as patch:  # while it is renamed, others go on asking for it
        patch.setattr(registry, "forget", Mock(side_effect=AssertionError))
        assert training.change(learning_rate=0.2, title="Mine")["title"] == "Mine"
    job = server.patch(training.accepted["href"], json={"advance": "epoch"}).json()
    assert job["state"] in ("queued", "running")
    found = training.until("done")
    assert found["changes"] == [{"step": 1, "name": "learning_rate", "value": 0.2}]
    assert server.get(f"{API}/models/{training.model}").json()["title"] == "Mine"
    assert_problem(server.patch(training.href, json={"state": "paused"}), 409, state="done")


def test_a_cancelled_training_goes_on_as_if_nothing_had_been(done: Started) -> None:
    training = begin(done.client, paused=True)
    training.until("paused")
    training.change(advance="step")
    training.until("paused")
    training.client.delete(training.accepted["href"])
    assert training.until("cancelled")["state"] == "cancelled"
    assert training.client.get(f"{API}/models/{training.model}").json()["weights"]["source"]
    again = training.client.post(f"{training.href}/resume")
    assert again.status_code == 202
    assert training.until("done")["job"] == again.json()["id"]
    assert training.curve() == done.curve()
    assert_problem(training.client.post(f"{training.href}/resume"), 409, state="done")
    training.change(epochs=2)
    training.client.post(f"{training.href}/resume")
    assert training.until("done")["step"] == 2 * STEPS


def test_it_can_be_deleted(server: Client) -> None:
    training = begin(server)
    training.until("done")
    files = server.services.trainings.get(training.href.rsplit("/", 1)[1]).files
    assert server.delete(training.href).status_code == 204
    assert not files.folder.exists()
    assert_problem(server.get(training.href), 404, field="training")
    assert_problem(server.get(f"{API}/models/{training.model}"), 404, field="model")


def test_the_live_socket_answers_with_the_newest_weights(server: Client, digits: Array) -> None:
    training = begin(server, paused=True)
    training.until("paused")
    address = f"{server.live}/{training.model}/live?weights=live&layers=out"

    def drawn(socket: Any) -> bytes:
        socket.send(digits[0].tobytes())
        frame: bytes = socket.recv()
        return frame[frame.index(b"}\0") if b"}\0" in frame else -40 :]

    with connect(address) as socket:
        before = drawn(socket)
        training.change(advance="step")
        training.until("paused")
        assert drawn(socket) != before
    training.client.delete(training.accepted["href"])
