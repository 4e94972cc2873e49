"""The graphs of the networks for photographs: described without memory, true in every part."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

import models
from app.schemas import LayerInfo
from app.services.graph import Graph, describe
from models.layers import SameConv2d
from models.resnet import Bottleneck
from tests.networks import PHOTO_NETWORKS


def on_meta(model_id: str, num_classes: int | None = None) -> nn.Module:
    """A network without memory: names and shapes only."""
    with torch.device("meta"):
        return models.create(model_id, num_classes=num_classes).eval()


@cache
def graph_of(model_id: str) -> Graph:
    return describe(on_meta(model_id), models.spec(model_id))


def blank(model_id: str) -> Tensor:
    return torch.zeros(1, *models.spec(model_id).input.shape, device="meta")


def hooked_shapes(network: nn.Module, x: Tensor) -> dict[str, list[int]]:
    """What every leaf module gives in PyTorch's own forward pass; a second call is name_1."""
    shapes: dict[str, list[int]] = {}

    def remember(name: str) -> Callable[..., None]:
        def hook(module: nn.Module, inputs: Any, output: Tensor) -> None:
            called = sum(key == name or key.startswith(f"{name}_") for key in shapes)
            shapes[f"{name}_{called}" if called else name] = list(output.shape[1:])

        return hook

    for name, module in network.named_modules():
        if name and not any(module.children()):
            module.register_forward_hook(remember(name))
    shapes["output"] = list(network(x).shape[1:])
    return shapes


@pytest.mark.parametrize("model_id", PHOTO_NETWORKS)
def test_shapes_are_those_of_a_forward_pass(model_id: str) -> None:
    graph, network = graph_of(model_id), on_meta(model_id)
    shapes = hooked_shapes(network, blank(model_id))
    classes = [len(models.spec(model_id).classes)]
    assert graph.layer(graph.output).output_shape == shapes.pop("output") == classes
    described = {layer.id: layer.output_shape for layer in graph.layers}
    assert shapes.items() <= described.items()
    # All else are functions: their names are none of a module's.
    names = {name for name, _ in network.named_modules()}
    assert not (described.keys() - shapes.keys()) & names


@pytest.mark.parametrize("model_id", PHOTO_NETWORKS)
def test_layers_stand_behind_what_they_read_and_in_one_stage(model_id: str) -> None:
    graph, seen = graph_of(model_id), set[str]()
    for layer in graph.layers:
        assert layer.id not in seen
        assert seen.issuperset(layer.inputs)
        seen.add(layer.id)
    members = [layer for stage in graph.stages for layer in stage.layers]
    assert sorted(members) == sorted(seen)
    for stage in graph.stages:
        assert stage.units == math.prod(graph.layer(stage.output).output_shape)
        assert {graph.layer(each).stage for each in stage.layers} == {stage.id}
    assert graph.stages[0].id == "input"
    assert all(stage.inputs for stage in graph.stages[1:])


@pytest.mark.parametrize("model_id", PHOTO_NETWORKS)
def test_every_value_but_the_last_is_read(model_id: str) -> None:
    graph = graph_of(model_id)
    read = {source for layer in graph.layers for source in layer.inputs}
    assert {layer.id for layer in graph.layers} - read == {graph.output}


@pytest.mark.parametrize("model_id", PHOTO_NETWORKS)
def test_multiply_adds_are_half_of_the_flops_that_torch_counts(model_id: str) -> None:
    with FlopCounterMode(display=False) as counter:
        on_meta(model_id)(blank(model_id))
    assert graph_of(model_id).macs == counter.get_total_flops() // 2


@pytest.mark.parametrize("model_id", PHOTO_NETWORKS)
def test_without_a_classifier_the_graph_ends_in_feature_maps(model_id: str) -> None:
    whole, features = graph_of(model_id), describe(on_meta(model_id, 0), models.spec(model_id))
    last = features.layer(features.output)
    assert len(last.output_shape) == 3
    # Layer for layer the beginning of the whole network.
    count = len(features.layers)
    assert [layer.id for layer in features.layers] == [layer.id for layer in whole.layers[:count]]
    assert last == whole.layer(last.id).model_copy(update={"stage": last.stage})


def test_auxiliary_heads_stand_in_no_graph() -> None:
    for model_id in ("googlenet", "googlenet_2014"):
        assert not [layer.id for layer in graph_of(model_id).layers if layer.id.startswith("aux")]


