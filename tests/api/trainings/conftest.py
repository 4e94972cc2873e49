"""Tiny trainings over HTTP: harley on a fiftieth of MNIST."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.config import Settings
from tests.api.conftest import API, Client

TINY = {"model": "harley", "dataset": {"id": "mnist", "share": 0.02}, "epochs": 1, "batch": 120}
STEPS = 10


class Started:
    """A training that was begun over HTTP."""

    def __init__(self, client: httpx.Client, answer: httpx.Response) -> None:
        assert answer.status_code in (201, 202), answer.text
        self.client, self.accepted = client, answer.json()
        self.href = self.accepted.get("training") or self.accepted["href"]
        self.model: str = self.accepted["model"]
        self.heard: dict[str, str] = {}  # the last event of each of its jobs

    def __call__(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(self.href).json()
        return found

    def until(self, *states: str) -> dict[str, Any]:
        """Follow its job, from where that was left, until it is in one of the states."""
        job = self()["job"]
        headers = {"Last-Event-ID": self.heard.get(job, "0")}
        with self.client.stream("GET", f"{API}/jobs/{job}/events", headers=headers) as answer:
            state = ""
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "data":
                    state = json.loads(value)["state"]
                elif name == "id":
                    self.heard[job] = value
                elif not line and state in states:
                    break
        return self()

    def change(self, status: int = 200, **change: Any) -> dict[str, Any]:
        answer = self.client.patch(self.href, json=change)
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def metrics(self, **query: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"{self.href}/metrics", params=query).json()
        return found

    def curve(self) -> list[tuple[int, float]]:
        found = self.metrics()
        return list(zip(found["steps"], found["columns"]["loss"], strict=True))


def begin(client: httpx.Client, **request: Any) -> Started:
    return Started(client, client.post(f"{API}/trainings", json=TINY | request))


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("server")
    folders: dict[str, Any] = {
        f"{name}_dir": folder / name for name in ("trainings", "weights", "cache")
    }
    with Client(Settings(port=0, max_training_parameters=100_000, **folders)) as running:
        yield running


@pytest.fixture(scope="package")
def done(server: Client) -> Started:
    training = begin(server)
    assert training.until("done", "failed")["state"] == "done", training()["error"]
    return training
