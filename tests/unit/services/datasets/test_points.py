"""Points in the plane."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest
import torch
from torch import Tensor

import models
from app.schemas import DataChoice
from app.schemas.training import PointSet
from app.services.datasets import material
from app.services.datasets.points import GATES, REACH, make, plane, split

ANY = models.spec("mlp").input
SETS = [name for name in get_args(PointSet) if name not in GATES]


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_sets(name: str, noise: float) -> None:
    points = make(name, 300, noise, 1)
    assert points.places.shape == (300, 2)
    assert points.places.abs().max() <= REACH
    assert 90 <= points.labels.sum() <= 210
    assert torch.equal(points.places, make(name, 300, noise, 1).places)
    assert not torch.equal(points.places, make(name, 300, noise, 2).places)
    assert plane(name) == (-REACH, REACH)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("count", [4, 5])
def test_few_points(name: str, count: int) -> None:
    points = make(name, count, 0, 1)
    assert points.places.isfinite().all()
    assert len(points.labels) == count


RULES: dict[str, Callable[[Tensor], Tensor]] = {
    "circle": lambda p: p.norm(dim=1) < 2.5,
    "xor": lambda p: p[:, 0] * p[:, 1] >= 0,
    "line": lambda p: p @ torch.tensor([0.5403, 0.8415]) > 0,
}


@pytest.mark.parametrize("name", RULES)
def test_without_noise_they_are_what_they_are_called(name: str) -> None:
    points = make(name, 400, 0, 1)
    assert torch.equal(points.labels.bool(), RULES[name](points.places))


@pytest.mark.parametrize(
    ("name", "answers"),
    [("gate_and", [0, 0, 0, 1]), ("gate_or", [0, 1, 1, 1]), ("gate_xor", [0, 1, 1, 0])],
)
def test_gates_are_all_four_cases(name: str, answers: list[int]) -> None:
    choice = DataChoice.model_validate({"id": "points", "points": name, "share": 0.3})
    found = material(choice, ANY, 1)
    assert found.train[:, :, 0, 0].tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert found.labels.tolist() == answers
    assert torch.equal(found.test, found.train)
    assert plane(name) == (-0.5, 1.5)


def test_points_are_split() -> None:
    train, test = split(make("moons", 101, 0.1, 1), 0.3)
    assert (len(train.labels), len(test.labels)) == (71, 30)
    assert len(split(make("moons", 100, 0.1, 1), 0)[1].labels) == 0


def test_points_as_material() -> None:
    choice = DataChoice(id="points", points="spiral", count=80, test_share=0.25, share=0.5)
    found = material(choice, ANY, 1)
    assert found.train.shape == (30, 2, 1, 1)
    assert found.train.dtype == torch.float32
    assert found.test.shape == (20, 2, 1, 1)
    assert found.shape == (2, 1, 1)
    shuffled = material(choice.model_copy(update={"shuffled": 1.0}), ANY, 1)
    assert torch.equal(shuffled.train, found.train)
    assert not torch.equal(shuffled.labels, found.labels)
