"""Kernels as tensors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch.nn import functional as F

from app.services.filters import NoKernelsError, kernels, weighted_layers
from app.services.graph import UnknownLayerError
from tests.unit.services.conftest import Case

MakeCase = Callable[[str], Case]


def test_shapes(make_case: MakeCase) -> None:
    one = make_case("lenet5")
    shapes = {
        layer: list(kernels(one.network, one.graph, layer).shape)
        for layer in weighted_layers(one.graph)
    }
    assert shapes == {
        "c1": [6, 1, 5, 5],
        "s2": [6, 1, 2, 2],
        "c3": [16, 6, 5, 5],
        "s4": [16, 1, 2, 2],
        "c5": [120, 16, 5, 5],
        "f6": [84, 120],
        "out": [10, 84],
    }


def test_a_sparse_table_has_zeros_where_nothing_is_connected(make_case: MakeCase) -> None:
    one = make_case("harley")
    values = kernels(one.network, one.graph, "conv2")
    table = one.graph.layer("conv2").connections or []
    for channel, row in enumerate(values):
        read = [i for i in range(6) if bool(row[i].count_nonzero())]
        assert read == table[channel]


@pytest.mark.parametrize("layer", ["s2", "s4"])
def test_subsampling_as_a_depthwise_convolution(layer: str, make_case: MakeCase) -> None:
    one = make_case("lenet5")
    source = one.activations[one.graph.layer(layer).inputs[0]]
    values = kernels(one.network, one.graph, layer)
    bias = one.network.get_submodule(layer).bias
    assert isinstance(bias, torch.Tensor)
    found = F.conv2d(source[None], values, bias.detach(), stride=2, groups=len(values))[0]
    torch.testing.assert_close(found, one.activations[layer])


def test_kernels_are_the_networks_own_and_detached(any_case: Case) -> None:
    for layer in weighted_layers(any_case.graph):
        values = kernels(any_case.network, any_case.graph, layer)
        assert values.dtype == torch.float32
        assert not values.requires_grad
        assert values.is_contiguous()


def test_layers_without_kernels(make_case: MakeCase) -> None:
    one = make_case("digitnet")
    with pytest.raises(NoKernelsError, match="'relu1' has no kernels") as caught:
        kernels(one.network, one.graph, "relu1")
    convolutions = [name for i in range(1, 5) for name in (f"conv{i}", f"bn{i}")]
    assert caught.value.valid == [*convolutions, "fc1", "out"]
    with pytest.raises(UnknownLayerError):
        kernels(one.network, one.graph, "conv9")


def test_batch_normalization_is_a_depthwise_convolution(make_case: MakeCase) -> None:
    one = make_case("digitnet")
    scale = kernels(one.network, one.graph, "bn1")
    values = one.activations["conv1"].float()
    scaled = F.conv2d(values[None], scale, groups=len(scale))[0]
    shift = one.activations["bn1"] - scaled
    assert scale.shape == (16, 1, 1, 1)
    torch.testing.assert_close(shift, shift[:, :1, :1].expand_as(shift))
