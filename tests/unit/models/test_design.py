"""Networks from a list of layers: names, shapes, and what cannot be."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

import models
from models.design import ACTIVATIONS, DesignError, build, parts
from models.layers import BinaryStep, MinPool2d, SameConv2d

LENET: list[dict[str, Any]] = [
    {"type": "conv", "channels": 6, "kernel": 5, "padding": 2},
    {"type": "activation", "name": "sigmoid"},
    {"type": "pool", "kind": "average", "kernel": 2},
    {"type": "conv", "channels": 16, "kernel": 5},
    {"type": "activation", "name": "sigmoid"},
    {"type": "pool", "kind": "average", "kernel": 2},
    {"type": "dense", "units": 120},
    {"type": "activation", "name": "sigmoid"},
    {"type": "dense", "units": 84},
    {"type": "activation", "name": "sigmoid"},
]


def test_names_speak_and_are_counted_by_kind() -> None:
    network = build(LENET, (1, 28, 28), 10)
    assert [name for name, _ in network.named_children()] == [
        "conv1", "sigmoid1", "pool1", "conv2", "sigmoid2", "pool2", "flatten",
        "fc1", "sigmoid3", "fc2", "sigmoid4", "out",
    ]  # fmt: skip
    assert sum(p.numel() for p in network.parameters()) == 61_706  # LeNet-5 with a full C3


def test_a_built_network_computes_what_the_same_modules_compute() -> None:
    network = build(LENET[:3], (1, 28, 28), 4)
    weights = {
        name.partition(".")[2]: value for name, value in network[0].named_parameters(prefix="conv1")
    }
    plain = nn.Conv2d(1, 6, 5, padding=2)
    plain.load_state_dict(weights)
    x = torch.randn(2, 1, 28, 28)
    maps = nn.functional.avg_pool2d(torch.sigmoid(plain(x)), 2)
    assert torch.equal(network[:3](x), maps)
    assert torch.equal(network(x), network[-1](maps.flatten(1)))


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1, 2, "same"])
@pytest.mark.parametrize("size", [(7, 7), (9, 6)])
def test_shapes_are_those_that_the_modules_give(
    kernel: int, stride: int, padding: int | str, size: tuple[int, int]
) -> None:
    windows: list[dict[str, Any]] = [
        {"type": "conv", "channels": 3, "kernel": kernel, "stride": stride, "padding": padding}
    ]
    if padding != "same" and 2 * int(padding) <= kernel:
        windows += [
            {"type": "pool", "kind": kind, "kernel": kernel, "stride": stride, "padding": padding}
            for kind in ("max", "average", "min")
        ]
    for window in windows:
        (part,) = parts([window], (2, *size), 0)
        assert tuple(part.module(torch.zeros(1, 2, *size)).shape[1:]) == part.shape


def test_same_keeps_the_size() -> None:
    for kernel in range(1, 8):
        layer = {"type": "conv", "channels": 1, "kernel": kernel, "padding": "same"}
        (part,) = parts([layer], (1, 8, 8), 0)
        assert part.shape == (1, 8, 8)
        assert isinstance(part.module, SameConv2d) == (kernel % 2 == 0)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("channels", [4, 6])
def test_a_residual_block_adds_what_came_in(channels: int, stride: int) -> None:
    layer = {"type": "residual", "channels": channels, "stride": stride}
    network = build([layer], (4, 7, 7), 0).eval()
    x = torch.randn(2, 4, 7, 7)
    block: Any = network.block1
    around = x if block.downsample is None else block.downsample(x)
    assert (block.downsample is None) == (channels == 4 and stride == 1)
    inner = block.bn2(block.conv2(torch.relu(block.bn1(block.conv1(x)))))
    assert torch.equal(network(x), torch.relu(inner + around))


def test_min_pooling_takes_the_smallest_and_never_the_padding() -> None:
    x = torch.randn(2, 3, 6, 6)
    assert torch.equal(MinPool2d(2)(x), x.unfold(2, 2, 2).unfold(3, 2, 2).amin((-1, -2)))
    assert MinPool2d(3, 2, 1)(torch.ones(1, 1, 5, 5)).min() == 1


def test_a_threshold_unit_is_one_above_zero_and_lets_no_gradient_through() -> None:
    x = torch.tensor([-1.0, 0.0, 1e-30, 2.0], requires_grad=True)
    y = BinaryStep()(x)
    assert y.tolist() == [0, 0, 1, 1]
    y.sum().backward()
    assert x.grad is not None
    assert x.grad.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_activations_keep_the_shape(name: str) -> None:
    network = build([{"type": "activation", "name": name}], (2, 3, 3), 5)
    assert network(torch.randn(4, 2, 3, 3)).shape == (4, 5)


def test_points_are_flattened_at_once() -> None:
    network = build([], (2, 1, 1), 1)
    assert [name for name, _ in network.named_children()] == ["flatten", "out"]
    assert network(torch.randn(5, 2, 1, 1)).shape == (5, 1)


def test_classes_can_be_left_out() -> None:
    network = build([{"type": "conv", "channels": 3}], (1, 5, 5), 0)
    assert network(torch.zeros(1, 1, 5, 5)).shape == (1, 3, 3, 3)


@pytest.mark.parametrize(
    ("layers", "index", "field", "words"),
    [
        ([LENET[3], {"type": "conv", "channels": 2, "kernel": 5}], 1, "kernel",
         "The kernel of 5×5 is larger than the 4×4 that layer 2 gets."),
        ([{"type": "conv", "channels": 2, "kernel": 15, "padding": 2}], 0, "kernel",
         "The kernel of 15×15 is larger than the 8×8 that layer 1 gets, 12×12 with its padding."),
        ([{"type": "pool", "kernel": 2, "padding": 2}], 0, "padding",
         "A padding of 2 is more than half of layer 1's kernel of 2×2"),
        ([{"type": "dense", "units": 30}, {"type": "conv", "channels": 2}], 1, "type",
         "Layer 2 is a convolution, which reads feature maps, but it gets a list of 30 numbers"),
        ([{"type": "dense", "units": 30}, {"type": "response_norm"}], 1, "type",
         "a local response normalization"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_with_its_numbers(
    layers: list[dict[str, Any]], index: int, field: str, words: str
) -> None:
    with pytest.raises(DesignError) as caught:
        build(layers, (1, 8, 8), 10)
    assert words in str(caught.value)
    assert (caught.value.index, caught.value.field) == (index, field)


def test_digitnet_can_be_put_together() -> None:
    layers: list[dict[str, Any]] = []
    for channels, kernel, padding in [(16, 5, 2), (32, 3, 1), (32, 3, 1), (64, 3, 0)]:
        conv = {"type": "conv", "channels": channels, "kernel": kernel, "padding": padding}
        layers += [{**conv, "bias": False}, {"type": "batch_norm"}, {"type": "activation"}]
        if len(layers) in (3, 10):
            layers.append({"type": "pool"})
    layers += [{"type": "dropout", "probability": 0.3}, {"type": "dense", "units": 128}]
    layers += [{"type": "activation"}, {"type": "dropout", "probability": 0.3}]
    own, known = build(layers, (1, 28, 28), 10).eval(), models.load("digitnet")
    own.load_state_dict(known.state_dict())
    x = torch.rand(2, 1, 28, 28)
    assert torch.equal(own(x), known(x))
