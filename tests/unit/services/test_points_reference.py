"""What the browser's forward pass is held to (tests/js/points-net.test.js) is PyTorch's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn import functional as F

from models.design import ACTIVATIONS

_REFERENCE = json.loads((Path(__file__).parents[2] / "js" / "points-reference.json").read_text())


@pytest.mark.parametrize("network", _REFERENCE["networks"], ids=lambda each: each["activation"])
def test_the_reference_is_what_pytorch_computes(network: dict[str, Any]) -> None:
    places = torch.tensor(_REFERENCE["points"])
    hidden, out = (
        (torch.tensor(layer["weights"]), torch.tensor(layer["bias"])) for layer in network["layers"]
    )
    units = ACTIVATIONS[network["activation"]]()(F.linear(places, *hidden))
    logits = F.linear(units, *out)[:, 0]
    loss = F.binary_cross_entropy_with_logits(logits, torch.tensor(_REFERENCE["labels"]).float())
    torch.testing.assert_close(units.T, torch.tensor(network["hidden"]))
    torch.testing.assert_close(logits, torch.tensor(network["logit"]))
    torch.testing.assert_close(logits.sigmoid(), torch.tensor(network["probability"]))
    torch.testing.assert_close(loss.item(), network["loss"], rtol=1e-6, atol=1e-6)


def test_every_activation_is_held() -> None:
    assert {network["activation"] for network in _REFERENCE["networks"]} == set(ACTIVATIONS)
