"""The arithmetic of single units: it adds up, and PyTorch agrees with every part of it."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from app.schemas import Neuron, Source
from app.services.activations import Runner
from app.services.graph import Graph, UnknownLayerError, describe
from app.services.neuron import UnknownUnitError, explain
from tests.networks import DIGIT_NETWORKS
from tests.unit.services import toys
from tests.unit.services.conftest import Case, case

MakeCase = Callable[[str], Case]
NAMES = [*DIGIT_NETWORKS, *toys.NAMES]


def explained(one: Case, layer: str, *unit: int) -> Neuron:
    return explain(one.network, one.graph, one.activations, layer, *unit)


def value_of(one: Case, source: Source) -> float:
    place = [i for i in (source.channel, source.y, source.x) if i is not None]
    return float(one.activations[source.layer][tuple(place)])


@st.composite
def units(draw: st.DrawFn) -> tuple[str, str, tuple[int, ...]]:
    """Any unit of any layer of any network."""
    name = draw(st.sampled_from(NAMES))
    layers = [layer for layer in case(name).graph.layers if len(layer.output_shape) <= 3]
    layer = draw(st.sampled_from(layers))
    return name, layer.id, tuple(draw(st.integers(0, size - 1)) for size in layer.output_shape)


@given(address=units())
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_numbers_add_up(address: tuple[str, str, tuple[int, ...]]) -> None:
    name, layer, unit = address
    one = case(name)
    neuron = explained(one, layer, *unit)
    size = sum(map(abs, neuron.products)) + abs(neuron.bias)
    assert math.isclose(math.fsum(neuron.products) + neuron.bias, neuron.sum, abs_tol=1e-12 * size)
    for value, weight, product in zip(neuron.inputs, neuron.weights, neuron.products, strict=True):
        assert value * weight == product
    for value, source in zip(neuron.inputs, neuron.sources, strict=True):
        assert value == value_of(one, source)
    base = one.activations[neuron.weighted_layer].flatten()
    assert min(abs(base.double() - neuron.sum)) <= 1e-4 * abs(neuron.sum) + 1e-6 * size
    value = neuron.sum
    for step in neuron.steps:
        assert step.input == value
        value = step.output
    assert neuron.output == float(one.activations[layer][unit])
    assert math.isclose(value, neuron.output, rel_tol=1e-4, abs_tol=1e-6 * (1 + size))


@given(address=units())
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_weights_are_the_derivatives(address: tuple[str, str, tuple[int, ...]]) -> None:
    name, layer, unit = address
    one = case(name)
    info = one.graph.layer(layer)
    if info.role not in ("weighted", "pool") or info.type == "Input":
        return
    source = info.inputs[0]
    x = one.activations[source].clone()[None].requires_grad_()
    output = one.graph.apply(one.network, layer, x)[0][unit]
    (expected,) = torch.autograd.grad(output, x)
    neuron = explained(one, layer, *unit)
    if name == "shuffle":  # the sources lie in another order than the values read
        found = torch.tensor(sorted(neuron.weights), dtype=torch.float32)
        torch.testing.assert_close(found, expected[expected != 0].sort().values)
        return
    found = torch.zeros(expected.numel())
    holder = one.graph.layer(neuron.sources[0].layer)
    for weight, s in zip(neuron.weights, neuron.sources, strict=True):
        place = 0
        for extent, at in zip(holder.output_shape, (s.channel, s.y, s.x), strict=False):
            place = place * extent + (at or 0)
        found[place] += weight
    torch.testing.assert_close(found, expected.flatten(), rtol=1e-5, atol=1e-6)


def test_fan_in_respects_padding_table_and_groups(make_case: MakeCase) -> None:
    digitnet, harley, windows = (make_case(n) for n in ("digitnet", "harley", "windows"))
    assert len(explained(digitnet, "conv1", 0, 0, 0).inputs) == 9  # 3×3 of 5×5
    assert len(explained(digitnet, "conv1", 0, 14, 14).inputs) == 25
    assert len(explained(digitnet, "conv2", 5, 13, 7).inputs) == 16 * 6
    table = [len(row) for row in harley.graph.layer("conv2").connections or []]
    for channel, maps in enumerate(table):
        neuron = explained(harley, "tanh2", channel, 3, 4)
        assert len(neuron.inputs) == 25 * maps
    assert {s.channel for s in explained(harley, "conv2", 4, 0, 0).sources} == {0, 4, 5}
    depthwise = explained(windows, "depthwise", 5, 2, 8)
    assert {s.channel for s in depthwise.sources} == {2}
    grouped = explained(windows, "dilated", 4, 3, 5)
    assert {s.channel for s in grouped.sources} == {4, 5, 6, 7}
    assert len(explained(harley, "out", 3).inputs) == 100


def test_dense_sources_are_the_units_before_flattening(make_case: MakeCase) -> None:
    neuron = explained(make_case("digitnet"), "relu5", 17)
    assert len(neuron.sources) == 1600
    assert neuron.sources[-1] == Source(layer="relu4", channel=63, y=4, x=4)
    assert neuron.sources[26] == Source(layer="relu4", channel=1, y=0, x=1)
    assert neuron.patch is None
    assert (neuron.y, neuron.x) == (None, None)
    # Behind dropout it is the activation that holds the value.
    assert explained(make_case("mlp"), "out", 2).sources[5] == Source(layer="relu2", channel=5)
    assert explained(make_case("mlp"), "fc1", 2).sources[29] == Source(
        layer="input", channel=0, y=1, x=1
    )


def test_a_flattened_unit_is_the_unit_that_it_shows(make_case: MakeCase) -> None:
    one = make_case("digitnet")
    flat, real = explained(one, "flatten", 26), explained(one, "relu4", 1, 0, 1)
    assert flat.inputs == real.inputs
    assert flat.output == real.output
    assert flat.receptive_field == real.receptive_field


def test_the_patch_of_a_convolution(make_case: MakeCase) -> None:
    one = make_case("windows")
    patch = explained(one, "dilated", 1, 0, 2).patch
    assert patch is not None
    assert (patch.layer, patch.channels) == ("relu_1", [0, 1, 2, 3])
    assert (patch.top, patch.left, patch.height, patch.width) == (-1, 1, 3, 3)
    assert patch.dilation == (1, 2)
    neuron = explained(one, "dilated", 1, 0, 2)
    inside = [
        (k, patch.top + i, patch.left + 2 * j)
        for k in patch.channels
        for i in range(3)
        for j in range(3)
        if patch.top + i >= 0
    ]
    assert [(s.channel, s.y, s.x) for s in neuron.sources] == inside


def test_max_pooling_takes_the_first_of_equals() -> None:
    network = nn.Sequential(nn.MaxPool2d(2)).eval()
    one = _single(network, torch.tensor([[1.0, 5.0], [5.0, 2.0]]).repeat(8, 8)[None])
    neuron = explained(one, "0", 0, 3, 3)
    assert neuron.weights == [0.0, 1.0, 0.0, 0.0]
    _, winners = nn.MaxPool2d(2, return_indices=True)(one.activations["input"][None])
    assert int(winners[0, 0, 3, 3]) == 6 * 16 + 7
    assert (neuron.sources[1].y, neuron.sources[1].x) == (6, 7)


def _single(network: nn.Module, x: Tensor) -> Case:
    spec = toys.spec("single")
    graph: Graph = describe(network, spec)
    runner = Runner(network, graph)
    values = {layer: value[0] for layer, value in runner.run(x[None]).items()}
    return Case(spec, network, graph, runner, x[None], values)


def test_average_pooling_counts_padding_as_torch_does(make_case: MakeCase) -> None:
    one = make_case("windows")
    corner = explained(one, "average", 0, 0, 0)
    assert corner.weights == [1 / 9] * 4
    assert explained(one, "without_padding", 0, 0, 0).weights == [1 / 2] * 2


def test_steps_have_readable_formulas(make_case: MakeCase) -> None:
    neuron = explained(make_case("lenet5"), "c1_tanh", 2, 5, 5)
    assert [s.formula for s in neuron.steps] == ["1.7159·tanh(2x/3)"]
    assert (neuron.activation, neuron.type) == ("ScaledTanh", "ScaledTanh")
    network = nn.Sequential(nn.Conv2d(1, 1, 1), nn.BatchNorm2d(1), nn.ReLU()).eval()
    norm = network[1]
    assert isinstance(norm, nn.BatchNorm2d)
    for tensor, value in (
        (norm.running_mean, 0.5), (norm.running_var, 4.0), (norm.weight, 2.0), (norm.bias, -0.25)
    ):  # fmt: skip
        assert tensor is not None
        nn.init.constant_(tensor, value)
    neuron = explained(_single(network, torch.rand(1, 16, 16)), "2", 0, 1, 1)
    assert [s.formula for s in neuron.steps] == [
        "2·(x − 0.5)/√(4 + 1e-05) − 0.25",
        "max(0, x)",
    ]
    assert neuron.weighted_layer == "0"


def test_response_norm_and_constants(make_case: MakeCase) -> None:
    neuron = explained(make_case("inception"), "lrn", 0, 1, 1)
    assert neuron.steps[0].formula.startswith("x/(1 + 0.5/3·Σx²)^0.75, Σx² = ")
    assert neuron.steps[0].formula.endswith("over channels 0–1")
    assert neuron.activation is None
    neuron = explained(make_case("unet"), "add", 1, 4, 4)
    assert neuron.steps[0].formula == "x + 1.5"
    assert explained(make_case("unet"), "leaky_relu", 1, 4, 4).activation == "LeakyReLU"


def test_merges(make_case: MakeCase) -> None:
    added = explained(make_case("residual"), "layer1.relu_1", 2, 3, 4)
    assert added.weighted_layer == "layer1.add"
    assert [s.layer for s in added.sources] == ["layer1.bn2", "layer1.downsample.1"]
    assert added.weights == [1.0, 1.0]
    assert added.bias == 0.0
    joined = explained(make_case("inception"), "dropout", 3, 1, 1)
    assert joined.sources == [Source(layer="branch2.1.relu", channel=1, y=1, x=1)]
    gated = explained(make_case("unet"), "mul", 4, 2, 3)
    assert gated.sources == [Source(layer="cat", channel=4, y=2, x=3)]
    assert gated.weights == [float(make_case("unet").activations["gate.2"][4, 0, 0])]


def test_sources_are_found_through_a_shuffle(make_case: MakeCase) -> None:
    one = make_case("shuffle")
    neuron = explained(one, "mul", 1, 2, 2)
    assert {s.layer for s in neuron.sources} == {"cat"}
    # Shuffled, the four channels are 0, 2, 1, 3 of the concatenation.
    assert [s.channel for s in neuron.sources] == [c for c in (0, 2, 1, 3) for _ in range(4)]
    assert [s.formula for s in neuron.steps] == ["x · scale"]
    assert explained(one, "softmax", 1).activation == "Softmax"
    assert [s.layer for s in explained(one, "branch.2", 1, 3, 3).sources] == ["stem", "stem"]
    with pytest.raises(UnknownUnitError, match="rearranges values, on 4 axes"):
        explained(one, "transpose", 0, 0, 0)


def test_the_input_explains_itself(make_case: MakeCase) -> None:
    neuron = explained(make_case("harley"), "input", 0, 31, 0)
    assert neuron.sources == [Source(layer="input", channel=0, y=31, x=0)]
    assert neuron.inputs == [neuron.output] == [neuron.sum]
    box = neuron.receptive_field
    assert (box.top, box.left, box.bottom, box.right) == (31, 0, 32, 1)


def test_receptive_field_boxes_are_clipped(make_case: MakeCase) -> None:
    one = make_case("digitnet")
    box = explained(one, "conv1", 0, 0, 27).receptive_field
    assert (box.top, box.left, box.bottom, box.right) == (0, 25, 3, 28)
    box = explained(one, "fc1", 0).receptive_field
    assert (box.top, box.left, box.bottom, box.right) == (0, 0, 28, 28)


@pytest.mark.parametrize(
    ("unit", "message"),
    [
        ((16, 0, 0), "channels 0 to 15, rows 0 to 27, columns 0 to 27"),
        ((0, -1, 0), "no unit"),
        ((0, 0, 28), "no unit"),
    ],
)
def test_units_that_do_not_exist(unit: tuple[int, ...], message: str, make_case: MakeCase) -> None:
    with pytest.raises(UnknownUnitError, match=message):
        explained(make_case("digitnet"), "relu1", *unit)


def test_addresses_of_dense_units(make_case: MakeCase) -> None:
    one = make_case("mlp")
    assert explained(one, "out", 9, 0, 0) == explained(one, "out", 9)
    with pytest.raises(UnknownUnitError, match="channels 0 to 9"):
        explained(one, "out", 10)
    with pytest.raises(UnknownLayerError):
        explained(one, "logits", 0)
