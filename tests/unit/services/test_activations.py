"""The Runner against forward hooks on the network itself."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import models
from app.services.activations import Runner
from app.services.direct import direct
from app.services.graph import UnknownLayerError, describe
from tests.unit.services import toys
from tests.unit.services.conftest import Case

MakeCase = Callable[[str], Case]


def hooked(network: nn.Module, x: Tensor) -> dict[str, Tensor]:
    """What every leaf module gives in a plain forward pass; a second call is name_1."""
    seen: dict[str, Tensor] = {}

    def remember(name: str) -> Callable[..., None]:
        def hook(module: nn.Module, inputs: Any, output: Tensor) -> None:
            called = sum(key == name or key.startswith(f"{name}_") for key in seen)
            seen[f"{name}_{called}" if called else name] = output.detach().clone()

        return hook

    leaves = [(n, m) for n, m in network.named_modules() if n and not any(m.children())]
    handles = [module.register_forward_hook(remember(name)) for name, module in leaves]
    with torch.no_grad():
        seen["input"], logits = x, network(x)
    for handle in handles:
        handle.remove()
    return seen | {"": logits}


@pytest.mark.parametrize("images", [1, 3, 40])
def test_every_layer_equals_the_plain_forward_pass(any_case: Case, images: int) -> None:
    x = torch.randn(images, *any_case.spec.input.shape)
    expected = hooked(any_case.network, x)
    values = any_case.runner.run(x)
    assert list(values) == [layer.id for layer in any_case.graph.layers]
    torch.testing.assert_close(
        values[any_case.graph.output], expected.pop(""), rtol=1e-5, atol=1e-5
    )
    for layer, value in expected.items():
        torch.testing.assert_close(values[layer], value, rtol=1e-5, atol=1e-5)


def test_the_trained_networks_too() -> None:
    for name in models.weights.shipped():
        network = models.load(name)
        graph = describe(network, models.spec(name))
        x = torch.rand(2, *models.spec(name).input.shape)
        expected = hooked(network, x)
        values = Runner(network, graph).run(x)
        torch.testing.assert_close(values[graph.output], expected[""], rtol=1e-5, atol=1e-5)
        for layer in values.keys() & expected.keys():
            torch.testing.assert_close(values[layer], expected[layer], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("size", [(2, 2), (60, 80), (71, 91), (3, 3000)])
def test_max_pooling_by_two_is_torchs(size: tuple[int, int], layout: torch.memory_format) -> None:
    x = torch.randn(2, 3, *size).to(memory_format=layout)
    x[0, 0, 0, 0], x[1, 1, 0, 1] = torch.nan, -torch.inf
    for module in (nn.MaxPool2d(2), nn.MaxPool2d((2, 2), stride=2), nn.MaxPool2d(2, padding=1)):
        expected = module(x)
        torch.testing.assert_close(direct(module)(x), expected, rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("images", [1, 20])
def test_a_network_in_bfloat16_is_close(any_case: Case, images: int) -> None:
    torch.manual_seed(0)
    halved = copy.deepcopy(any_case.network).bfloat16()
    x = torch.randn(images, *any_case.spec.input.shape)
    expected = any_case.runner.run(x)
    values = Runner(halved, any_case.graph).run(x)
    assert list(values) == list(expected)
    for layer, exact in expected.items():
        assert values[layer].dtype == torch.bfloat16
        off = (values[layer].float() - exact).abs().mean()
        assert off <= 0.02 * (exact.max() - exact.min())


def test_only_what_is_asked_for(any_case: Case) -> None:
    everything = any_case.runner.run(any_case.x)
    for layer in everything:
        alone = any_case.runner.run(any_case.x, [layer])
        assert list(alone) == [layer]
        assert torch.equal(alone[layer], everything[layer])
    assert any_case.runner.run(any_case.x, []) == {}


def test_layers_come_in_the_order_of_the_graph(make_case: MakeCase) -> None:
    case = make_case("digitnet")
    values = case.runner.run(case.x, ["out", "input", "conv1", "out"])
    assert list(values) == ["input", "conv1", "out"]
    assert values["input"] is case.x


def test_values_in_a_batch_equal_those_of_single_images(any_case: Case) -> None:
    together = any_case.runner.run(any_case.x)
    for place in range(len(any_case.x)):
        alone = any_case.runner.run(any_case.x[place : place + 1])
        for layer, value in alone.items():
            torch.testing.assert_close(together[layer][place], value[0], rtol=1e-5, atol=1e-5)


def test_in_place_operations_spoil_nothing(make_case: MakeCase) -> None:
    case = make_case("residual")
    values = case.runner.run(case.x)
    assert float(values["layer1.bn1"].min()) < 0
    torch.testing.assert_close(values["layer1.relu"], values["layer1.bn1"].relu())
    assert float(values["layer1.add"].min()) < 0
    case = make_case("inplace")
    values = case.runner.run(case.x)
    torch.testing.assert_close(values["add"], 2 * values["conv"].relu())
    torch.testing.assert_close(values["mul"], 0.5 * values["add"])


def test_the_input_is_not_written_to(any_case: Case) -> None:
    before = any_case.x.clone()
    any_case.runner.run(any_case.x)
    assert torch.equal(any_case.x, before)


def test_weights_come_from_the_network_not_from_the_graph() -> None:
    graph = describe(models.create("harley"), models.spec("harley"))
    network = models.create("harley").eval()
    x = torch.randn(1, 1, 32, 32)
    with torch.no_grad():
        expected = network(x)
    torch.testing.assert_close(Runner(network, graph).run(x)["out"], expected)


def test_the_input_goes_to_the_device_of_the_network() -> None:
    network = models.create("mlp").eval()
    graph = describe(network, models.spec("mlp"))
    values = Runner(network.to("meta"), graph).run(torch.zeros(2, 1, 28, 28))
    assert {value.device.type for value in values.values()} == {"meta"}


def test_onednn_is_as_it_was_before(make_case: MakeCase) -> None:
    case = make_case("harley")
    before = torch.backends.mkldnn.enabled
    case.runner.run(case.x[:1])
    assert torch.backends.mkldnn.enabled == before


def test_many_combinations_of_layers_do_not_fill_the_memory(make_case: MakeCase) -> None:
    case = make_case("mlp")
    names = [layer.id for layer in case.graph.layers]
    for number in range(1, 2 ** len(names) - 1):
        asked = [name for place, name in enumerate(names) if number >> place & 1]
        case.runner.check(case.x, asked)
    assert len(case.runner._plans) <= 256


def test_errors(make_case: MakeCase) -> None:
    case = make_case("lenet5")
    with pytest.raises(UnknownLayerError, match="Did you mean 'c1'"):
        case.runner.run(case.x, ["c_1"])
    with pytest.raises(ValueError, match=r"N×\(1, 32, 32\), not \(3, 1, 28, 28\)"):
        case.runner.run(torch.zeros(3, 1, 28, 28))
    with pytest.raises(ValueError, match="training mode"):
        Runner(toys.create("residual").train(), case.graph)


def test_the_memory_of_a_pass(any_case: Case) -> None:
    sizes = {name: value.nbytes for name, value in any_case.activations.items()}
    assert any_case.runner.bytes() == sum(sizes.values())
    assert any_case.runner.bytes(["input"]) == sizes["input"]
    output = any_case.runner.bytes([any_case.graph.output])
    assert max(sizes.values()) <= output < any_case.runner.bytes()


def visited(case: Case, layers: list[str]) -> dict[str, Tensor]:
    """What `visit` gives away, kept."""
    seen: dict[str, Tensor] = {}
    case.runner.visit(case.x, layers, lambda layer, values: seen.update({layer: values.clone()}))
    return seen


def test_a_visit_gives_what_a_run_gives(any_case: Case) -> None:
    names = [layer.id for layer in any_case.graph.layers]
    everything = any_case.runner.run(any_case.x)
    for asked in (names, names[:2], [any_case.graph.output]):
        seen = visited(any_case, asked)
        assert list(seen) == asked
        for layer, value in seen.items():
            torch.testing.assert_close(value, everything[layer], rtol=1e-5, atol=1e-5)
    assert any_case.runner.visited_bytes(names) < any_case.runner.bytes(names)
    with pytest.raises(UnknownLayerError):
        visited(any_case, ["nothing"])
