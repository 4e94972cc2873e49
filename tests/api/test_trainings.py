"""Trainings over HTTP: tiny ones, on a fiftieth of MNIST."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from safetensors import safe_open
from safetensors.torch import load, load_file, save
from websockets.sync.client import connect

from app.config import Settings
from scripts.live_server import LiveServer
from tests.api.conftest import API, Array, Client, MakeClient, assert_problem, npy_body

TINY = {"model": "harley", "dataset": {"id": "mnist", "share": 0.02}, "epochs": 1, "batch": 120}
STEPS = 10
LARGE_KERNEL = {"type": "conv", "channels": 2, "kernel": 15}


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


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("server")
    folders: dict[str, Any] = {
        f"{name}_dir": folder / name for name in ("trainings", "weights", "cache")
    }
    with Client(Settings(port=0, max_training_parameters=100_000, **folders)) as running:
        yield running


@pytest.fixture(scope="module")
def done(server: Client) -> Started:
    training = begin(server)
    assert training.until("done", "failed")["state"] == "done", training()["error"]
    return training


def test_a_training_tells_how_it_stands(done: Started) -> None:
    found = done()
    assert (found["step"], found["steps"], found["epoch"]) == (STEPS, STEPS, 1)
    assert found["test_accuracy"] == found["best_test_accuracy"]
    assert 0.1 < found["test_accuracy"] <= 1
    assert found["request"]["optimizer"]["name"] == "adamw"
    assert found["seconds"] > 0
    assert found["images_per_second"] > 0
    job = done.client.get(done.accepted["href"]).json()
    assert (job["kind"], job["state"], job["model"]) == ("training", "done", done.model)
    assert job["progress"] | {"done": STEPS, "total": STEPS, "unit": "steps"} == job["progress"]
    assert job["metrics"]["step"] == job["metrics"]["checkpoint"] == STEPS
    assert job["result"]["training"] == done.href


def test_curves_are_rows_in_json_and_csv(done: Started) -> None:
    found = done.metrics()
    assert found["steps"] == list(range(1, STEPS + 1))
    assert found["columns"]["test_accuracy"][-1] == done()["test_accuracy"]
    assert all(len(column) == STEPS for column in found["columns"].values())
    assert done.metrics(after=STEPS - 2)["steps"] == [STEPS - 1, STEPS]
    answer = done.client.get(f"{done.href}/metrics", params={"format": "csv"})
    head, *rows = answer.text.splitlines()
    assert head.split(",") == ["step", *found["columns"]]
    assert len(rows) == STEPS
    assert answer.headers["content-type"].startswith("text/csv")


def test_checkpoints_are_kept(done: Started) -> None:
    rows = done.client.get(f"{done.href}/checkpoints").json()
    assert [row["step"] for row in rows] == [0, 1, 2, 5, 8, 10]
    assert rows == done()["checkpoints"]
    assert rows[0]["loss"] is None
    assert rows[-1]["test_accuracy"] == done()["test_accuracy"]
    for name, step in {"latest": 10, "best": 10, "5": 5}.items():
        assert done.client.get(f"{done.href}/checkpoints/{name}").json()["step"] == step
    unknown = done.client.get(f"{done.href}/checkpoints/3")
    assert_problem(unknown, 404, field="step", valid_steps=[0, 1, 2, 5, 8, 10])


def test_the_network_is_an_entry_of_models(done: Started, digits: Array) -> None:
    listed = {row["id"]: row for row in done.client.get(f"{API}/models").json()}
    weights = listed[done.model]["weights"]
    assert (weights["status"], weights["source"]) == ("ready", "live")
    assert "AdamW" in weights["recipe"]
    assert weights["accuracy"] == {"mnist_test": done()["test_accuracy"]}
    detail = done.client.get(f"{API}/models/{done.model}", params={"weights": "step-5"}).json()
    assert {each["kind"] for each in detail["weights"]["sources"]} == {"trained"}
    assert detail["parameters"] == done()["parameters"]

    def answer(source: str | None) -> Any:
        params = {"weights": source} if source else {}
        address = f"{API}/models/{done.model}/predictions"
        return done.client.post(address, params=params, **npy_body(digits)).json()["predictions"]

    assert answer(None) == answer("live") == answer("step-10") != answer("step-0")
    unknown = done.client.get(f"{API}/models/{done.model}", params={"weights": "step-3"})
    assert_problem(unknown, 404, field="weights")


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


def test_hyper_parameters_change_while_it_runs(server: Client) -> None:
    training = begin(server, paused=True, optimizer={"name": "sgd", "learning_rate": 0.1})
    training.until("paused")
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


def test_a_download_can_be_loaded_again(done: Started, digits: Array, tmp_path: Path) -> None:
    answer = done.client.get(f"{done.href}/checkpoints/latest/weights")
    assert f"{done.model}-step-10.safetensors" in answer.headers["content-disposition"]
    path = tmp_path / "mine.safetensors"
    path.write_bytes(answer.content)
    with safe_open(path, "pt") as file:
        described = json.loads(file.metadata()["convscope"])
    assert described["request"]["model"] == "harley"
    assert described["classes"] == [str(digit) for digit in range(10)]
    assert described["test_accuracy"] == done()["test_accuracy"]
    loaded = Started(
        done.client, done.client.post(f"{API}/trainings/uploads", content=path.read_bytes())
    )
    assert loaded()["state"] == "done"
    assert loaded()["test_accuracy"] == done()["test_accuracy"]

    def answers(model: str) -> Any:
        address = f"{API}/models/{model}/predictions"
        return done.client.post(address, **npy_body(digits)).json()["predictions"]

    assert answers(loaded.model) == answers(done.model)
    assert_problem(done.client.post(f"{loaded.href}/resume"), 409)


def test_files_that_are_no_network_of_ours_are_refused(done: Started) -> None:
    def refused(body: bytes, words: str) -> None:
        problem = done.client.post(f"{API}/trainings/uploads", content=body)
        assert words in assert_problem(problem, 422, field="file")["detail"]

    whole = done.client.get(f"{done.href}/checkpoints/latest/weights").content
    tensors = load(whole)
    size = int.from_bytes(whole[:8], "little")
    text = json.loads(whole[8 : 8 + size])["__metadata__"]["convscope"]
    refused(b"nothing", "damaged")
    refused(save(tensors), "does not say")
    refused(save(tensors, {"convscope": "{"}), "cannot be read")
    refused(save(tensors, {"convscope": text.replace('"harley"', '"hurley"')}), "hurley")
    refused(save(tensors, {"convscope": text.replace('"epoch"', '"age"')}), "description is wrong")
    some = {name: tensor for name, tensor in tensors.items() if "bias" not in name}
    refused(save(some, {"convscope": text}), "bias")


@pytest.mark.parametrize(
    ("request_", "status", "field"),
    [
        ({"model": "hurley"}, 422, "model"),
        ({"model": "vgg16"}, 422, "model"),
        ({"model": "digitnet"}, 422, "model"),  # too large for this server
        ({"model": None}, 422, "body"),
        ({"epochs": 0}, 422, "epochs"),
        ({"surprise": 1}, 422, "surprise"),
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


def test_trainings_queue_and_limits_are_said(make_client: MakeClient) -> None:
    client = make_client(max_trainings=1, training_bytes=16 * 1024**2)
    first = begin(client, paused=True)
    first.until("paused")
    running = begin(client, epochs=1000, speed=1)
    waiting = begin(client)
    assert waiting()["state"] == "queued"
    full = client.post(f"{API}/trainings", json=TINY)
    assert_problem(full, 503)
    assert "retry-after" in full.headers
    client.delete(waiting.accepted["href"])
    listed = client.get(f"{API}/trainings").json()
    assert [row["state"] for row in listed] == ["cancelled", "running", "paused"]
    large = client.post(f"{API}/trainings", json=TINY | {"model": "mlp"})
    assert_problem(large, 507)
    client.delete(running.accepted["href"])
    assert running.until("cancelled")["state"] == "cancelled"


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
    running.change(speed=0)
    assert running.until("done")["step"] == STEPS
    assert running.curve() == done.curve()
    paused.change(state="running")
    paused.until("done")
    assert paused.curve() == done.curve()


def test_points_and_range_tests_have_no_entry(server: Client) -> None:
    found = begin(server, schedule={"name": "range", "highest": 10}, epochs=2)
    assert found.model is None
    found.until("done")
    assert found()["suggested_rate"] is None or found()["suggested_rate"] > 0
    assert found()["weights"] is None


def test_checkpoints_are_plain_state_dicts(server: Client, done: Started) -> None:
    files = server.services.trainings.get(done()["id"]).files
    first, last = (load_file(files.checkpoint(step)) for step in (0, STEPS))
    assert first.keys() == last.keys()
    assert any(not np.array_equal(first[name], last[name]) for name in first)


def test_what_it_said_of_a_picture_at_each_checkpoint(done: Started, digits: Array) -> None:
    path = f"{API}/models/{done.model}"
    found = done.client.post(f"{path}/answers", **npy_body(digits[0])).json()
    assert found["steps"] == [each["step"] for each in done()["checkpoints"]]
    for step, probabilities in zip(found["steps"], found["probabilities"], strict=True):
        query: dict[str, Any] = {"weights": f"step-{step}", "top": 10}
        answer = done.client.post(f"{path}/predictions", **npy_body(digits[0]), params=query)
        top = answer.json()["predictions"][0]["top"]
        expected = [each["probability"] for each in sorted(top, key=lambda each: each["class"])]
        np.testing.assert_allclose(probabilities, expected, atol=1e-5)

    some = done.client.post(f"{path}/answers", **npy_body(digits[0]), params={"steps": "0,5,999"})
    assert some.json()["steps"] == [0, 5]
    wrong = done.client.post(f"{path}/answers", **npy_body(digits[0]), params={"steps": "1,x"})
    assert_problem(wrong, 422)
    assert_problem(done.client.post(f"{path}/answers", **npy_body(digits[:2])), 422)
    shipped = done.client.post(f"{API}/models/lenet5/answers", **npy_body(digits[0]))
    assert_problem(shipped, 409)


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
