"""Small random changes before each step, so that a picture drives a unit robustly.

Shift, scale and rotation after Lucid (Olah, Mordvintsev, Schubert, Feature Visualization, Distill
2017, "Transformation robustness"); crops and noise after MACO (Fel et al., NeurIPS 2023). All of
them together are one affine map, the same for all pictures of the batch, and one resampling: a
picture's way does not depend on the pictures beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from models.registry import InputSpec


@dataclass(frozen=True)
class Transforms:
    """The most that each change may do; drawn uniformly, anew at each call.

    ``shift`` in pixels, ``scale`` from…to (above 1: larger), ``rotation`` in degrees; ``crop``
    from…to: the share of the side that is seen, anywhere in the picture, magnified to the whole
    size (None: all of it); ``noise``: a standard deviation, in pixel units. What comes in from
    outside the picture has the grey ``ground``.
    """

    shift: float = 0.0
    scale: tuple[float, float] = (1.0, 1.0)
    rotation: float = 0.0
    crop: tuple[float, float] | None = None
    noise: float = 0.0
    ground: float = 0.5

    def __call__(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """Changed copies of pictures N×C×H×W in 0…1, on their device.

        ``generator`` is one of the processor's, so that all devices see the same changes.
        """
        if self._moves():
            x = self._warped(x, self._matrix(x.shape[-2:], generator).to(x.device))
        if self.noise:
            x = x + torch.randn(x.shape[1:], generator=generator).to(x.device) * self.noise
        return x

    def _moves(self) -> bool:
        still = not self.shift and not self.rotation and self.scale == (1.0, 1.0)
        return not still or self.crop is not None

    def _matrix(self, size: torch.Size, generator: torch.Generator) -> Tensor:
        """The random map from seen to picture positions, 2×3, in affine_grid's −1…1."""
        draws = torch.rand(7, generator=generator).tolist()
        side = 1 / _within(self.scale, draws[0])
        place = [0.0, 0.0]
        if self.crop is not None:
            share = _within(self.crop, draws[1])
            side *= share
            place = [(2 * draw - 1) * (1 - share) for draw in draws[2:4]]
        angle = math.radians(self.rotation) * (2 * draws[6] - 1)
        height, width = size
        across, down = ((2 * d - 1) * 2 * self.shift for d in draws[4:6])
        cos, sin = math.cos(angle) * side, math.sin(angle) * side
        ratio = height / width
        return torch.tensor(
            [
                [cos, -sin * ratio, place[0] + across / width],
                [sin / ratio, cos, place[1] + down / height],
            ]
        )

    def _warped(self, x: Tensor, matrix: Tensor) -> Tensor:
        grid = F.affine_grid(matrix[None], [1, *x.shape[1:]], align_corners=False)
        grid = grid.expand(len(x), -1, -1, -1)
        moved = F.grid_sample(x - self.ground, grid, padding_mode="zeros", align_corners=False)
        return moved.add_(self.ground)


NONE = Transforms()


def standard(spec: InputSpec, size: tuple[int, int]) -> Transforms:
    """What suits pictures of this size for a network.

    For photographs Lucid's, which are made for 128 pixels: shifts by up to 8/2 + 4/2 pixels,
    scales 0.9…1.1, rotations by up to 10°; mid grey comes in from outside. Digits, whose lines
    are 2 pixels wide, move less, on black.
    """
    if spec.kind == "digit":
        return Transforms(shift=1.5, scale=(0.92, 1.08), rotation=8.0, ground=0.0)
    return Transforms(shift=6.0 * min(size) / 128, scale=(0.9, 1.1), rotation=10.0)


def _within(span: tuple[float, float], draw: float) -> float:
    return span[0] + (span[1] - span[0]) * draw