def test_an_inception_module() -> None:
    graph = graph_of("googlenet")
    joined = graph.layer("inception3a.cat")
    assert joined.inputs == [
        "inception3a.branch1.relu",
        "inception3a.branch2.1.relu",
        "inception3a.branch3.1.relu",
        "inception3a.branch4.1.relu",
    ]
    assert (joined.type, joined.role, joined.output_shape) == ("Cat", "merge", [256, 28, 28])
    assert graph.layer("inception3a.branch4.0").inputs == ["maxpool2"]
    assert graph.layer("inception3a.branch1.conv").inputs == ["maxpool2"]
    stage = graph.stage("inception3a.branch2.0.conv")
    assert stage.output == "inception3a.branch2.0.relu"
    assert (stage.activation, stage.inputs) == ("ReLU", ["maxpool2"])
    assert graph.stage("inception3a.cat").inputs == [
        "inception3a.branch1.conv",
        "inception3a.branch2.1.conv",
        "inception3a.branch3.1.conv",
        "inception3a.branch4.1.conv",
    ]
    original = graph_of("googlenet_2014")
    assert original.layer("inception3a.branch3.1.conv").kernel_size == (5, 5)
    assert original.stage("maxpool1").output == "norm1"
    assert original.stage("conv3.conv").output == "norm2"


def test_residual_additions() -> None:
    graph = graph_of("resnet50")
    assert graph.layer("layer1.0.add").inputs == ["layer1.0.bn3", "layer1.0.downsample.1"]
    assert graph.layer("layer1.1.add").inputs == ["layer1.1.bn3", "layer1.0.relu_2"]
    stage = graph.stage("layer1.1.add")
    assert (stage.output, stage.shape) == ("layer1.1.relu_2", [256, 56, 56])
    assert stage.inputs == ["layer1.1.conv3", "layer1.0.add"]
    assert graph.layer("layer2.0.conv2").stride == (2, 2)
    assert graph.layer("layer2.0.conv1").stride == (1, 1)
    adds = [layer for layer in graph_of("mobilenet_v2").layers if layer.type == "Add"]
    assert len(adds) == 10
    assert adds[0].inputs == ["features.2.conv.3", "features.3.conv.3"]


def test_groups_and_normalization_of_2012() -> None:
    graph = graph_of("alexnet_2012")
    assert [
        (layer.output_shape, layer.groups) for layer in graph.layers if layer.type == "Conv2d"
    ] == [
        ([96, 55, 55], 1),
        ([256, 27, 27], 2),
        ([384, 13, 13], 1),
        ([384, 13, 13], 2),
        ([256, 13, 13], 2),
    ]
    stage = graph.stage("features.0")
    assert stage.layers == ["features.0", "features.1", "features.2"]
    assert (stage.output, stage.activation) == ("features.2", "ReLU")
    # The paper: 290,400 units behind the first convolution, then (with all of them counted)
    # 186,624, 64,896, 64,896, 43,264, 4096, 4096 and 1000.
    units = [stage.units for stage in graph.stages if graph.layer(stage.id).role == "weighted"]
    assert units == [290_400, 186_624, 64_896, 64_896, 43_264, 4096, 4096, 1000]


def test_same_padding_is_the_padding_before() -> None:
    graph = graph_of("efficientnet_lite0")
    windows = {
        "features.0.0": ((3, 3), (2, 2), (0, 0), [32, 112, 112]),
        "features.1.0.block.0.0": ((3, 3), (1, 1), (1, 1), [32, 112, 112]),
        "features.3.0.block.1.0": ((5, 5), (2, 2), (1, 1), [144, 28, 28]),
        "features.3.1.block.1.0": ((5, 5), (1, 1), (2, 2), [240, 28, 28]),
    }
    for layer_id, window in windows.items():
        layer = graph.layer(layer_id)
        assert (layer.kernel_size, layer.stride, layer.padding, layer.output_shape) == window
    assert graph.layer("features.0.0").type == "SameConv2d"
    assert graph.stage("features.0.0").activation == "ReLU6"


# Behind the last convolution or pooling; Araujo, Norris and Sim, Distill 2019, table 1.
DISTILL = {"alexnet_2012": ("features.14", 195), "vgg16": ("features.30", 212)}


@pytest.mark.parametrize("model_id", DISTILL)
def test_published_receptive_fields(model_id: str) -> None:
    layer, size = DISTILL[model_id]
    assert graph_of(model_id).layer(layer).receptive_field.size == (size, size)


