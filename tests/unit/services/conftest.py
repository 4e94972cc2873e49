"""Networks for the tests of the services: the registry's and the toys, with random weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import pytest
import torch
from torch import Tensor, nn

import models
from app.services.activations import Runner
from app.services.graph import Graph, describe
from models import ModelSpec
from tests.networks import DIGIT_NETWORKS
from tests.unit.services import toys


@dataclass(frozen=True)
class Case:
    """One network in eval mode with all that is made of it, and one image's activations."""

    spec: ModelSpec
    network: nn.Module
    graph: Graph
    runner: Runner
    x: Tensor  # 3, C, H, W
    activations: dict[str, Tensor]  # of the first image, without a batch


@cache
def case(name: str) -> Case:
    """The case of a registered network or a toy."""
    torch.manual_seed(3)
    if name in toys.NAMES:
        spec, network = toys.spec(name), toys.create(name)
    else:
        spec, network = models.spec(name), models.create(name).eval()
        toys.scramble_norms(network)
    graph = describe(network, spec)
    runner = Runner(network, graph)
    x = torch.randn(3, *spec.input.shape)
    values = {layer: value[0] for layer, value in runner.run(x).items()}
    return Case(spec, network, graph, runner, x, values)


@pytest.fixture(scope="session")
def make_case() -> Callable[[str], Case]:
    """Gives the case of a name."""
    return case


@pytest.fixture(params=[*DIGIT_NETWORKS, *toys.NAMES])
def any_case(request: pytest.FixtureRequest) -> Iterator[Case]:
    """Every digit network and every toy, one test each; its weights must not change."""
    one = case(request.param)
    before = {key: value.clone() for key, value in one.network.state_dict().items()}
    yield one
    after = one.network.state_dict()
    assert all(torch.equal(before[key], after[key]) for key in before)
