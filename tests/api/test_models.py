from __future__ import annotations

import pytest

import models
from app.schemas import ModelDetail, ModelSummary
from models import weights
from tests.api.conftest import API, DIGITS, Client, assert_problem


def test_the_list_has_every_network_with_its_weights(client: Client) -> None:
    answer = client.get(f"{API}/models")
    summaries = {row["id"]: ModelSummary.model_validate(row) for row in answer.json()}
    assert set(summaries) == set(models.names())
    for model_id, card in weights.shipped().items():
        info = summaries[model_id].weights
        assert (info.status, info.sha256, info.bytes) == ("ready", card.sha256, card.bytes)
        assert info.accuracy == card.accuracy


@pytest.mark.parametrize("model", DIGITS)
def test_a_network_has_its_layers_and_stages(client: Client, model: str) -> None:
    detail = ModelDetail.model_validate(client.get(f"{API}/models/{model}").json())
    names = {name for name, _ in models.create(model).named_modules() if name}
    layers = {layer.id for layer in detail.layers}
    assert layers == names | {"input"}
    for stage in detail.stages:
        assert {stage.output, *stage.layers} <= layers
    assert sum(layer.parameters for layer in detail.layers) == detail.parameters


def test_harley_has_9134_units(client: Client) -> None:
    detail = ModelDetail.model_validate(client.get(f"{API}/models/harley").json())
    assert sum(stage.units for stage in detail.stages) == 9134


def test_an_unknown_network_names_the_nearest(client: Client) -> None:
    answer = client.get(f"{API}/models/harly")
    assert_problem(answer, 404, field="model", nearest="harley", valid_models=models.names())


def test_a_network_without_weights_can_still_be_looked_at(client: Client) -> None:
    detail = ModelDetail.model_validate(client.get(f"{API}/models/squeezenet1_1").json())
    assert (detail.weights.status, detail.weights.source) == ("downloadable", None)
    assert detail.input.shape == (3, 224, 224)
    assert {source.id for source in detail.weights.sources} == {"official", "file"}
    assert len(detail.layers) > 60
