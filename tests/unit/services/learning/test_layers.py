"""How layers learn, against plain autograd and NumPy."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch.nn import functional as F

import models
from app.services.activations import Runner
from app.services.catalog import Loaded
from app.services.graph import describe
from app.services.learning.answers import Subject
from app.services.learning.layers import LayerState, layers_learning
from app.services.learning.units import BINS, histogram
from models.weights import WeightsCard
from tests.networks import DIGIT_NETWORKS
from tests.unit.services.learning.subjects import (
    POINTS,
    fed,
    net,
    pictures,
    plane,
    subject,
    weights,
)


@pytest.fixture(scope="module")
def found() -> dict[str, LayerState]:
    one = subject()
    before = weights(one)
    before["conv1.weight"] = before["conv1.weight"] * 0.5
    return {layer.layer: layer for layer in layers_learning(one, before)}


def test_layers_and_their_outputs(found: dict[str, LayerState]) -> None:
    outputs = {layer.layer: layer.output for layer in found.values()}
    assert outputs == {"conv1": "relu1", "fc1": "tanh1", "out": "out"}
    assert found["fc1"].parameters == 27 * 6 + 6


def test_gradients_are_those_of_autograd(found: dict[str, LayerState]) -> None:
    one = subject()
    network = copy.deepcopy(net(one)).requires_grad_(True)
    network.bn1.train()
    loss = F.cross_entropy(network(fed(one.material.train)), one.material.labels)
    loss.backward()  # type: ignore[no-untyped-call]
    for name, layer in found.items():
        gradient = network.get_parameter(f"{name}.weight").grad
        assert layer.gradient == pytest.approx(float(gradient.norm()), rel=1e-4)
    assert not net(one).bn1.training


def test_the_network_is_left_alone() -> None:
    one = subject()
    before = weights(one)
    layers_learning(one, None)
    after = net(one).state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    assert not any(value.requires_grad for value in net(one).parameters())


def test_change_is_relative_to_the_weights(found: dict[str, LayerState]) -> None:
    assert found["conv1"].change == pytest.approx(0.5)
    assert found["fc1"].change == 0
    assert layers_learning(subject(), None)[0].change is None


def test_histograms_are_those_of_numpy(found: dict[str, LayerState]) -> None:
    one = subject()
    values = net(one).fc1.weight.numpy().flatten()
    assert found["fc1"].weight_norm == pytest.approx(float(np.linalg.norm(values)), rel=1e-6)
    expected, edges = np.histogram(values, BINS)
    assert np.allclose(found["fc1"].weights.edges, edges)
    assert np.abs(np.array(found["fc1"].weights.counts) - expected).sum() <= 2  # rounding of edges
    active = net(one)[:7](fed(one.material.test)).numpy().flatten()
    shown = found["fc1"].units.values
    assert sum(shown.counts) == active.size
    assert (shown.edges[0], shown.edges[-1]) == pytest.approx((active.min(), active.max()))


def test_dead_units_are_those_that_never_vary() -> None:
    one = subject()
    with torch.no_grad():
        net(one).bn1.bias[1] = -100  # the ReLU behind it gives nothing any more
        net(one).fc1.weight[4] = 0
        net(one).fc1.bias[4] = 2.5
    found = {layer.layer: layer for layer in layers_learning(_again(one), None)}
    assert found["conv1"].units.dead == [1]
    assert found["fc1"].units.dead == [4]
    assert found["out"].units.dead == []


def _again(one: Subject) -> Subject:
    """With a runner that has the changed weights."""
    loaded = one.loaded
    runner = type(loaded.runner)(loaded.network, loaded.graph)
    changed = type(loaded)(**{**vars(loaded), "runner": runner})
    return Subject(changed, one.material)


def test_saturation_counts_values_near_a_bound() -> None:
    one = subject()
    with torch.no_grad():
        net(one).fc1.weight *= 20
    one = _again(one)
    (layer,) = [each for each in layers_learning(one, None) if each.layer == "fc1"]
    values = net(one)[:7](fed(one.material.test))
    expected = float((values.abs() > 0.98).float().mean())
    assert 0.2 < expected < 1
    assert layer.units.saturated == pytest.approx(expected)
    assert layers_learning(one, None)[0].units.saturated is None  # ReLU has one bound only


def test_points_and_a_rule_without_gradient() -> None:
    one = subject(POINTS, (2, 1, 1), 1, plane())
    by_gradient = layers_learning(one, None)
    network = copy.deepcopy(net(one)).requires_grad_(True)
    outputs = network(one.material.train)[:, 0]
    F.binary_cross_entropy_with_logits(outputs, one.material.labels.float()).backward()  # type: ignore[no-untyped-call]
    assert by_gradient[1].gradient == pytest.approx(float(network.out.weight.grad.norm()), rel=1e-4)
    assert layers_learning(one, None, by_gradient=False)[0].gradient is None


def test_numbers_that_are_none_are_left_out() -> None:
    values = torch.tensor([1.0, 2.0, float("nan"), float("inf")])
    assert sum(histogram(values).counts) == 2
    assert histogram(torch.full((3,), float("nan"))).counts == [0] * BINS
    assert sum(histogram(torch.zeros(5)).counts) == 5


@pytest.mark.parametrize("name", DIGIT_NETWORKS)
def test_every_digit_network_tells_of_all_its_weighted_layers(name: str) -> None:
    spec, network = models.spec(name), models.create(name).eval().requires_grad_(False)
    graph = describe(network, spec)
    card = WeightsCard("random", "", "", 0, spec.input, 10)
    loaded = Loaded(spec, network, graph, Runner(network, graph), card, "random")
    found = layers_learning(Subject(loaded, pictures(spec.input.shape, 10)), None)
    weighted = [layer.id for layer in graph.layers if layer.role == "weighted"]
    assert [layer.layer for layer in found] == weighted
    assert all(layer.gradient for layer in found)
    assert all(sum(layer.units.values.counts) > 0 for layer in found)
