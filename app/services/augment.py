"""Random changes to batches of digits, on tensors: all N pictures at once.

Shift, rotation, scale, shear, elastic distortion (Simard, Steinkraus and Platt, Best
practices for convolutional neural networks, ICDAR 2003) and stroke width.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True)
class Strength:
    """The most that each change may do. Each picture draws its own, uniformly.

    ``shift`` in pixels, ``rotation`` and ``shear`` in degrees, ``scale`` from…to (both sides
    together), ``aspect`` the sides against each other, ``elastic`` in pixels (a standard
    deviation), ``stroke`` the share of a pixel by which each side of a line grows or shrinks.
    """

    shift: float = 2.0
    rotation: float = 12.0
    shear: float = 12.0
    scale: tuple[float, float] = (0.9, 1.1)
    aspect: float = 0.1
    elastic: float = 0.7
    stroke: float = 0.6


def augment(pictures: Tensor, strength: Strength, generator: torch.Generator) -> Tensor:
    """Changed copies of float pictures N×1×H×W in 0…1; what leaves the frame is cut off."""
    grid = F.affine_grid(_matrices(pictures, strength, generator), list(pictures.shape), False)
    if strength.elastic:
        grid = grid + _elastic(pictures, strength.elastic, generator)
    moved = F.grid_sample(pictures, grid, mode="bicubic", align_corners=False).clamp(0, 1)
    return change_stroke(moved, _uniform(len(pictures), -1, 1, generator) * strength.stroke)


def change_stroke(pictures: Tensor, by: Tensor) -> Tensor:
    """Lines made thicker (by > 0, up to 1) or thinner (by < 0); ``by`` has N entries."""
    changed = pictures.clone()
    for sign in (1, -1):
        some = (by * sign > 0).nonzero()[:, 0]
        before = pictures[some]
        after = sign * F.max_pool2d(sign * before, 3, stride=1, padding=1)
        changed[some] = torch.lerp(before, after, by[some].abs()[:, None, None, None])
    return changed


def _matrices(pictures: Tensor, strength: Strength, generator: torch.Generator) -> Tensor:
    """Random maps from output to input positions, N×2×3, in affine_grid's −1…1."""
    count, size = len(pictures), pictures.shape[-1]
    angle = _uniform(count, -1, 1, generator) * torch.pi * strength.rotation / 180
    shear = torch.tan(_uniform(count, -1, 1, generator) * torch.pi * strength.shear / 180)
    scale = _uniform(count, *strength.scale, generator)
    aspect = torch.exp(_uniform(count, -1, 1, generator) * strength.aspect / 2)
    across, down = 1 / (scale * aspect), aspect / scale
    cos, sin = torch.cos(angle), torch.sin(angle)
    rows = [
        torch.stack([cos * across, (shear * cos - sin) * across], dim=1),
        torch.stack([sin * down, (shear * sin + cos) * down], dim=1),
    ]
    linear = torch.stack(rows, dim=1)  # N, 2, 2
    shift = (torch.rand(count, 2, 1, generator=generator) * 2 - 1) * strength.shift * 2 / size
    return torch.cat([linear, -linear @ shift], dim=2)


def _elastic(pictures: Tensor, sigma: float, generator: torch.Generator) -> Tensor:
    """Smooth random displacements N×H×W×2, in grid_sample's −1…1."""
    size = pictures.shape[-1]
    coarse = torch.randn(len(pictures), 2, 6, 6, generator=generator) * (2 * sigma / size)
    smooth = F.interpolate(coarse, size=(size, size), mode="bicubic", align_corners=True)
    return smooth.permute(0, 2, 3, 1)


def _uniform(count: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    return torch.rand(count, generator=generator) * (high - low) + low