@pytest.mark.parametrize(
    ("model_id", "published", "ours"),
    [("resnet50", 483, 427), ("resnet101", 1027, 971), ("resnet152", 1507, 1451)],
)
def test_published_receptive_fields_of_resnets(model_id: str, published: int, ours: int) -> None:
    """The published ones are of the paper's networks, with the stride in the first 1×1."""
    last = graph_of(model_id).layer("layer4.2.conv2")
    assert last.receptive_field.size == (ours, ours)
    network = on_meta(model_id)
    for block in network.modules():
        if isinstance(block, Bottleneck):
            block.conv1.stride, block.conv2.stride = block.conv2.stride, (1, 1)
    graph = describe(network, models.spec(model_id))
    assert graph.layer("layer4.2.conv2").receptive_field.size == (published, published)


def linear(module: nn.Module) -> nn.Module | None:
    """A stand-in through which every cell of a window has its influence."""
    if isinstance(module, nn.MaxPool2d):
        size, stride = module.kernel_size, module.stride
        return nn.AvgPool2d(size, stride, module.padding, ceil_mode=module.ceil_mode)
    if isinstance(module, nn.ReLU | nn.ReLU6 | nn.LocalResponseNorm | nn.BatchNorm2d):
        return nn.Identity()
    return None


def linearised(network: nn.Module) -> nn.Module:
    """The network with positive kernels and nothing that bends: no influence is cancelled."""
    for name, module in list(network.named_modules()):
        replacement = linear(module)
        if replacement is not None:
            network.set_submodule(name, replacement)
        elif isinstance(module, nn.Conv2d):
            nn.init.constant_(module.weight, 1 / module.weight[0].numel())
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return network


def influence(
    network: nn.Module, graph: Graph, layer: LayerInfo, unit: tuple[int, ...]
) -> list[tuple[int, int]]:
    """First and last row, first and last column of the input that a unit depends on."""
    x = torch.rand(1, *graph.layer("input").output_shape, requires_grad=True)
    values: dict[str, Tensor] = {"input": x}
    for each in graph.layers[1:]:
        inputs = (values[source] for source in each.inputs)
        values[each.id] = graph.apply(network, each.id, *inputs)
        if each.id == layer.id:
            break
    (gradient,) = torch.autograd.grad(values[layer.id][0][unit], x)
    axes = (gradient[0] != 0).any(0).nonzero(as_tuple=True)
    return [(int(axis.min()), int(axis.max())) for axis in axes]


def last_read(graph: Graph, axis: int) -> int:
    """The last pixel that the first convolution reads; a stride may leave some at the edge."""
    first = graph.layers[1]
    assert first.kernel_size
    assert first.stride
    assert first.padding
    steps = (first.output_shape[1 + axis] - 1) * first.stride[axis]
    return steps - first.padding[axis] + first.kernel_size[axis] - 1


@pytest.mark.parametrize(
    ("model_id", "layer_id"),
    [
        ("alexnet", "features.12"),
        ("alexnet_2012", "features.7"),
        ("vgg11", "features.10"),
        ("googlenet", "inception3b.cat"),
        ("googlenet_2014", "inception3a.cat"),
        ("resnet18", "layer2.1.add"),
        ("resnet50", "layer2.0.add"),
        ("squeezenet1_1", "features.7.cat"),
        ("mobilenet_v2", "features.6.add"),
        ("efficientnet_lite0", "features.3.1.add"),
    ],
)
@pytest.mark.parametrize("place", [0.0, 0.5, 1.0])
def test_receptive_fields_are_exact(model_id: str, layer_id: str, place: float) -> None:
    """In the middle and in two corners: gradient and formula meet, cut off at the edges."""
    network = linearised(models.create(model_id, num_classes=0)).eval()
    spec = models.spec(model_id)
    graph = describe(network, spec)
    layer = graph.layer(layer_id)
    _, height, width = layer.output_shape
    unit = (0, round(place * (height - 1)), round(place * (width - 1)))
    if layer.type == "Cat":  # the branch with the widest field is not the first
        widths = [graph.layer(source).output_shape[0] for source in layer.inputs]
        fields = [graph.layer(source).receptive_field.size[0] for source in layer.inputs]
        unit = (sum(widths[: fields.index(max(fields))]), *unit[1:])
    found = influence(network, graph, layer, unit)
    for axis, (first, last) in enumerate(found):
        field, extent = layer.receptive_field, spec.input.shape[1 + axis]
        centre = field.start[axis] + unit[1 + axis] * field.jump[axis]
        reach = (field.size[axis] - 1) / 2
        assert first == max(0, math.floor(centre - reach))
        assert last == min(extent - 1, last_read(graph, axis), math.ceil(centre + reach))


def test_same_convolutions_are_counted_like_others() -> None:
    with torch.device("meta"):
        network = nn.Sequential(SameConv2d(3, 8, 3, stride=2, bias=False))
    graph = describe(network, models.spec("efficientnet_lite0"))
    assert graph.macs == 8 * 3 * 9 * 112 * 112
