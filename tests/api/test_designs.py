"""Networks to begin with, and what a training would come to."""

from __future__ import annotations

from typing import Any

import pytest

import models
from app.schemas import DesignPreset, TrainingRequest
from tests.api.conftest import API, Client, MakeClient, assert_problem


def test_presets_are_whole_designs(client: Client) -> None:
    answer = client.get(f"{API}/designs")
    assert answer.status_code == 200
    found = [DesignPreset.model_validate(row) for row in answer.json()]
    assert {"softmax", "mlp", "lenet-sigmoid", "lenet-relu", "perceptron"} <= {p.id for p in found}
    lenet = next(preset for preset in found if preset.id == "lenet-relu")
    assert [layer.type for layer in lenet.design.layers][:3] == ["conv", "activation", "pool"]


def _check(client: Client, **body: Any) -> dict[str, Any]:
    answer = client.post(f"{API}/trainings/checks", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_check_fills_in_the_recipe_and_counts(client: Client) -> None:
    found = _check(client, model="lenet5", batch=128, epochs=3)
    assert found["problems"] == []
    full = TrainingRequest.model_validate(found["request"])
    assert full.optimizer is not None
    assert full.schedule is not None
    assert full.augmentation is not None
    network = models.create("lenet5")
    assert found["parameters"] == sum(value.numel() for value in network.parameters())
    assert (found["pictures"], found["steps_per_epoch"], found["steps"]) == (60_000, 469, 1407)
    assert found["bytes"] > 4 * found["parameters"]
    assert found["layers"][0] == {
        "index": 0, "id": "c1", "type": "Conv2d", "output_shape": [6, 28, 28],
        "parameters": 156, "macs": 117_600,
    }  # fmt: skip


def test_a_share_and_a_range_test(client: Client) -> None:
    found = _check(
        client,
        model="mlp",
        batch=100,
        dataset={"share": 0.02},
        schedule={"name": "range"},
    )
    assert (found["pictures"], found["steps_per_epoch"], found["steps"]) == (1200, 12, 200)


def test_points_have_one_output(client: Client) -> None:
    found = _check(client, design={"layers": [{"type": "dense", "units": 4}]},
                   dataset={"id": "points", "count": 100, "test_share": 0.3}, batch=10)  # fmt: skip
    assert [layer["id"] for layer in found["layers"]] == ["fc1", "out"]
    assert found["parameters"] == 12 + 5
    assert found["pictures"] == 70


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"design": {"layers": [{"type": "pool", "kernel": 8},
                                {"type": "conv", "channels": 6, "kernel": 5}]}},
         "design.layers.1.kernel",
         "The kernel of 5×5 is larger than the 3×3 that layer 2 gets."),
        ({"design": {"layers": [{"type": "conv", "channels": 6, "kernel": 99}]}},
         "design.layers.0.kernel", "99 is not possible: it must be at most 15."),
        ({"model": "lenet5", "epochs": 0}, "epochs", "0 is not possible: it must be more than 0."),
        ({}, "", "Name one network"),
        ({"model": "lenet6"}, "model", "Did you mean 'lenet5'?"),
        ({"model": "alexnet"}, "model", "takes pictures of 3 channel(s)"),
        ({"model": "mlp", "dataset": {"id": "points"}}, "model", "Points have two coordinates"),
        ({"model": "lenet5", "optimizer": {"name": "perceptron"}}, "optimizer.name",
         "says nothing about hidden layers"),
        ({"model": "digitnet", "batch": 1}, "batch", "at least two pictures"),
        ({"design": {"layers": [{"type": "conv", "channels": 2000, "padding": "same"}]},
          "batch": 8192}, "batch", "would take about"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_in_words(
    client: Client, body: dict[str, Any], field: str, words: str
) -> None:
    problem = _check(client, **body)["problems"][0]
    assert problem["field"] == field
    assert words in problem["detail"]
    assert_problem(client.post(f"{API}/trainings", json=body), 422)  # it is not begun either


def test_layers_before_the_impossible_one_are_told(client: Client) -> None:
    design = {"layers": [{"type": "pool", "kernel": 8}, {"type": "conv", "channels": 6,
                                                         "kernel": 5}]}  # fmt: skip
    found = _check(client, design=design)
    assert [layer["output_shape"] for layer in found["layers"]] == [[1, 3, 3]]
    assert found["parameters"] is None


def test_limits_of_the_server_hold_for_a_check(make_client: MakeClient) -> None:
    client = make_client(max_training_parameters=1000)
    body = {"model": "mlp"}
    (problem,) = _check(client, **body)["problems"]
    assert problem["field"] == "model"
    assert "266,610 parameters; at most 1,000" in problem["detail"]
    assert_problem(client.post(f"{API}/trainings", json=body), 422, detail=problem["detail"])
