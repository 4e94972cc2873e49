"""Small networks with small data sets, as the analysis takes them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from app.services.activations import Runner
from app.services.catalog import Loaded
from app.services.datasets import Material
from app.services.graph import describe
from app.services.learning.answers import Subject
from models import InputSpec, ModelSpec
from models.design import build
from models.weights import WeightsCard

SMALL: list[dict[str, Any]] = [
    {"type": "conv", "channels": 3, "kernel": 3, "bias": False},
    {"type": "batch_norm"},
    {"type": "activation", "name": "relu"},
    {"type": "pool"},
    {"type": "dense", "units": 6},
    {"type": "activation", "name": "tanh"},
    {"type": "dropout"},
]
POINTS: list[dict[str, Any]] = [
    {"type": "dense", "units": 3},
    {"type": "activation", "name": "sigmoid"},
]


def subject(
    layers: list[dict[str, Any]] = SMALL,
    shape: tuple[int, int, int] = (1, 8, 8),
    classes: int = 4,
    material: Material | None = None,
) -> Subject:
    """A network with random weights, the same every time, and 40 + 30 random pictures."""
    with torch.random.fork_rng():
        torch.manual_seed(5)
        network = build(layers, shape, classes).eval().requires_grad_(False)
    mean, std = (0.2,) * shape[0], (0.5,) * shape[0]
    spec = ModelSpec(
        "it", "It", "", "classification", InputSpec(shape, "L", mean, std, "digit"),
        tuple("abcdefghij"[: max(2, classes)]), "", "",
    )  # fmt: skip
    graph = describe(network, spec)
    card = WeightsCard("step-1", "", "", 0, spec.input, classes)
    loaded = Loaded(spec, network, graph, Runner(network, graph), card, "step-1")
    return Subject(loaded, material or pictures(shape, max(2, classes)))


def pictures(shape: tuple[int, int, int], classes: int) -> Material:
    """Random pictures and labels."""
    generator = torch.Generator().manual_seed(2)

    def half(count: int) -> tuple[Tensor, Tensor]:
        values = torch.randint(256, (count, *shape), generator=generator)
        return values.byte(), torch.randint(classes, (count,), generator=generator)

    (train, labels), (test, test_labels) = half(40), half(30)
    return Material(
        train, labels, test, test_labels, tuple("abcdefghij"[:classes]),
        torch.arange(40), torch.arange(30), shape,
    )  # fmt: skip


def plane() -> Material:
    """Points of two classes."""
    generator = torch.Generator().manual_seed(3)
    places = torch.rand(50, 2, 1, 1, generator=generator) * 12 - 6
    labels = (places[:, 0, 0, 0] > 0).long()
    return Material(
        places[:30], labels[:30], places[30:], labels[30:], ("0", "1"),
        torch.arange(30), torch.arange(20), (2, 1, 1),
    )  # fmt: skip


def fed(values: Tensor) -> Tensor:
    """What `subject`'s networks are fed, by plain arithmetic."""
    return (values.float() / 255 - 0.2) / 0.5


def weights(one: Subject) -> dict[str, Tensor]:
    """A copy of a network's state dict."""
    return {name: value.clone() for name, value in one.loaded.network.state_dict().items()}


def net(one: Subject) -> Any:
    """The network, whose layers are attributes."""
    return one.loaded.network
