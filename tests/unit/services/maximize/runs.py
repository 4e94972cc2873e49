"""Networks and runs for the tests of maximization."""

from __future__ import annotations

from collections.abc import Generator
from functools import cache

from torch import nn

from app.services.activations import Runner
from app.services.catalog import Catalog, Loaded
from app.services.graph import describe
from app.services.maximize.objectives import Objective
from app.services.maximize.recipe import Recipe
from app.services.maximize.run import Outcome, Progress, maximize
from models import InputSpec, ModelSpec, weights

QUICK = Recipe(steps=4, transforms=False, early_stop=False)
SMALL = 64  # pixels, the side of photographs here


@cache
def catalog() -> Catalog:
    """One for all tests, on the processor."""
    return Catalog("cpu")


def digitnet() -> Loaded:
    """The shipped network for digits."""
    return catalog().get("digitnet")


def photo_network() -> Loaded:
    """A small network for photographs with random weights."""
    return catalog().get("squeezenet1_1", "random")


def loaded(network: nn.Module, side: int = 8, classes: tuple[str, ...] = ("a", "b")) -> Loaded:
    """A network of the test's own, for grey pictures of side × side pixels."""
    shape = InputSpec((1, side, side), "L", (0.0,), (1.0,), "digit")
    spec = ModelSpec("toy", "toy", "Toy", "classification", shape, classes, "", "")
    network = network.eval().requires_grad_(False)
    graph = describe(network, spec)
    card = weights.random_card("digitnet")
    return Loaded(spec, network, graph, Runner(network, graph), card, "random")


def outcome(run: Generator[Progress, None, Outcome]) -> Outcome:
    """What a run gives when it is not disturbed."""
    while True:
        try:
            next(run)
        except StopIteration as end:
            result: Outcome = end.value
            return result


def made(network: Loaded, objective: Objective, recipe: Recipe = QUICK, count: int = 1) -> Outcome:
    """The outcome of a whole run."""
    return outcome(maximize(network, objective, recipe, count))
