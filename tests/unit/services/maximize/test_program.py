"""The differentiable program against the Runner and against torch's own gradients."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import torch
from torch import Tensor, fx, nn

import models
from app.services.activations import Runner
from app.services.catalog import Loaded
from app.services.graph import UnknownLayerError, describe
from app.services.maximize.program import Program, SizeError, natural_size
from app.services.tracing import LAYER_ID
from models.weights import RANDOM, random_card
from tests.networks import DIGIT_NETWORKS
from tests.unit.services import toys

# Every kind of convolution, normalization and connection; feature layers only.
PHOTO = [
    "alexnet",
    "alexnet_2012",
    "efficientnet_lite0",
    "mobilenet_v2",
    "resnet18",
    "squeezenet1_1",
]
SMALL = [*DIGIT_NETWORKS, *toys.NAMES]


@cache
def load(name: str) -> Loaded:
    """A network with random weights and batch normalizations that are not trivial."""
    torch.manual_seed(3)
    if name in toys.NAMES:
        spec, network = toys.spec(name), toys.create(name)
    else:
        spec = models.spec(name)
        network = models.create(name, 0 if name in PHOTO else None).eval()
        toys.scramble_norms(network)
    graph = describe(network, spec)
    return Loaded(spec, network, graph, Runner(network, graph), random_card("mlp"), RANDOM)


def some_layers(loaded: Loaded) -> list[str]:
    """All layers of a small network; of a large one some from everywhere, and the last."""
    names = [layer.id for layer in loaded.graph.layers]
    return names if len(names) < 30 else [*names[1 :: len(names) // 6], names[-1]]


def pictures(loaded: Loaded, count: int = 2, size: tuple[int, int] | None = None) -> Tensor:
    channels, *own = loaded.spec.input.shape
    generator = torch.Generator().manual_seed(5)
    return torch.randn(count, channels, *(size or own), generator=generator)


def size_of(loaded: Loaded) -> tuple[int, int]:
    return loaded.spec.input.shape[1], loaded.spec.input.shape[2]


def by_autograd(loaded: Loaded, x: Tensor) -> dict[str, Tensor]:
    """Every layer's values by the traced network itself, with gradients."""
    kept: dict[str, Tensor] = {}

    class Keeper(fx.Interpreter):
        def run_node(self, n: fx.Node) -> Any:
            kept[n.meta.get(LAYER_ID, "")] = value = super().run_node(n)
            return value

    whole = Keeper(fx.GraphModule(_out_of_place(loaded.network), loaded.graph.traced.graph))
    with contextlib.suppress(RuntimeError):  # dense layers take one size only
        whole.run(x)
    return kept


def _out_of_place(network: nn.Module) -> nn.Module:
    """A copy that leaves each value as it was."""
    network = copy.deepcopy(network)
    for module in network.modules():
        if hasattr(module, "inplace"):
            module.inplace = False  # type: ignore[assignment]
    return network


