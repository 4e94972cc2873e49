from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from app.services.learning.newest import newest
from app.services.trainings.files import packed
from models.design import build

LAYERS: list[dict[str, Any]] = [
    {"type": "dense", "units": 3},
    {"type": "activation", "name": "relu"},
] * 11


def test_layers_come_in_their_order_with_the_step(tmp_path: Path) -> None:
    network = build(LAYERS, (2, 1, 1), 1)
    file = tmp_path / "live.safetensors"
    file.write_bytes(packed(network.state_dict(), step="17"))
    step, layers = newest(file)
    assert step == 17
    assert [layer.id for layer in layers] == [*(f"fc{number}" for number in range(1, 12)), "out"]
    assert torch.equal(layers[-1].weight, network.get_parameter("out.weight"))
    assert [layer.weight.shape[1] for layer in layers] == [2, *[3] * 11]


def test_before_the_first_step_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"live\.safetensors"):
        newest(tmp_path / "live.safetensors")
