"""Jobs over HTTP: lists, states, server-sent events, pausing, cancelling."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from typing import Any

import pytest

from app.schemas import Job, JobProgress
from app.services.jobs import JobEvent, Metrics, Preview, Result
from tests.api.conftest import API, Client, MakeClient, assert_problem

WITHIN = 20.0  # seconds after which a test has failed


def short() -> Generator[JobEvent, None, None]:
    yield JobProgress(done=1, total=2, unit="pictures", message="looking")
    yield Metrics({"loss": float("nan")})
    yield Result({"answer": 42})


class Held:
    """A job that waits in its first step until it is let go."""

    def __init__(self) -> None:
        self.inside, self.leave = threading.Event(), threading.Event()

    def __call__(self) -> Generator[JobEvent, None, None]:
        yield JobProgress(done=1, total=3)
        self.inside.set()
        assert self.leave.wait(WITHIN)
        yield JobProgress(done=2, total=3, message="second")
        yield JobProgress(done=3, total=3, message="third")


def events(client: Client, job: Job, **headers: str) -> list[dict[str, Any]]:
    """The events of a job, up to the end of the stream."""
    answer = client.get(f"{API}/jobs/{job.id}/events", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    return [parsed(block) for block in answer.text.split("\n\n") if block.strip()]


def parsed(block: str) -> dict[str, Any]:
    fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
    job = Job.model_validate_json(fields["data"])
    return {"event": fields["event"], "id": int(fields["id"]), "job": job}


def test_a_job_is_followed_to_its_result(client: Client) -> None:
    job = client.services.jobs.submit("scan", "A scan", short, model="mlp")
    seen = events(client, job)
    assert (seen[0]["event"], seen[-1]["event"]) == ("progress", "done")
    assert "metrics" in [each["event"] for each in seen]
    assert seen[-1]["job"].result == {"answer": 42}
    answer = client.get(f"{API}/jobs/{job.id}")
    assert Job.model_validate(answer.json()) == seen[-1]["job"]
    assert json.loads(answer.text)["metrics"] == {"loss": None}
    assert client.get(f"{API}/jobs/{job.id}/result").json() == {"answer": 42}
    assert job.id in [row["id"] for row in client.get(f"{API}/jobs").json()]


def test_the_latest_preview_is_a_picture(client: Client) -> None:
    def run() -> Generator[JobEvent, None, None]:
        yield Preview(lambda: b"first")
        yield Preview(lambda: b"second", last=True)

    job = client.services.jobs.submit("maximization", "A picture", run)
    seen = events(client, job)
    assert "preview" in [each["event"] for each in seen]
    address = f"{API}/jobs/{job.id}/preview"
    assert seen[-1]["job"].preview == f"{address}?v=2"
    answer = client.get(f"{address}?v=2")
    assert (answer.content, answer.headers["content-type"]) == (b"second", "image/png")
    assert "immutable" in answer.headers["cache-control"]
    for url in (address, f"{address}?v=1"):
        answer = client.get(url)
        assert (answer.content, answer.headers["cache-control"]) == (b"second", "no-store")
    assert_problem(client.get(f"{address}?v=x"), 422, field="v")


def test_a_job_without_pictures_has_no_preview(client: Client) -> None:
    job = client.services.jobs.submit("scan", "A scan", short)
    assert events(client, job)[-1]["job"].preview is None
    assert_problem(client.get(f"{API}/jobs/{job.id}/preview"), 404, field="job")


def test_events_go_on_behind_the_last_one_seen(client: Client) -> None:
    job = client.services.jobs.submit("scan", "A scan", short)
    whole = events(client, job)
    for seen in whole[:-1]:
        rest = events(client, job, **{"Last-Event-ID": str(seen["id"])})
        assert [each["id"] for each in rest] == list(range(seen["id"] + 1, whole[-1]["id"] + 1))
    assert events(client, job, **{"Last-Event-ID": str(whole[-1]["id"])}) == whole[-1:]


def test_events_come_while_the_job_runs(client: Client) -> None:
    held = Held()
    job = client.services.jobs.submit("scan", "A scan", held)
    with client.stream("GET", f"{API}/jobs/{job.id}/events") as answer:
        lines = answer.iter_lines()
        assert held.inside.wait(WITHIN)
        assert any('"done":1' in line for line in lines)
        assert_problem(client.get(f"{API}/jobs/{job.id}/result"), 409, state="running")
        held.leave.set()
        assert [line for line in lines if line.startswith("event: done")]


def test_cancel(client: Client) -> None:
    held = Held()
    job = client.services.jobs.submit("scan", "A scan", held)
    assert held.inside.wait(WITHIN)
    answer = client.delete(f"{API}/jobs/{job.id}")
    assert (answer.status_code, answer.json()["state"]) == (202, "running")
    held.leave.set()
    assert events(client, job)[-1]["event"] == "cancelled"
    assert client.delete(f"{API}/jobs/{job.id}").json()["state"] == "cancelled"
    assert_problem(client.get(f"{API}/jobs/{job.id}/result"), 409, state="cancelled")


def test_pause_and_resume(client: Client) -> None:
    held = Held()
    job = client.services.jobs.submit("scan", "A scan", held)
    assert held.inside.wait(WITHIN)
    url = f"{API}/jobs/{job.id}"
    assert client.patch(url, json={"state": "paused"}).status_code == 200
    held.leave.set()
    with client.stream("GET", f"{url}/events") as answer:
        assert any('"state":"paused"' in line for line in answer.iter_lines())
    assert client.patch(url, json={"state": "running"}).status_code == 200
    assert events(client, job)[-1]["event"] == "done"
    assert_problem(client.patch(url, json={"state": "paused"}), 409, state="done")


def test_what_a_job_raised_is_a_problem(client: Client) -> None:
    def broken() -> Generator[JobEvent, None, None]:
        yield from ()
        raise LookupError("secret detail")

    job = client.services.jobs.submit("scan", "A scan", broken)
    last = events(client, job)[-1]
    assert last["event"] == "failed"
    assert (last["job"].error["status"], last["job"].error["title"]) == (
        500,
        "Internal server error",
    )
    assert "secret" not in last["job"].error["detail"]


@pytest.mark.parametrize("path", ["", "/events", "/result", "/preview"])
def test_unknown_jobs(client: Client, path: str) -> None:
    assert_problem(client.get(f"{API}/jobs/nothing{path}"), 404, field="job")


def test_unknown_jobs_cannot_be_changed(client: Client) -> None:
    assert_problem(client.delete(f"{API}/jobs/nothing"), 404, field="job")
    answer = client.patch(f"{API}/jobs/nothing", json={"state": "paused"})
    assert_problem(answer, 404, field="job")


@pytest.mark.parametrize("body", [{}, {"state": "done"}, {"state": 1}, []])
def test_bad_changes(client: Client, body: Any) -> None:
    job = client.services.jobs.submit("scan", "A scan", short)
    assert_problem(client.patch(f"{API}/jobs/{job.id}", json=body), 422)


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "9" * 40])
def test_bad_event_numbers(client: Client, number: str) -> None:
    job = client.services.jobs.submit("scan", "A scan", short)
    answer = client.get(f"{API}/jobs/{job.id}/events", headers={"Last-Event-ID": number})
    assert_problem(answer, 422, field="Last-Event-ID")


def test_the_server_stops_while_a_job_is_followed(make_client: MakeClient) -> None:
    client, held = make_client(), Held()
    job = client.services.jobs.submit("scan", "A scan", held)
    assert held.inside.wait(WITHIN)
    with client.stream("GET", f"{API}/jobs/{job.id}/events") as answer:
        lines = answer.iter_lines()
        assert any('"done":1' in line for line in lines)
        client.server.should_exit = True
        assert not [line for line in lines if line.startswith("event: done")]
    held.leave.set()
