"""Random changes to batches of pictures, on tensors: all N pictures at once, on their device.

Shift, rotation, scale, shear, elastic distortion (Simard, Steinkraus and Platt, Best practices
for convolutional neural networks, ICDAR 2003), stroke width, brightness, noise and mirror images.
It is in the inner loop of training: one matrix product makes the sampling grid, the affine and
the elastic part together, and what is not asked for costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from app.schemas import AugmentationChoice

REFERENCE = 28  # pixels: the side of the picture in which shifts are counted
_COARSE = 6  # nodes a side of the elastic field


@dataclass(frozen=True)
class Strength:
    """The most that each change may do. Each picture draws its own, uniformly.

    ``shift`` in pixels of a 28-pixel picture, ``rotation`` and ``shear`` in degrees, ``scale``
    from…to (both sides together), ``aspect`` the sides against each other, ``elastic`` in such
    pixels (a standard deviation), ``stroke`` the share of a pixel by which each side of a line
    grows or shrinks, ``brightness`` a share, ``noise`` a standard deviation in 0…1. ``flip``:
    every second picture left to right. "bicubic" keeps edges sharper, "bilinear" is faster.
    """

    shift: float = 2.0
    rotation: float = 12.0
    shear: float = 12.0
    scale: tuple[float, float] = (0.9, 1.1)
    aspect: float = 0.1
    elastic: float = 0.7
    stroke: float = 0.6
    brightness: float = 0.0
    noise: float = 0.0
    flip: bool = False
    interpolation: Literal["bilinear", "bicubic"] = "bicubic"

    @staticmethod
    def of(choice: AugmentationChoice) -> Strength:
        """What was chosen for a training."""
        return Strength(
            shift=choice.shift,
            rotation=choice.rotation,
            shear=choice.shear,
            scale=(1 - choice.scale, 1 + choice.scale),
            aspect=0.0,
            elastic=choice.elastic,
            stroke=choice.stroke,
            brightness=choice.brightness,
            noise=choice.noise,
            flip=choice.flip,
            interpolation="bilinear",
        )

    @property
    def bends(self) -> bool:
        """Whether it does more to a picture's geometry than to move or mirror it."""
        turned = self.rotation or self.shear or self.aspect or self.elastic
        return bool(turned) or self.scale != (1.0, 1.0)


def augment(pictures: Tensor, strength: Strength, generator: torch.Generator) -> Tensor:
    """Changed copies of float pictures N×C×H×W in 0…1; what leaves the frame is cut off.

    Where pictures are only moved or mirrored, they are moved by whole pixels and stay sharp.
    """
    changed = pictures
    if strength.bends or strength.shift or strength.flip:
        mode = strength.interpolation if strength.bends else "nearest"
        grid = _grid(pictures, strength, generator)
        changed = F.grid_sample(pictures, grid, mode=mode, align_corners=False)
        changed = changed.clamp_(0, 1) if mode == "bicubic" else changed
    if strength.stroke:
        by = _draw(pictures, (-1, 1), generator) * strength.stroke
        changed = change_stroke(changed, by)
    if strength.brightness or strength.noise:
        changed = _change_values(changed, strength, generator)
    return changed.clone() if changed is pictures else changed


def change_stroke(pictures: Tensor, by: Tensor) -> Tensor:
    """Lines made thicker (by > 0, up to 1) or thinner (by < 0); ``by`` has N entries.

    Bright lines on dark ground: the largest (or smallest) of each 3×3 pixels is mixed in.
    """
    amount = by[:, None, None, None]
    negative = (amount < 0).to(pictures.dtype)  # dark lines grow where bright ones shrink
    sign = 1 - 2 * negative
    ground = (pictures * sign).add_(negative)
    mixed = torch.lerp(ground, _largest_around(ground), amount.abs())
    return mixed.mul_(sign).add_(negative)


def _largest_around(pictures: Tensor) -> Tensor:
    """The largest of each 3×3 pixels: along the rows, then along the columns."""
    rows = pictures.clone()
    torch.maximum(rows[..., 1:], pictures[..., :-1], out=rows[..., 1:])
    torch.maximum(rows[..., :-1], pictures[..., 1:], out=rows[..., :-1])
    both = rows.clone()
    torch.maximum(both[..., 1:, :], rows[..., :-1, :], out=both[..., 1:, :])
    torch.maximum(both[..., :-1, :], rows[..., 1:, :], out=both[..., :-1, :])
    return both


