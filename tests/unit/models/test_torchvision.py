"""From the same seed our networks compute what torchvision's do: same layers, same order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

import models

EXPECTED: dict[str, list[float]] = {
    name: outputs
    for name, outputs in json.loads(
        (Path(__file__).parent / "torchvision.json").read_text(encoding="utf-8")
    ).items()
    if name != "credit"
}


@pytest.mark.parametrize("model_id", EXPECTED)
def test_the_same_seed_gives_the_same_outputs(model_id: str) -> None:
    torch.manual_seed(0)
    network = models.create(model_id, num_classes=50).eval()
    x = torch.rand(1, 3, 224, 224)
    with torch.inference_mode():
        found = network(x)[0]
    expected = torch.tensor(EXPECTED[model_id])
    largest = float(expected.abs().max())  # 1.6 for ResNet-18, 3e-10 for MobileNetV2
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5 * largest)
