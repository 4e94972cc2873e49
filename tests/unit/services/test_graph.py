"""The graph against what PyTorch itself computes."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

import models
from app.schemas import LayerInfo
from app.services.graph import Graph, UnknownLayerError, describe
from tests.unit.services import toys
from tests.unit.services.conftest import Case

MakeCase = Callable[[str], Case]


def test_layers_stand_behind_their_inputs_and_have_the_real_shapes(any_case: Case) -> None:
    seen: set[str] = set()
    for layer in any_case.graph.layers:
        assert layer.id not in seen
        assert seen.issuperset(layer.inputs)
        assert layer.output_shape == list(any_case.activations[layer.id].shape)
        seen.add(layer.id)


def test_leaf_modules_keep_their_names(any_case: Case) -> None:
    ids = {layer.id for layer in any_case.graph.layers}
    for name, module in any_case.network.named_modules():
        if name and not any(module.children()):
            assert name in ids


def test_every_layer_belongs_to_one_stage(any_case: Case) -> None:
    graph = any_case.graph
    members = [layer for stage in graph.stages for layer in stage.layers]
    assert sorted(members) == sorted(layer.id for layer in graph.layers)
    for stage in graph.stages:
        assert stage.id == stage.layers[0]
        assert all(graph.layer(layer).stage == stage.id for layer in stage.layers)
        assert stage.units == any_case.activations[stage.output].numel()
        assert stage.shape == graph.layer(stage.output).output_shape
        sources = {graph.layer(source).stage for source in graph.layer(stage.id).inputs}
        assert set(stage.inputs) == sources


def test_a_stage_shows_what_the_next_ones_read(any_case: Case) -> None:
    """Behind a stage's output come only layers that change no value."""
    for stage in any_case.graph.stages:
        shown = any_case.activations[stage.output].flatten().sort().values
        last = any_case.activations[stage.layers[-1]].flatten().sort().values
        assert torch.equal(shown, last)


def test_parameters_are_counted_once(any_case: Case) -> None:
    total = sum(p.numel() for p in any_case.network.parameters())
    assert any_case.graph.parameters == total
    modules = any_case.graph.modules
    once = {id(modules.get(layer.id, layer)): layer for layer in any_case.graph.layers}
    assert sum(layer.parameters for layer in once.values()) == total


@pytest.mark.parametrize("name", ["digitnet", "mlp", *toys.NAMES])
def test_multiply_adds_are_half_of_the_flops_that_torch_counts(
    name: str, make_case: MakeCase
) -> None:
    case = make_case(name)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        case.network(case.x[:1])
    assert case.graph.macs == counter.get_total_flops() // 2


def test_a_sparse_table_counts_only_what_is_connected() -> None:
    graph = describe(models.create("harley"), models.spec("harley"))
    layer = graph.layer("conv2")
    assert layer.connections is not None
    assert sum(len(row) for row in layer.connections) == 60
    assert layer.macs == 60 * 25 * 10 * 10
    assert sum(stage.units for stage in graph.stages) == 9134


def _seen(case: Case, layer: LayerInfo, unit: tuple[int, ...]) -> Tensor:
    """Pixels of the input with an influence on a unit: H, W; over several images."""
    seen = torch.zeros(case.spec.input.shape[1:], dtype=torch.bool)
    for seed in range(4):
        torch.manual_seed(seed)
        x = torch.randn(1, *case.spec.input.shape, requires_grad=True)
        values: dict[str, Tensor] = {"input": x}
        for other in case.graph.layers[1:]:
            inputs = (values[source] for source in other.inputs)
            values[other.id] = case.graph.apply(case.network, other.id, *inputs)
            if other.id == layer.id:
                break
        (gradient,) = torch.autograd.grad(values[layer.id][0][unit], x)
        seen |= (gradient[0] != 0).any(0)
    return seen


