"""The quicker forms of layers give the numbers and gradients of the layers themselves."""

from __future__ import annotations

from copy import deepcopy

import pytest
import torch
from torch import Tensor, nn

import models
from app.services.training.quick import quicken
from models.layers import ScaledTanh, SparseConv2d, Subsample


def pair(module: nn.Module, shape: tuple[int, ...]) -> tuple[list[Tensor], list[Tensor]]:
    """Output, gradient of the input and of the parameters: the layer's own, the quicker form's."""
    results = []
    x = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    for quick in (False, True):
        layer = deepcopy(module)
        if quick:
            quicken(layer)
        inputs = x.clone().contiguous(memory_format=torch.channels_last).requires_grad_()
        y = layer(inputs)
        wanted = [inputs, *layer.parameters()]
        weights = torch.arange(y.numel()).view(y.shape) % 7 - 3.0
        results.append([y.detach(), *torch.autograd.grad((y * weights).sum(), wanted)])
    return results[0], results[1]


@pytest.mark.parametrize(
    ("module", "shape"),
    [
        (ScaledTanh(), (3, 4, 5, 5)),
        (Subsample(4), (3, 4, 6, 8)),
        (Subsample(4), (3, 4, 7, 8)),
        (nn.Conv2d(3, 5, 4), (2, 3, 4, 4)),
        (nn.Conv2d(3, 5, 3, padding=1), (2, 3, 3, 3)),
        (SparseConv2d(3, ((0, 1), (2,)), 3), (2, 3, 3, 3)),
        (models.create("lenet5"), (2, 1, 32, 32)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_same_numbers(module: nn.Module, shape: tuple[int, ...]) -> None:
    if isinstance(module, Subsample):
        nn.init.normal_(module.weight)
        nn.init.normal_(module.bias)
    for own, quick in zip(*pair(module, shape), strict=True):
        torch.testing.assert_close(own, quick, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("probability", [0.1, 0.5])
def test_dropout_keeps_its_share_and_the_mean(probability: float) -> None:
    layer = nn.Dropout(probability)
    quicken(layer)
    y = layer(torch.ones(200, 501))
    assert float((y == 0).float().mean()) == pytest.approx(probability, abs=0.01)
    assert float(y.mean()) == pytest.approx(1, abs=0.02)
    assert torch.equal(layer.eval()(torch.ones(4)), torch.ones(4))


def test_the_parameters_stay_the_networks_own() -> None:
    network = models.create("lenet5")
    names = list(network.state_dict())
    quicken(network)
    assert list(network.state_dict()) == names
