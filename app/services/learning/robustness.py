"""How accuracy falls when the test pictures are changed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from app.services.learning.answers import Subject

Change = Callable[[Tensor], Tensor]

PICTURES = 1000  # of the test set, spread evenly over it
_FEWEST = 50
_WORK = 100_000_000_000  # multiply-adds that all curves together may take
_SIDE = 28  # shifts are in pixels of a picture of that size, and in proportion in larger ones

NOISE = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
ROTATION = (-90.0, -60.0, -45.0, -30.0, -15.0, 0.0, 15.0, 30.0, 45.0, 60.0, 90.0)
SHIFT = (-8, -6, -4, -2, -1, 0, 1, 2, 4, 6, 8)
SCALE = (0.5, 0.65, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5)


@dataclass(frozen=True)
class Curve:
    """Accuracy at each strength of one kind of change."""

    values: list[float]
    accuracy: list[float]


@dataclass(frozen=True)
class Curves:
    """Of ``pictures`` test pictures, one curve a kind."""

    pictures: int
    curves: dict[str, Curve]


def robustness(subject: Subject) -> Curves:
    """Accuracy under noise, rotation, shift to the right and scaling, each about the middle.

    What comes from outside the frame is black for grey pictures, the border's colour for others.
    The noise is the same for every network and checkpoint.
    """
    points = len(NOISE) + len(ROTATION) + len(SHIFT) + len(SCALE)
    count = subject.affordable(_WORK // points, _FEWEST, PICTURES)
    pictures, labels = subject.some("test", count)
    unit = max(1, round(subject.material.shape[-1] / _SIDE))
    grey = subject.loaded.spec.input.shape[0] == 1
    kinds: dict[str, list[tuple[float, Change]]] = {
        "noise": [(value, _noise(value)) for value in NOISE],
        "rotation": [(value, _rotation(value, grey)) for value in ROTATION],
        "shift": [(value * unit, _shift(value * unit, grey)) for value in SHIFT],
        "scale": [(value, _scale(value, grey)) for value in SCALE],
    }
    curves = {
        kind: Curve(
            [value for value, _ in steps],
            [_accuracy(subject, pictures, labels, change) for _, change in steps],
        )
        for kind, steps in kinds.items()
    }
    return Curves(len(labels), curves)


def _accuracy(subject: Subject, pictures: Tensor, labels: Tensor, change: Change) -> float:
    right = 0
    for part in subject.parts(len(labels)):
        seen = subject.material.fit(pictures[part].to(subject.device).float() / 255)
        guesses = subject.logits(change(seen)).argmax(dim=1)
        right += int((guesses == labels[part].to(subject.device)).sum())
    return right / len(labels) if len(labels) else 0.0


def _noise(deviation: float) -> Change:
    """Gaussian, cut off at black and white."""

    def change(pictures: Tensor) -> Tensor:
        generator = torch.Generator().manual_seed(1)
        drawn = torch.randn(pictures.shape, generator=generator).to(pictures.device)
        return (pictures + deviation * drawn).clamp(0, 1)

    return change


def _shift(pixels: int, grey: bool) -> Change:
    """Whole pixels to the right: nothing is interpolated."""

    def change(pictures: Tensor) -> Tensor:
        width = pictures.shape[3]
        source = torch.arange(width, device=pictures.device) - pixels
        moved = pictures[..., source.clamp(0, width - 1)]
        return moved * ((source >= 0) & (source < width)) if grey else moved

    return change


def _rotation(degrees: float, grey: bool) -> Change:
    """Counter-clockwise."""
    turn = math.radians(degrees)
    cos, sin = math.cos(turn), math.sin(turn)
    return _affine(((cos, -sin), (sin, cos)), grey)


def _scale(factor: float, grey: bool) -> Change:
    return _affine(((1 / factor, 0.0), (0.0, 1 / factor)), grey)


def _affine(matrix: tuple[tuple[float, float], tuple[float, float]], grey: bool) -> Change:
    """``matrix`` maps places of the answer (x, y; y down) to places of the picture."""

    def change(pictures: Tensor) -> Tensor:
        rows = [[*row, 0.0] for row in matrix]
        one = torch.tensor([rows], device=pictures.device)
        grid = F.affine_grid(one, [1, *pictures.shape[1:]], align_corners=False)
        around = "zeros" if grey else "border"
        spread = grid.expand(len(pictures), -1, -1, -1)
        return F.grid_sample(pictures, spread, padding_mode=around, align_corners=False)

    return change
