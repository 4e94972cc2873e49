"""Networks to begin with, and what a training would come to."""

from __future__ import annotations

from app.schemas import DesignPreset
from tests.api.conftest import API, Client


def test_presets_are_whole_designs(client: Client) -> None:
    answer = client.get(f"{API}/designs")
    assert answer.status_code == 200
    found = [DesignPreset.model_validate(row) for row in answer.json()]
    assert {"softmax", "mlp", "lenet-sigmoid", "lenet-relu", "perceptron"} <= {p.id for p in found}
    lenet = next(preset for preset in found if preset.id == "lenet-relu")
    assert [layer.type for layer in lenet.design.layers][:3] == ["conv", "activation", "pool"]
