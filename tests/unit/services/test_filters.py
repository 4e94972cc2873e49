"""Kernels as tensors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch.nn import functional as F

from app.services.filter_summary import summarize
from app.services.filters import (
    NoKernelsError,
    kernel_shape,
    kernels,
    source_of,
    weighted_layers,
)
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


def plain_summary(kernel: torch.Tensor) -> dict[str, float]:
    """What torch says of the weights of one filter."""
    return {
        "norm": float(kernel.norm()),
        "mean": float(kernel.mean()),
        "std": float(kernel.std(correction=0)),
        "min": float(kernel.min()),
        "max": float(kernel.max()),
    }


def test_every_layer_has_a_summary_of_each_filter(any_case: Case) -> None:
    network, graph = any_case.network, any_case.graph
    for layer in weighted_layers(graph):
        info = graph.layer(layer)
        found = summarize(network, graph, layer)
        assert [each.channel for each in found] == list(range(info.output_shape[0]))
        values = source_of(graph, layer).output_shape
        for each in found:
            inputs = [item.channel for item in each.strongest]
            assert all(0 <= channel < values[0] for channel in inputs)
            norms = [item.norm for item in each.strongest]
            assert norms == sorted(norms, reverse=True)
            assert each.min <= each.mean <= each.max


def test_summary_of_a_convolution(make_case: MakeCase) -> None:
    one = make_case("digitnet")
    weight = one.network.get_parameter("conv2.weight").detach()
    for each in summarize(one.network, one.graph, "conv2", strongest=3):
        kernel = weight[each.channel]
        plain = plain_summary(kernel)
        assert each.model_dump(include=set(plain)) == pytest.approx(plain, rel=1e-5, abs=1e-7)
        best = kernel.flatten(1).norm(dim=1).argsort(descending=True)[:3].tolist()
        assert [item.channel for item in each.strongest] == best


def test_summary_of_a_sparse_table_counts_what_is_connected(make_case: MakeCase) -> None:
    one = make_case("harley")
    table = one.graph.layer("conv2").connections or []
    weight = kernels(one.network, one.graph, "conv2")
    for each, row in zip(summarize(one.network, one.graph, "conv2", 64), table, strict=True):
        plain = plain_summary(weight[each.channel][row])
        assert each.model_dump(include=set(plain)) == pytest.approx(plain, rel=1e-5, abs=1e-7)
        assert {item.channel for item in each.strongest} == set(row)


def test_summary_of_groups_names_the_channels_of_the_whole_input(make_case: MakeCase) -> None:
    one = make_case("windows")
    depthwise = summarize(one.network, one.graph, "depthwise")
    assert [[item.channel for item in each.strongest] for each in depthwise] == [
        [channel // 2] for channel in range(8)
    ]
    dilated = summarize(one.network, one.graph, "dilated", 64)
    assert [{item.channel for item in each.strongest} for each in dilated] == [
        set(range(4)) if channel < 3 else set(range(4, 8)) for channel in range(6)
    ]


def test_summary_of_a_transposed_convolution(make_case: MakeCase) -> None:
    one = make_case("unet")
    weight = one.network.get_parameter("up.weight").detach()  # I, O, kH, kW
    for each in summarize(one.network, one.graph, "up"):
        assert each.norm == pytest.approx(float(weight[:, each.channel].norm()), rel=1e-5)


def test_a_dense_layer_over_maps_has_maps_as_inputs(make_case: MakeCase) -> None:
    one = make_case("harley")
    assert source_of(one.graph, "fc1").output_shape == [16, 5, 5]
    weight = one.network.get_parameter("fc1.weight").detach().reshape(-1, 16, 25)
    first = summarize(one.network, one.graph, "fc1", 16)[0]
    norms = {item.channel: item.norm for item in first.strongest}
    assert [norms[channel] for channel in range(16)] == pytest.approx(
        weight[0].norm(dim=1).tolist(), rel=1e-5
    )


def test_batch_normalization_has_its_scale_and_shift(make_case: MakeCase) -> None:
    one = make_case("digitnet")
    x, y = one.activations["conv1"], one.activations["bn1"]
    for each in summarize(one.network, one.graph, "bn1"):
        assert each.bias is not None
        torch.testing.assert_close(
            x[each.channel] * each.mean + each.bias, y[each.channel], rtol=1e-4, atol=1e-5
        )
        assert [item.channel for item in each.strongest] == [each.channel]


def test_some_channels_and_shapes_at_no_cost(any_case: Case) -> None:
    network, graph = any_case.network, any_case.graph
    for layer in weighted_layers(graph):
        whole = kernels(network, graph, layer)
        assert kernel_shape(network, graph, layer) == tuple(whole.shape)
        assert torch.equal(kernels(network, graph, layer, [1, 0]), whole[[1, 0]])
