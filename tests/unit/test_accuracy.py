"""How well the shipped networks read digits: the project's promises, on all test digits."""

from __future__ import annotations

from functools import cache

import pytest
from torch import nn

import models
from app.services import drawn, evaluate
from app.services.datasets import load_mnist
from models.weights import shipped
from scripts.digit_report import TEST_LETTERS, TEST_SCRIBBLES

SEED = 42  # other drawings than those that scripts/train_digits.py reports on

PLAIN = {"digitnet": 0.995, "harley": 0.992, "lenet5": 0.990, "mlp": 0.985}
CHANGED = {"digitnet": 0.990, "harley": 0.987}
DRAWN = {"digitnet": 0.98, "harley": 0.98, "lenet5": 0.98, "mlp": 0.97}


@cache
def loaded(model_id: str) -> tuple[nn.Module, models.ModelSpec]:
    return models.load(model_id), models.spec(model_id)


@pytest.mark.parametrize(("model_id", "least"), PLAIN.items())
def test_digits_as_they_are(model_id: str, least: float) -> None:
    pictures, labels = load_mnist("test")
    accuracy = evaluate.accuracy(*loaded(model_id), pictures, labels, "none")
    assert accuracy >= least
    assert accuracy == pytest.approx(shipped()[model_id].accuracy["mnist_test"], abs=5e-4)


@pytest.mark.parametrize("direction", evaluate.DIRECTIONS)
@pytest.mark.parametrize(("model_id", "least"), CHANGED.items())
def test_digits_shifted_by_six_pixels(model_id: str, least: float, direction: str) -> None:
    pictures, labels = load_mnist("test")
    moved = evaluate.shifted(pictures, direction)
    assert evaluate.accuracy(*loaded(model_id), moved, labels) >= least


@pytest.mark.parametrize("factor", [0.6, 1.4])
@pytest.mark.parametrize(("model_id", "least"), CHANGED.items())
def test_digits_scaled(model_id: str, least: float, factor: float) -> None:
    pictures, labels = load_mnist("test")
    changed = evaluate.scaled(pictures, factor)
    assert evaluate.accuracy(*loaded(model_id), changed, labels) >= least


@pytest.mark.parametrize(("model_id", "least"), DRAWN.items())
def test_drawn_digits(model_id: str, least: float) -> None:
    pictures, labels = drawn.digits(1500, SEED)
    assert evaluate.accuracy(*loaded(model_id), pictures, labels) >= least


@pytest.mark.parametrize("model_id", PLAIN)
def test_few_digits_and_most_other_drawings_are_called_unsure(model_id: str) -> None:
    below = shipped()[model_id].unsure_below

    def share(pictures: evaluate.Pictures) -> float:
        return evaluate.unsure_share(*loaded(model_id), pictures, below)

    assert share(load_mnist("train")[0][-2000:]) <= 0.02
    assert share(drawn.digits(1000, SEED)[0]) <= 0.03
    assert share(drawn.letters(450, SEED, TEST_LETTERS)) >= 0.5
    assert share(drawn.scribbles(600, SEED, TEST_SCRIBBLES)) >= 0.8
