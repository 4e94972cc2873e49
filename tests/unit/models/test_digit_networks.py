"""The digit networks are what their papers say."""

from __future__ import annotations

import pytest
import torch

import models
from models.layers import LENET_TABLE


def parameters(model_id: str) -> dict[str, int]:
    """Trainable parameters of each layer that has any."""
    layers = models.create(model_id).named_modules()
    counts = {
        name: sum(p.numel() for p in layer.parameters())
        for name, layer in layers
        if name and not list(layer.children())
    }
    return {name: count for name, count in counts.items() if count}


def test_all_four_are_registered() -> None:
    assert set(models.names()) >= {"mlp", "harley", "lenet5", "digitnet"}


def test_lenet5_has_the_papers_parameters_layer_by_layer() -> None:
    counts = parameters("lenet5")
    # The output is a dense layer here; the paper's radial-basis output has nothing to train.
    assert counts.pop("out") == 850
    assert list(counts.values()) == [156, 12, 1516, 32, 48120, 10164]


def test_harley_has_62902_parameters() -> None:
    assert sum(parameters("harley").values()) == 62_902


def test_mlp_is_784_300_100_10() -> None:
    counts = parameters("mlp")
    assert list(counts.values()) == [785 * 300, 301 * 100, 101 * 10]


def test_the_sparse_table_has_sixty_kernels() -> None:
    assert sum(len(row) for row in LENET_TABLE) == 60


@pytest.mark.parametrize("model_id", ["mlp", "harley", "lenet5", "digitnet"])
def test_shipped_weights_fit_and_answer(model_id: str) -> None:
    network, spec = models.load(model_id), models.spec(model_id)
    assert not network.training
    with torch.inference_mode():
        assert network(torch.zeros(2, *spec.input.shape)).shape == (2, 10)
