"""Trainings that cannot be, and those for which there is no room."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest

from app.services.trainings.store import Store
from tests.api.conftest import API, Client, MakeClient, assert_problem
from tests.api.trainings.conftest import TINY, begin

LARGE_KERNEL = {"type": "conv", "channels": 2, "kernel": 15}


@pytest.mark.parametrize(
    ("request_", "status", "field"),
    [
        ({"model": "hurley"}, 422, "model"),
        ({"model": "vgg16"}, 422, "model"),
        ({"model": "digitnet"}, 422, "model"),  # too large for this server
        ({"model": None}, 422, "body"),
        ({"epochs": 0}, 422, "epochs"),
        ({"surprise": 1}, 422, "surprise"),
        ({"schedule": {"name": "range", "lowest": 2}}, 422, "schedule.highest"),
        ({"optimizer": {"betas": [0.9]}}, 422, "optimizer.betas"),
        ({"dataset": {"id": "folder"}}, 409, None),
        (
            {"model": None, "design": {"layers": [LARGE_KERNEL] * 3}},
            422,
            "design.layers.1.kernel",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(
    server: Client, request_: dict[str, Any], status: int, field: str | None
) -> None:
    given = {name: value for name, value in (TINY | request_).items() if value is not None}
    problem = assert_problem(server.post(f"{API}/trainings", json=given), status)
    assert problem.get("field") == field
    assert_problem(server.get(f"{API}/trainings/none"), 404, field="training")


def test_half_a_surrogate_pair_is_answered(server: Client) -> None:
    body = b'{"model": "harley", "\\ud800": "\\ud800"}'
    headers = {"content-type": "application/json"}
    refused = server.post(f"{API}/trainings", content=body, headers=headers)
    assert_problem(refused, 422, field="body")
    checked = server.post(f"{API}/trainings/checks", content=body, headers=headers)
    assert checked.json()["request"] == {"model": "harley", "?": "?"}


def test_trainings_queue_and_limits_are_said(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client(max_trainings=1, training_bytes=16 * 1024**2)
    first = begin(client, paused=True)
    first.until("paused")
    running = begin(client, epochs=1000, speed=1)
    waiting = begin(client)
    assert waiting()["state"] == "queued"
    with monkeypatch.context() as patch:
        patch.setattr(Store, "put", Mock(side_effect=AssertionError))
        full = client.post(f"{API}/trainings", json=TINY)
    assert_problem(full, 503)
    assert "retry-after" in full.headers
    client.delete(waiting.accepted["href"])
    listed = client.get(f"{API}/trainings").json()
    assert [row["state"] for row in listed] == ["cancelled", "running", "paused"]
    large = client.post(f"{API}/trainings", json=TINY | {"model": "mlp"})
    assert_problem(large, 507)
    longer = client.patch(first.href, json={"epochs": 10_000, "title": "Longer"})
    assert_problem(longer, 507)
    assert first()["title"] != "Longer"
    first.change(epochs=2, title="Longer")
    client.delete(running.accepted["href"])
    assert running.until("cancelled")["state"] == "cancelled"
