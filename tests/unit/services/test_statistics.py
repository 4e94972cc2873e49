"""Statistics of layers, with PyTorch in float64 as the oracle."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from app.services.statistics import layer_stats


def test_a_small_layer() -> None:
    values = torch.tensor([[[0.0, 1.0], [-2.0, 0.0]]])
    (stats,) = layer_stats({"conv": values})
    assert (stats.id, stats.shape) == ("conv", [1, 2, 2])
    assert (stats.min, stats.max, stats.mean, stats.zero_fraction) == (-2, 1, -0.25, 0.5)
    assert stats.std == pytest.approx(float(values.std(correction=0)))


@pytest.mark.parametrize(
    "values",
    [
        torch.randn(7, 131, 97).relu(),  # more than one block, and a last one that is shorter
        torch.randn(3, 50, 50) * 1e-3 + 1000,
        torch.zeros(2, 300, 300),
        torch.full((10,), 0.1),
        torch.randn(4, 64, 80).transpose(1, 2),
    ],
    ids=["blocks", "offset", "zeros", "constant", "strided"],
)
def test_large_layers(values: Tensor) -> None:
    (stats,) = layer_stats({"conv": values})
    exact = values.double()
    assert (stats.min, stats.max) == (float(values.min()), float(values.max()))
    assert stats.mean == pytest.approx(float(exact.mean()), rel=1e-9)
    assert stats.std == pytest.approx(float(exact.std(correction=0)), rel=1e-4, abs=1e-7)
    assert stats.zero_fraction == pytest.approx(float((values == 0).double().mean()))
