"""Sets of points in the plane, two classes each.

"circle", "xor", "gauss" and "spiral" are those of TensorFlow Playground (Smilkov et al.,
Direct-manipulation visualization of deep networks, 2017; playground/src/dataset.ts), with x and y
in −6…6. "moons" are two half circles that reach into each other, "line" is what one threshold unit
can separate. The gates are all there is of AND, OR and XOR: four points with coordinates 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

GATES = ("gate_and", "gate_or", "gate_xor")
REACH = 6.0  # x and y lie in −REACH…REACH
_RADIUS = 5.0


@dataclass(frozen=True)
class Points:
    """Points N×2 (x, y), float32, and their classes N (0 or 1)."""

    places: Tensor
    labels: Tensor


def plane(name: str) -> tuple[float, float]:
    """From where to where x and y are worth showing."""
    return (-0.5, 1.5) if name in GATES else (-REACH, REACH)


def make(name: str, count: int, noise: float, seed: int) -> Points:
    """A set of ``count`` points, half of them of each class, in random order.

    ``noise`` in 0…1 as in the playground (where it is 0…50 %); the gates have four points and no
    noise. The same seed gives the same points.
    """
    if name in GATES:
        return _gate(name)
    generator = torch.Generator().manual_seed(seed)
    places, labels = _MAKERS[name](count, noise, generator)
    order = torch.randperm(count, generator=generator)
    return Points(places[order].clamp(-REACH, REACH), labels[order])


def split(points: Points, test_share: float) -> tuple[Points, Points]:
    """Points to learn from and to test with. Of four points (a gate) all are both."""
    count = len(points.labels)
    if count <= len(_CORNERS):
        return points, points
    first = max(1, count - round(count * test_share))
    parts = (slice(0, first), slice(first, count))
    train, test = (Points(points.places[part], points.labels[part]) for part in parts)
    return train, test


Maker = Callable[[int, float, torch.Generator], tuple[Tensor, Tensor]]


def _halves(count: int) -> Tensor:
    """The labels: ones first."""
    return (torch.arange(count) < count // 2).long()


def _uniform(shape: tuple[int, ...], low: float, high: float, generator: torch.Generator) -> Tensor:
    return torch.rand(shape, generator=generator) * (high - low) + low


def _polar(radius: Tensor, angle: Tensor) -> Tensor:
    return torch.stack([radius * torch.sin(angle), radius * torch.cos(angle)], dim=1)


def _circle(count: int, noise: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """A disc within a ring. Noise moves what the label is judged by, not the point."""
    inner = _halves(count).bool()
    share = torch.rand(count, generator=generator)
    radius = torch.where(inner, share * 0.5, 0.7 + share * 0.3) * _RADIUS
    places = _polar(radius, _uniform((count,), 0, 2 * math.pi, generator))
    moved = places + _uniform((count, 2), -_RADIUS, _RADIUS, generator) * noise
    return places, (moved.norm(dim=1) < _RADIUS * 0.5).long()


def _xor(count: int, noise: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Four squares, set off from the axes."""
    places = _uniform((count, 2), -_RADIUS, _RADIUS, generator)
    places = places + torch.where(places > 0, 0.3, -0.3)
    moved = places + _uniform((count, 2), -_RADIUS, _RADIUS, generator) * noise
    return places, (moved[:, 0] * moved[:, 1] >= 0).long()


def _gauss(count: int, noise: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Two clouds about (2, 2) and (−2, −2); the variance is 0.5 without noise, 4 at 0.5."""
    labels = _halves(count)
    centres = (labels.float() * 4 - 2)[:, None].expand(-1, 2)
    spread = math.sqrt(0.5 + 7 * noise)
    return centres + torch.randn((count, 2), generator=generator) * spread, labels


def _spiral(count: int, noise: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Two arms, one and three quarters of a turn each."""
    labels = _halves(count)
    ones = count // 2
    step = torch.cat(
        [torch.arange(ones) / max(ones, 1), torch.arange(count - ones) / (count - ones)]
    )
    angle = 1.75 * step * 2 * math.pi + torch.where(labels == 1, 0.0, math.pi)
    return _polar(step * _RADIUS, angle) + _uniform((count, 2), -1, 1, generator) * noise, labels


def _moons(count: int, noise: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Two half circles of radius 3, each around an end of the other."""
    labels = _halves(count)
    angle = _uniform((count,), 0, math.pi, generator)
    side = torch.where(labels == 1, 1.0, -1.0)
    places = torch.stack([torch.cos(angle), torch.sin(angle)], dim=1) * side[:, None] * 3
    offset = torch.stack([-side * 1.5, -side * 0.75], dim=1)
    return places + offset + torch.randn((count, 2), generator=generator) * noise * 1.5, labels


def _line(count: int, noise: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Both sides of a slanting line, with a gap of 1 between them where there is no noise."""
    labels = _halves(count)
    normal = torch.tensor([math.cos(1.0), math.sin(1.0)])
    along = torch.stack([-normal[1], normal[0]])
    off = _uniform((count,), 0.5, 4, generator) * torch.where(labels == 1, 1.0, -1.0)
    off = off + torch.randn(count, generator=generator) * noise * 3
    at = _uniform((count,), -4, 4, generator)
    return off[:, None] * normal + at[:, None] * along, labels


_CORNERS = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def _gate(name: str) -> Points:
    ones = _CORNERS.sum(dim=1).long()  # how many of the two inputs are 1
    answers = {"gate_and": ones == 2, "gate_or": ones >= 1, "gate_xor": ones == 1}
    return Points(_CORNERS.clone(), answers[name].long())


_MAKERS: dict[str, Maker] = {
    "circle": _circle,
    "xor": _xor,
    "gauss": _gauss,
    "spiral": _spiral,
    "moons": _moons,
    "line": _line,
}