def gradient(score: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    x = x.clone().requires_grad_()
    return torch.autograd.grad(score(x), x)[0]


def relative(value: Tensor, expected: Tensor) -> float:
    """The largest difference ÷ the largest value."""
    return float((value - expected).abs().max() / expected.abs().max().clamp_min(1e-12))


@pytest.mark.parametrize("name", [*SMALL, *PHOTO])
def test_values_are_those_of_the_runner(name: str) -> None:
    loaded = load(name)
    x, layers = pictures(loaded), some_layers(loaded)
    expected = loaded.runner.run(x, layers)
    together = Program(loaded, layers, size_of(loaded))(x)
    for layer in layers:
        alone = Program(loaded, [layer], size_of(loaded))(x)[layer]
        assert relative(alone, expected[layer]) < 1e-4, layer
        assert relative(together[layer], expected[layer]) < 1e-4, layer


@pytest.mark.parametrize("name", ["harley", "mlp", "inplace"])
def test_values_are_exact_where_nothing_is_folded(name: str) -> None:
    loaded = load(name)
    layers = [layer.id for layer in loaded.graph.layers]
    x = pictures(loaded, 16)  # a batch for which the Runner uses oneDNN too
    values = Program(loaded, layers, size_of(loaded))(x)
    for layer, expected in loaded.runner.run(x, layers).items():
        torch.testing.assert_close(values[layer], expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", [*SMALL, "mobilenet_v2", "squeezenet1_1"])
def test_input_gradients_are_autograds(name: str) -> None:
    loaded = load(name)
    for layer in some_layers(loaded)[-4:]:
        size = (64, 96) if name in PHOTO else size_of(loaded)
        x = pictures(loaded, size=size)
        program = Program(loaded, [layer], size)

        def ours(x: Tensor, program: Program = program, layer: str = layer) -> Tensor:
            return program(x)[layer].square().sum()

        def theirs(x: Tensor, layer: str = layer) -> Tensor:
            return by_autograd(loaded, x)[layer].square().sum()

        assert relative(gradient(ours, x), gradient(theirs, x)) < 1e-3, layer


@pytest.mark.parametrize("name", [*SMALL, "squeezenet1_1", "resnet18"])
def test_units_are_those_of_the_whole_layer(name: str) -> None:
    loaded = load(name)
    size = (64, 64) if name in PHOTO else size_of(loaded)
    x = pictures(loaded, size=size)
    for layer in some_layers(loaded)[-8:]:
        whole = Program(loaded, [layer], size)(x)[layer]
        count = whole.shape[1]
        units = [count - 1, 0, count // 2, 0]
        program = Program(loaded, [layer], size, units={layer: units})
        assert relative(program(x)[layer], whole[:, units]) < 1e-4, layer
        assert program.shapes[layer] == (4, *whole.shape[2:])


def test_units_do_not_starve_layers_behind() -> None:
    loaded = load("digitnet")
    x = pictures(loaded)
    program = Program(loaded, ["conv1", "relu2"], (28, 28), units={"conv1": [3], "relu2": [1, 0]})
    expected = loaded.runner.run(x, ["conv1", "relu2"])
    torch.testing.assert_close(program(x)["conv1"], expected["conv1"][:, [3]])
    torch.testing.assert_close(program(x)["relu2"], expected["relu2"][:, [1, 0]])


@pytest.mark.parametrize("name", ["squeezenet1_1", "mobilenet_v2", "digitnet", "unet"])
def test_convolutions_take_other_sizes(name: str) -> None:
    loaded = load(name)
    layers = [each for each in some_layers(loaded) if natural_size(loaded, each) == "any"]
    size = (72, 56)
    x = pictures(loaded, size=size)
    program = Program(loaded, layers, size)
    expected = by_autograd(loaded, x)
    for layer, value in program(x).items():
        assert relative(value, expected[layer].detach()) < 1e-4
        assert program.shapes[layer] == tuple(value.shape[1:])


def test_the_size_that_suits_a_layer() -> None:
    assert natural_size(load("squeezenet1_1"), "features.3.cat") == "any"
    assert natural_size(load("digitnet"), "conv4") == "any"
    assert natural_size(load("digitnet"), "fc1") == (28, 28)
    assert natural_size(load("residual"), "fc") == (16, 16)  # behind a mean, but dense


@pytest.mark.parametrize("name", [*SMALL, "squeezenet1_1", "mobilenet_v2", "alexnet_2012"])
def test_bfloat16_is_close(name: str) -> None:
    loaded = load(name)
    size = (96, 96) if name in PHOTO else size_of(loaded)
    x, layer = pictures(loaded, size=size), some_layers(loaded)[-1]
    value = Program(loaded, [layer], size, dtype=torch.bfloat16)(x)[layer]
    expected = Program(loaded, [layer], size)(x)[layer]
    assert value.dtype == torch.float32
    assert float((value - expected).norm() / expected.norm()) < 0.05


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("name", ["digitnet", "windows", "squeezenet1_1"])
def test_onednn_may_be_switched_off_beside_it(
    name: str, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pass in another thread switches it off for a moment (see Runner)."""
    loaded = load(name)
    size = (64, 64) if name in PHOTO else size_of(loaded)
    x, layer = pictures(loaded, size=size), some_layers(loaded)[-1]
    program = Program(loaded, [layer], size, dtype=dtype)

    def score(x: Tensor) -> Tensor:
        return program(x)[layer].square().sum()

    expected = gradient(score, x)
    monkeypatch.setattr(torch.backends.mkldnn, "enabled", False)
    without = gradient(score, x)
    tolerance = 1e-4 if dtype == torch.float32 else 0.1
    assert float((without - expected).norm() / expected.norm()) < tolerance


def test_a_dead_network_gets_a_gradient_only_while_it_is_revived() -> None:
    loaded = load("squeezenet1_1")
    layer, size = "features.3.cat", (64, 64)
    program = Program(loaded, [layer], size, units={layer: [5]})
    x = pictures(loaded, size=size)
    unit = program(x)[layer]
    assert (unit == 0).any()

    def loss(x: Tensor) -> Tensor:  # of a place where the unit is silent
        return -program(x)[layer][unit == 0].sum()

    assert not gradient(loss, x).any()
    with program.reviving():
        assert gradient(loss, x).any()
        assert torch.equal(program(x)[layer], unit)
    with program.reviving(torch.tensor([False, True])):
        first, second = gradient(loss, x)
    assert not first.any()
    assert second.any()
    assert not gradient(loss, x).any()


def test_weights_are_left_alone() -> None:
    loaded = load("residual")
    before = {key: value.clone() for key, value in loaded.network.state_dict().items()}
    x = pictures(loaded).requires_grad_()
    Program(loaded, ["fc"], (16, 16))(x)["fc"].sum().backward()  # type: ignore[no-untyped-call]
    assert all(parameter.grad is None for parameter in loaded.network.parameters())
    assert all(
        torch.equal(value, before[key]) for key, value in loaded.network.state_dict().items()
    )


def test_errors() -> None:
    loaded = load("digitnet")
    with pytest.raises(UnknownLayerError, match="Did you mean 'conv1'"):
        Program(loaded, ["conv_1"], (28, 28))
    with pytest.raises(UnknownLayerError):
        Program(loaded, ["conv1"], (28, 28), units={"conv_1": [0]})
    with pytest.raises(IndexError, match="'conv1' has 16 channels; there is no 32"):
        Program(loaded, ["conv1"], (28, 28), units={"conv1": [32]})


def test_sizes_that_cannot_be() -> None:
    with pytest.raises(SizeError, match="takes only 28×28") as dense:
        Program(load("digitnet"), ["fc1"], (40, 40))
    assert dense.value.only == (28, 28)
    squeezenet = load("squeezenet1_1")
    with pytest.raises(SizeError, match="needs at least") as small:
        Program(squeezenet, ["features.12.cat"], (8, 8))
    least = small.value.least
    assert least is not None
    assert Program(squeezenet, ["features.12.cat"], least).shapes
    with pytest.raises(SizeError):
        Program(squeezenet, ["features.12.cat"], (least[0] - 1, least[1] - 1))
