"""Layers and single units of the networks for photographs: one network in memory at a time."""

from __future__ import annotations

import math
import random

import pytest
import torch
from torch import Tensor, nn

import models
from app.schemas import Neuron, Source
from app.services.activations import Runner
from app.services.graph import describe
from app.services.neuron import explain
from tests.unit.services.conftest import Case

# One of each family; a graph described without memory serves the network with weights.
FAMILIES = [
    "alexnet_2012",
    "vgg16",
    "googlenet",
    "googlenet_2014",
    "resnet18",
    "resnet50",
    "squeezenet1_1",
    "mobilenet_v2",
    "efficientnet_lite0",
]


def calibrate(network: nn.Module, x: Tensor) -> None:
    """Give batch norms the statistics of ``x``: with random ones values vanish or explode."""
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = 1.0
        nn.init.normal_(norm.weight, 1, 0.2)
        nn.init.normal_(norm.bias, 0, 0.2)
        norm.train()
    if norms:
        with torch.no_grad():
            network(x)
    network.eval()


@pytest.fixture(scope="module", params=FAMILIES)
def one(request: pytest.FixtureRequest) -> Case:
    """A network with random weights, and the values of one picture."""
    spec = models.spec(request.param)
    with torch.device("meta"):
        graph = describe(models.create(spec.id), spec)
    torch.manual_seed(5)
    network = models.create(spec.id).eval().requires_grad_(False)
    x = torch.randn(1, *spec.input.shape)
    calibrate(network, x)
    runner = Runner(network, graph)
    values = {layer: value[0] for layer, value in runner.run(x).items()}
    return Case(spec, network, graph, runner, x, values)


def test_every_layer_equals_the_plain_forward_pass(one: Case) -> None:
    calls: dict[str, int] = {}

    def compare(name: str, output: Tensor) -> None:
        called = calls[name] = calls.get(name, -1) + 1
        found = one.activations[f"{name}_{called}" if called else name]
        torch.testing.assert_close(found, output[0], rtol=1e-4, atol=1e-5 * peak(output))

    leaves = [(n, m) for n, m in one.network.named_modules() if n and not any(m.children())]
    handles = [
        module.register_forward_hook(lambda _, __, output, name=name: compare(name, output))
        for name, module in leaves
    ]
    logits = one.network(one.x)[0]
    for handle in handles:
        handle.remove()
    assert len(calls) > 0.8 * len(leaves)  # all but GoogLeNet's auxiliary heads
    torch.testing.assert_close(
        one.activations[one.graph.output], logits, rtol=1e-4, atol=1e-5 * peak(logits)
    )


def peak(values: Tensor) -> float:
    """The largest absolute value."""
    return float(values.abs().max())


def value_of(one: Case, source: Source) -> float:
    place = [i for i in (source.channel, source.y, source.x) if i is not None]
    return float(one.activations[source.layer][tuple(place)])


def check(one: Case, layer: str, unit: tuple[int, ...]) -> Neuron:
    """The numbers of one unit add up to the tensor's value."""
    neuron = explain(one.network, one.graph, one.activations, layer, *unit)
    size = sum(map(abs, neuron.products)) + abs(neuron.bias)
    assert math.isclose(math.fsum(neuron.products) + neuron.bias, neuron.sum, abs_tol=1e-12 * size)
    for value, source in zip(neuron.inputs, neuron.sources, strict=True):
        assert value == value_of(one, source)
    value = neuron.sum
    for step in neuron.steps:
        assert step.input == value
        value = step.output
    values = one.activations[layer]
    assert neuron.output == float(values[unit])
    assert math.isclose(value, neuron.output, rel_tol=1e-4, abs_tol=1e-5 * peak(values))
    if neuron.weighted_layer == layer:
        assert math.isclose(neuron.sum, neuron.output, rel_tol=1e-4, abs_tol=2e-6 * size)
    return neuron


