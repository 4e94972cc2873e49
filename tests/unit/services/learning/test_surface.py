"""Decision surfaces against one forward pass a place."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from app.services.learning.surface import plane as square
from app.services.learning.surface import surface
from tests.unit.services.learning.subjects import POINTS, net, plane, subject


def test_every_unit_at_every_place() -> None:
    one = subject(POINTS, (2, 1, 1), 1, plane())
    loaded, network = one.loaded, net(one)
    layers = {layer.id: layer for layer in surface(loaded, 5, (-6, 6))}
    assert list(layers) == ["input", "fc1", "out"]
    along = [-6.0, -3.0, 0.0, 3.0, 6.0]
    for row, y in enumerate(reversed(along)):
        for column, x in enumerate(along):
            place = torch.tensor([x, y])
            assert layers["input"].units[:, row, column].tolist() == [x, y]
            hidden = torch.sigmoid(network.fc1(place))
            assert torch.allclose(layers["fc1"].units[:, row, column], hidden, atol=1e-6)
            out = network.out(hidden)
            assert torch.allclose(layers["out"].units[:, row, column], out, atol=1e-6)
    assert _equal(layers["fc1"].weights, network.fc1.weight)
    assert _equal(layers["out"].bias, network.out.bias)


def test_rows_go_down() -> None:
    assert square(2, (0, 1)).tolist() == [[0, 1], [1, 1], [0, 0], [1, 0]]


def test_a_perceptron_has_one_layer() -> None:
    one = subject([], (2, 1, 1), 1, plane())
    (_, out) = surface(one.loaded, 3, (-1, 1))
    assert out.weights is not None
    weights, bias = out.weights[0], net(one).out.bias[0]
    assert float(out.units[0, 0, 2]) == pytest.approx(float(weights.sum() + bias))


def _equal(found: Tensor | None, expected: Tensor) -> bool:
    return found is not None and torch.equal(found, expected)
