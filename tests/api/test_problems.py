from __future__ import annotations

from typing import Any

import pytest
import structlog

from tests.api.conftest import API, Client, assert_problem


@pytest.mark.parametrize(
    "path", ["/nothing", f"{API}/nothing", "/static/nothing.js", f"{API}/passes//x"]
)
def test_addresses_that_do_not_exist(client: Client, path: str) -> None:
    assert_problem(client.get(path), 404)


def test_methods_that_do_not_exist(client: Client) -> None:
    answer = client.get(f"{API}/models/harley/predictions")
    assert_problem(answer, 405)
    assert "POST" in answer.headers["allow"]


def test_a_bug_is_a_problem_without_a_traceback(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(client.services.passes, "origin", broken)
    answer = client.get(f"{API}/passes/x/layers/conv1")
    problem = assert_problem(answer, 500, request_id=answer.headers["x-request-id"])
    assert "secret" not in str(problem)


def test_each_answer_has_a_request_id(client: Client) -> None:
    assert (
        client.get("/healthz", headers={"X-Request-ID": "abc123"}).headers["x-request-id"]
        == "abc123"
    )
    made = client.get("/healthz", headers={"X-Request-ID": "a b\tc"}).headers["x-request-id"]
    assert len(made) == 32


def test_what_is_wrong_deep_in_a_body_is_named(client: Client) -> None:
    wanted: dict[str, Any] = {"model": "lenet5", "optimizer": {"learning_rate": -1}}
    problem = assert_problem(client.post(f"{API}/trainings", json=wanted), 422)
    assert problem["field"] == "optimizer.learning_rate"
    wanted = {"design": {"layers": [{"type": "dense", "units": 9}, {"type": "conv"}]}}
    problem = assert_problem(client.post(f"{API}/trainings", json=wanted), 422)
    assert problem["field"] == "design.layers.1.channels"


def test_the_log_says_why_a_request_was_refused(client: Client) -> None:
    with structlog.testing.capture_logs() as events:
        answer = client.get(f"{API}/models/nothing")
        client.get(f"{API}/models/mlp")
    refused, answered = (event for event in events if event["event"] == "request")
    assert refused["problem"] == answer.json()["detail"]
    assert "problem" not in answered
