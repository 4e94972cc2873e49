"""Small material for trainings, and what is asked of their events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch import Tensor

from app.schemas import (
    AugmentationChoice,
    DataChoice,
    DatasetInfo,
    OptimizerChoice,
    ScheduleChoice,
)
from app.schemas.design import Design
from app.services.training import Config

E = TypeVar("E")

DESIGN: dict[str, Any] = {
    "name": "Small",
    "layers": [
        {"type": "conv", "channels": 4, "kernel": 3},
        {"type": "batch_norm"},
        {"type": "activation", "name": "relu"},
        {"type": "pool"},
        {"type": "dense", "units": 12},
        {"type": "activation", "name": "scaled_tanh"},
        {"type": "dropout", "probability": 0.2},
    ],
}


@dataclass(frozen=True)
class Stripes:
    """Pictures 1×8×8 with a horizontal, a vertical or no stripe, and noise."""

    train: Tensor
    labels: Tensor
    test: Tensor
    test_labels: Tensor
    classes: tuple[str, ...] = ("across", "down", "none")

    def fit(self, pictures: Tensor) -> Tensor:
        """As they are."""
        return pictures


def stripes(count: int = 150, tests: int = 60, seed: int = 1) -> Stripes:
    """The same for the same seed."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(3, (count + tests,), generator=generator)
    pictures = torch.randint(120, (count + tests, 1, 8, 8), generator=generator)
    place = torch.randint(8, (count + tests,), generator=generator)
    for number, (label, at) in enumerate(zip(labels.tolist(), place.tolist(), strict=True)):
        if label == 0:
            pictures[number, 0, at] = 220
        if label == 1:
            pictures[number, 0, :, at] = 220
    taken = pictures.to(torch.uint8)
    return Stripes(taken[:count], labels[:count], taken[count:], labels[count:])


def points(count: int = 40) -> Stripes:
    """Points of the plane on both sides of a line, N×2×1×1."""
    places = torch.rand(2 * count, 2, generator=torch.Generator().manual_seed(3)) * 12 - 6
    labels = (places[:, 0] + 2 * places[:, 1] > 1).long()
    maps = places[:, :, None, None]
    return Stripes(maps[:count], labels[:count], maps[count:], labels[count:], ("0", "1"))


def info(material: Stripes) -> DatasetInfo:
    """The row of a list of data sets that it would have."""
    return DatasetInfo(
        id="mnist",
        title="",
        about="",
        source="",
        licence="",
        shape=list(material.train.shape[1:]),
        classes=list(material.classes),
        train=len(material.train),
        test=len(material.test),
    )


def config(layers: list[dict[str, Any]] | None = None, **changes: Any) -> Config:
    """Two epochs of a small network, in float32."""
    design = DESIGN if layers is None else {"layers": layers}
    values: dict[str, Any] = {
        "model": None,
        "design": Design.model_validate(design),
        "data": DataChoice(),
        "optimizer": OptimizerChoice(learning_rate=0.01),
        "schedule": ScheduleChoice(),
        "augmentation": AugmentationChoice(),
        "epochs": 2,
        "batch": 16,
        "precision": "float32",
    }
    return Config(**(values | changes))


def of(kind: type[E], events: Iterable[object]) -> list[E]:
    """The events of one kind."""
    return [event for event in events if isinstance(event, kind)]


def same(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    """Whether two state dicts agree to the last bit."""
    return list(first) == list(second) and all(torch.equal(first[n], second[n]) for n in first)