def _change_values(pictures: Tensor, strength: Strength, generator: torch.Generator) -> Tensor:
    """Brighter or darker by a factor, and noise, as strong as each picture's own draw."""
    if strength.brightness:
        limits = (1 - strength.brightness, 1 + strength.brightness)
        pictures = pictures * _draw(pictures, limits, generator)[:, None, None, None]
    if strength.noise:
        sigma = _draw(pictures, (0, strength.noise), generator)[:, None, None, None]
        noise = torch.randn(pictures.shape, generator=generator, device=generator.device)
        pictures = torch.addcmul(pictures, noise.to(pictures.device), sigma)
    return pictures.clamp(0, 1)


def _grid(pictures: Tensor, strength: Strength, generator: torch.Generator) -> Tensor:
    """Where each output pixel comes from: N×H×W×2 (x, y) in grid_sample's −1…1."""
    height, width = pictures.shape[2:]
    terms = _matrices(pictures, strength, generator)  # N, 2, 3
    if strength.elastic:
        shape = (len(pictures), 2, _COARSE**2)
        coarse = torch.randn(shape, generator=generator, device=generator.device)
        sigma = 2 * strength.elastic / REFERENCE
        terms = torch.cat([terms, coarse.to(pictures.device) * sigma], dim=2)
    basis = _basis(height, width, bool(strength.elastic), pictures.device)
    planes = torch.mm(terms.flatten(0, 1), basis)  # N·2, H·W
    return planes.view(-1, 2, height, width).permute(0, 2, 3, 1)


@lru_cache(maxsize=16)
def _basis(height: int, width: int, elastic: bool, device: torch.device) -> Tensor:
    """x, y and 1 of each output pixel, 3×H·W; with ``elastic`` the weights of the coarse nodes."""
    ys, xs = (torch.arange(size) * 2 / size + 1 / size - 1 for size in (height, width))
    y, x = torch.meshgrid(ys, xs, indexing="ij")
    rows = torch.stack([x, y, torch.ones_like(x)]).flatten(1)
    if elastic:
        nodes = torch.eye(_COARSE**2).view(-1, 1, _COARSE, _COARSE)
        smooth = F.interpolate(nodes, size=(height, width), mode="bicubic", align_corners=True)
        rows = torch.cat([rows, smooth.flatten(1)])
    return rows.to(device)


def _matrices(pictures: Tensor, strength: Strength, generator: torch.Generator) -> Tensor:
    """Random maps from output to input positions, N×2×3, in grid_sample's −1…1."""
    count, (height, width) = len(pictures), pictures.shape[2:]
    turn, lean, stretch, right, down = torch.rand(
        (5, count), generator=generator, device=generator.device
    ).to(pictures.device)
    angle = (turn * 2 - 1) * (torch.pi * strength.rotation / 180)
    shear = torch.tan((lean * 2 - 1) * (torch.pi * strength.shear / 180))
    low, high = strength.scale
    scale = _draw(pictures, (low, high), generator) if high > low else torch.full_like(turn, low)
    aspect = torch.exp((stretch - 0.5) * strength.aspect)
    x_scale, y_scale = 1 / (scale * aspect), aspect / scale
    if strength.flip:
        mirrored = _draw(pictures, (-1, 1), generator) < 0
        x_scale = torch.where(mirrored, -x_scale, x_scale)
    cos, sin = torch.cos(angle), torch.sin(angle)
    of_x = torch.stack([cos * x_scale, sin * y_scale], dim=1)
    of_y = torch.stack([(shear * cos - sin) * x_scale, (shear * sin + cos) * y_scale], dim=1)
    sizes = torch.tensor([[width], [height]], device=pictures.device)
    pixels = (torch.stack([right, down]) * 2 - 1) * strength.shift * sizes / REFERENCE
    x, y = (pixels if strength.bends else pixels.round()) * 2 / sizes
    constant = -(of_x * x[:, None] + of_y * y[:, None])
    return torch.stack([of_x, of_y, constant], dim=2)


def _draw(pictures: Tensor, limits: tuple[float, float], generator: torch.Generator) -> Tensor:
    """A number for each picture, uniform between two limits."""
    low, high = limits
    drawn = torch.rand(len(pictures), generator=generator, device=generator.device)
    return drawn.to(pictures.device) * (high - low) + low