def test_receptive_fields_hold_all_that_has_influence(any_case: Case) -> None:
    for layer in any_case.graph.layers[1:]:
        if layer.type == "GroupNorm":
            break  # its statistics are of the whole image, and do not count
        unit = tuple(size // 2 for size in layer.output_shape)
        rows, columns = _seen(any_case, layer, unit).nonzero(as_tuple=True)
        position = (*unit[1:], 0, 0)[:2] if len(unit) > 1 else (0, 0)
        for axis, pixels in enumerate((rows, columns)):
            field = layer.receptive_field
            centre = field.start[axis] + position[axis] * field.jump[axis]
            reach = (field.size[axis] - 1) / 2
            if len(pixels):
                assert math.floor(centre - reach) <= int(pixels.min())
                assert math.ceil(centre + reach) >= int(pixels.max())


@pytest.mark.parametrize("layer", ["conv1", "conv2", "conv3", "conv4", "relu4"])
def test_receptive_fields_of_convolutions_are_exact(layer: str) -> None:
    """Average pooling instead of maximum lets every pixel have its influence."""
    network = models.create("digitnet").eval()
    network.pool1, network.pool2 = nn.AvgPool2d(2), nn.AvgPool2d(2)
    for place in range(1, 5):
        setattr(network, f"relu{place}", nn.Softplus())
    spec = models.spec("digitnet")
    graph = describe(network, spec)
    case = Case(spec, network, graph, None, torch.empty(0), {})  # type: ignore[arg-type]
    info = graph.layer(layer)
    middle = info.output_shape[1] // 2
    rows, _ = _seen(case, info, (0, middle, middle)).nonzero(as_tuple=True)
    field = info.receptive_field
    assert int(rows.max() - rows.min()) + 1 == field.size[0]
    assert int(rows.max() + rows.min()) / 2 == field.start[0] + middle * field.jump[0]


def test_digitnet_stages() -> None:
    graph = describe(models.create("digitnet"), models.spec("digitnet"))
    stage = graph.stage("conv4")
    assert stage.layers == ["conv4", "bn4", "relu4", "flatten", "drop1"]
    assert (stage.output, stage.activation, stage.units) == ("relu4", "ReLU", 1600)
    assert graph.stage("input").output == "input"
    assert graph.stages[-1].output == graph.output == "out"


def test_a_residual_block_has_the_names_of_torchvision(make_case: MakeCase) -> None:
    graph = make_case("residual").graph
    assert graph.layer("layer1.add").inputs == ["layer1.bn2", "layer1.downsample.1"]
    assert graph.layer("layer1.relu_1").inputs == ["layer1.add"]
    assert graph.layer("flatten").role == "reshape"
    assert graph.stage("layer1.add").output == "layer1.relu_1"
    assert graph.stage("layer1.add").inputs == ["layer1.conv2", "layer1.downsample.0"]
    assert graph.stage("layer1.conv2").activation is None


def test_functional_layers_are_described_like_modules(make_case: MakeCase) -> None:
    graph = make_case("inception").graph
    pool = graph.layer("max_pool2d")
    assert (pool.type, pool.role, pool.kernel_size) == ("MaxPool2d", "pool", (3, 3))
    assert graph.layer("cat").inputs == ["branch1.relu", "branch2.1.relu", "pool"]
    assert graph.stage("stem.conv").layers == ["stem.conv", "stem.bn", "stem.relu"]
    assert graph.stage("max_pool2d").output == "lrn"
    assert graph.layer("mean").role == "pool"


def test_windows(make_case: MakeCase) -> None:
    graph = make_case("windows").graph
    assert graph.layer("grouped").padding == (2, 1)
    assert graph.layer("depthwise").groups == 4
    assert graph.layer("dilated").dilation == (1, 2)
    assert graph.layer("same").padding == (2, 2)  # 'same' for 3×5 with dilation 2×1
    assert graph.layer("highest").type == "AdaptiveMaxPool2d"


class Ambiguous(nn.Module):
    """Pre-activation: the sum is read by the next block and by its own activation."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 2, 3, padding=1), nn.Conv2d(2, 2, 3, padding=1)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x + self.conv2(self.relu(x))  # type: ignore[no-any-return]


def test_a_chain_ends_where_two_layers_read_a_value() -> None:
    graph = describe(Ambiguous(), toys.spec("ambiguous"))
    assert [(stage.id, stage.output) for stage in graph.stages] == [
        ("input", "input"),
        ("conv1", "conv1"),
        ("relu", "relu"),
        ("conv2", "conv2"),
        ("add", "add"),
    ]
    assert graph.stage("add").inputs == ["conv1", "conv2"]


def test_describing_leaves_the_network_as_it_was() -> None:
    network = toys.create("residual").train()
    fc, relu = network.get_submodule("fc").eval(), network.get_submodule("layer1.relu")
    before = {key: value.clone() for key, value in network.state_dict().items()}
    describe(network, toys.spec("residual"))
    assert network.training
    assert not fc.training
    assert isinstance(relu, nn.ReLU)
    assert relu.inplace
    assert all(torch.equal(before[key], value) for key, value in network.state_dict().items())


def test_an_unknown_layer_lists_what_exists(make_case: MakeCase) -> None:
    graph: Graph = make_case("harley").graph
    with pytest.raises(UnknownLayerError, match="Did you mean 'conv1'") as caught:
        graph.layer("conv_1")
    assert caught.value.valid == [layer.id for layer in graph.layers]
    assert caught.value.nearest == "conv1"
    with pytest.raises(UnknownLayerError) as stage:
        graph.stage("tanh1")
    assert "conv1" in stage.value.valid