def test_the_numbers_of_units_of_every_layer_add_up(one: Case) -> None:
    generator = random.Random(1)
    alive = 0
    for layer in one.graph.layers:
        middle = tuple(size // 2 for size in layer.output_shape)
        anywhere = tuple(generator.randrange(size) for size in layer.output_shape)
        last = tuple(size - 1 for size in layer.output_shape)
        units = {anywhere} if len(one.graph.layers) > 100 else {middle, anywhere, last}
        alive += any(check(one, layer.id, unit).output != 0 for unit in units)
    assert alive > 0.5 * len(one.graph.layers)


def test_the_dense_units_read_what_lies_before_the_flattening(one: Case) -> None:
    dense = [layer.id for layer in one.graph.layers if layer.type == "Linear"]
    for layer in dense[:1]:  # SqueezeNet has none
        sources = check(one, layer, (3,)).sources
        channels, height, width = one.graph.layer(sources[0].layer).output_shape
        assert (sources[0].channel, sources[0].y, sources[0].x) == (0, 0, 0)
        last = sources[-1]
        assert (last.channel, last.y, last.x) == (channels - 1, height - 1, width - 1)
        assert len(sources) == channels * height * width


@pytest.mark.parametrize("one", ["alexnet_2012"], indirect=True)
def test_grouped_units_read_half_of_the_channels(one: Case) -> None:
    lower, upper = (check(one, "features.4", (c, 13, 13)) for c in (127, 128))
    assert {s.channel for s in lower.sources} == set(range(48))
    assert {s.channel for s in upper.sources} == set(range(48, 96))
    assert len(lower.inputs) == 48 * 25
    normed = check(one, "features.2", (50, 20, 20))
    assert [step.type for step in normed.steps] == ["ReLU", "LocalResponseNorm"]
    assert normed.steps[1].formula.startswith("x/(2 + 0.0005/5·Σx²)^0.75, Σx² = ")
    assert normed.steps[1].formula.endswith("over channels 48–52")


@pytest.mark.parametrize("one", ["vgg16"], indirect=True)
def test_units_of_vgg16(one: Case) -> None:
    assert len(check(one, "features.29", (300, 7, 7)).inputs) == 9 * 512
    neuron = check(one, "classifier.1", (17,))
    assert len(neuron.inputs) == 25_088
    assert neuron.sources[-1] == Source("avgpool", 511, 6, 6)
    assert neuron.receptive_field.bottom == 224


@pytest.mark.parametrize("one", ["googlenet"], indirect=True)
def test_a_concatenated_unit_is_that_of_its_branch(one: Case) -> None:
    branches = one.graph.layer("inception4a.cat").inputs
    first = 0
    for branch in branches:
        neuron = check(one, "inception4a.cat", (first + 5, 6, 7))
        assert neuron.sources == [Source(branch, 5, 6, 7)]
        assert (neuron.weights, neuron.bias) == ([1.0], 0.0)
        first += one.graph.layer(branch).output_shape[0]
    normed = check(one, branches[0], (9, 3, 3))
    assert [step.type for step in normed.steps] == ["BatchNorm2d", "ReLU"]
    assert normed.weighted_layer == "inception4a.branch1.conv"


@pytest.mark.parametrize("one", ["resnet18", "resnet50"], indirect=True)
def test_a_residual_unit_is_a_sum_of_two(one: Case) -> None:
    norm = "bn2" if one.spec.id == "resnet18" else "bn3"
    projected = check(one, "layer2.0.add", (70, 9, 27))
    assert [s.layer for s in projected.sources] == [f"layer2.0.{norm}", "layer2.0.downsample.1"]
    straight = check(one, "layer2.1.add", (70, 9, 27))
    last = one.graph.layer("layer2.1.add").inputs[1]
    assert straight.sources == [
        Source(f"layer2.1.{norm}", 70, 9, 27),
        Source(last, 70, 9, 27),
    ]
    assert straight.weights == [1.0, 1.0]
    relu = check(one, one.graph.stage("layer2.1.add").output, (70, 9, 27))
    assert (relu.weighted_layer, relu.activation) == ("layer2.1.add", "ReLU")


@pytest.mark.parametrize("one", ["mobilenet_v2"], indirect=True)
def test_a_depthwise_unit_reads_its_own_channel(one: Case) -> None:
    neuron = check(one, "features.2.conv.1.2", (70, 20, 30))
    assert {s.channel for s in neuron.sources} == {70}
    assert len(neuron.inputs) == 9
    assert [step.formula for step in neuron.steps][-1] == "min(max(0, x), 6)"
    assert neuron.activation == "ReLU6"
    added = check(one, "features.3.add", (20, 30, 40))
    assert [s.layer for s in added.sources] == ["features.2.conv.3", "features.3.conv.3"]


@pytest.mark.parametrize("one", ["efficientnet_lite0"], indirect=True)
def test_tensorflows_padding_lies_below_and_to_the_right(one: Case) -> None:
    corner = check(one, "features.0.0", (4, 0, 0))
    assert len(corner.inputs) == 27
    assert corner.patch is not None
    assert (corner.patch.top, corner.patch.left) == (0, 0)
    end = check(one, "features.0.0", (4, 111, 111))
    assert len(end.inputs) == 3 * 4
    assert end.patch is not None
    assert (end.patch.top, end.patch.height) == (222, 3)
    stride = check(one, "features.3.0.block.1.0", (9, 0, 27))
    assert len(stride.inputs) == 4 * 3  # 5×5; 56 in, 28 out: one cell before, two behind


@pytest.mark.parametrize("one", ["squeezenet1_1"], indirect=True)
def test_a_class_of_squeezenet_is_the_mean_of_its_map(one: Case) -> None:
    neuron = check(one, "flatten", (123,))
    assert neuron.weighted_layer == "classifier.3"
    assert len(neuron.inputs) == 13 * 13
    assert neuron.weights[0] == pytest.approx(1 / 169)
    assert {(s.layer, s.channel) for s in neuron.sources} == {("classifier.2", 123)}
    below = check(one, "classifier.2", (123, 6, 6))
    assert len(below.inputs) == 512
    assert {s.layer for s in below.sources} == {"features.12.cat"}
