"""What a training that is done has to show: numbers, curves, checkpoints, its network."""

from __future__ import annotations

from typing import Any

import numpy as np
from safetensors.torch import load_file

from tests.api.conftest import API, Array, Client, assert_problem, npy_body
from tests.api.trainings.conftest import STEPS, Started, begin


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


def test_checkpoints_are_plain_state_dicts(server: Client, done: Started) -> None:
    files = server.services.trainings.get(done()["id"]).files
    first, last = (load_file(files.checkpoint(step)) for step in (0, STEPS))
    assert first.keys() == last.keys()
    assert any(not np.array_equal(first[name], last[name]) for name in first)


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


def test_points_and_range_tests_have_no_entry(server: Client) -> None:
    found = begin(server, schedule={"name": "range", "highest": 10}, epochs=2)
    assert found.model is None
    found.until("done")
    assert found()["suggested_rate"] is None or found()["suggested_rate"] > 0
    assert found()["weights"] is None
