from __future__ import annotations

from typing import Any

import pytest
import torch

from app.schemas import PointsPreview, TrainingRequest
from app.services import datasets
from app.services.training import Config, Moment, complete, train
from tests.api.conftest import API, Client, assert_problem

URL = f"{API}/trainings/previews"
HIDDEN = [{"type": "dense", "units": 3}, {"type": "activation", "name": "tanh"}]
REQUEST: dict[str, Any] = {
    "design": {"name": "2-3-1", "layers": HIDDEN},
    "dataset": {"id": "points", "points": "moons", "count": 40, "test_share": 0.25},
    "seed": 5,
}


def ask(client: Client, **changes: Any) -> PointsPreview:
    answer = client.post(URL, json=REQUEST | changes)
    assert answer.status_code == 200, answer.text
    return PointsPreview.model_validate(answer.json())


def test_points_and_weights_are_those_of_the_training(client: Client) -> None:
    found = ask(client)
    assert (len(found.points.train), len(found.points.test)) == (30, 10)
    assert [layer.id for layer in found.layers] == ["fc1", "out"]
    info = datasets.info("points")
    config = Config.of(complete(TrainingRequest.model_validate(REQUEST), info))
    material = datasets.material(config.data, _no_input(), config.seed)
    moment = next(event for event in train(config, material) if isinstance(event, Moment))
    weights = moment.weights()
    for layer in found.layers:
        assert torch.equal(torch.tensor(layer.weights), weights[f"{layer.id}.weight"])
        assert torch.equal(torch.tensor(layer.bias), weights[f"{layer.id}.bias"])
    assert material.train[0, :, 0, 0].tolist() == list(found.points.train[0][:2])


def test_another_seed_gives_others(client: Client) -> None:
    assert ask(client, seed=6) != ask(client)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"dataset": {"id": "mnist"}}, "dataset.id"),
        ({"design": None, "model": "mlp"}, "design"),
        (
            {"design": {"layers": [*HIDDEN, {"type": "conv", "channels": 2}]}},
            "design.layers.2.type",
        ),
        ({"design": {"layers": [{"type": "dense", "units": 4096}] * 9}}, "design.layers"),
    ],
)
def test_what_cannot_be_is_told(client: Client, changes: dict[str, Any], field: str) -> None:
    answer = client.post(URL, json=REQUEST | changes)
    assert_problem(answer, 422)
    assert answer.json()["field"].startswith(field)


def _no_input() -> Any:
    """Points are no pictures: what the network takes in decides nothing."""
    return None
