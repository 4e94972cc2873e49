from __future__ import annotations

from tests.api.conftest import Client, assert_problem


def test_the_process_serves(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_once_the_networks_are_loaded(client: Client) -> None:
    ready = client.services.ready
    assert ready.wait(60)
    assert client.get("/readyz").json() == {"status": "ready"}
    ready.clear()
    try:
        answer = client.get("/readyz")
        assert_problem(answer, 503)
        assert answer.headers["retry-after"] == "1"
    finally:
        ready.set()
