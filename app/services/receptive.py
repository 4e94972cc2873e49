"""Receptive field arithmetic, after Araujo, Norris and Sim, Distill 2019.

Per axis, a layer's unit 0 is centred at ``start`` and sees ``size`` pixels of the input; the
next unit is ``jump`` pixels on. Where branches meet, the hull of theirs counts. What group
norm and its kin spread over the image are statistics, and do not count.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.schemas import Box, ReceptiveField
from app.services.operations import Window


@dataclass(frozen=True)
class Axis:
    """One axis of a receptive field, in pixels. ``jump`` is below 1 where a decoder upsamples
    beyond the input."""

    size: float = 1.0
    jump: float = 1.0
    start: float = 0.0

    @property
    def low(self) -> float:
        """The first pixel that unit 0 sees; it may lie in the padding."""
        return self.start - (self.size - 1) / 2

    @property
    def high(self) -> float:
        """The last pixel that unit 0 sees."""
        return self.start + (self.size - 1) / 2


Field = tuple[Axis, Axis]  # vertical, horizontal


def whole(shape: list[int], units: list[int]) -> Field:
    """Everything, for every unit: dense layers and what mixes positions.

    ``shape`` is the input's C×H×W, ``units`` the layer's own shape.
    """
    rows, columns = units[1:3] if len(units) >= 3 else (1, 1)
    return _whole(shape[-2], rows), _whole(shape[-1], columns)


def _whole(extent: int, units: int) -> Axis:
    # The first unit's field reaches so far up that the last one's, shifted, starts at pixel 0.
    return Axis(extent + units - 1, 1, (extent - units) / 2)


def slide(field: Field, window: Window) -> Field:
    """Behind a convolution or a pooling layer."""
    return _slide(field[0], window, 0), _slide(field[1], window, 1)


def _slide(field: Axis, window: Window, axis: int) -> Axis:
    reach = (window.kernel_size[axis] - 1) * window.dilation[axis]  # input units beyond the first
    return Axis(
        field.size + reach * field.jump,
        field.jump * window.stride[axis],
        field.start + (reach / 2 - window.padding[axis]) * field.jump,
    )


def slide_back(field: Field, window: Window) -> Field:
    """Behind a transposed convolution: the hull over its output positions."""
    return _slide_back(field[0], window, 0), _slide_back(field[1], window, 1)


def _slide_back(field: Axis, window: Window, axis: int) -> Axis:
    reach = (window.kernel_size[axis] - 1) * window.dilation[axis]
    stride = window.stride[axis]
    return Axis(
        field.size + math.ceil(reach * field.jump / stride),
        field.jump / stride,
        field.start + (window.padding[axis] - reach / 2) * field.jump / stride,
    )


def upsample(field: Field, factors: tuple[float, float], mode: str) -> Field:
    """Behind an upsampling: the hull over its output positions. ``mode`` as in nn.Upsample."""
    reach = {"nearest": 1.0, "bicubic": 4.0}.get(mode, 2.0)
    return _upsample(field[0], factors[0], reach), _upsample(field[1], factors[1], reach)


def _upsample(field: Axis, factor: float, reach: float) -> Axis:
    return Axis(
        field.size + math.ceil(reach * field.jump),
        field.jump / factor,
        field.start + (0.5 / factor - 0.5) * field.jump,
    )


def hull(branches: list[tuple[Field, list[int]]], shape: list[int]) -> Field:
    """Behind an addition or a concatenation: all that any branch sees.

    Each branch is (field, shape); one whose single row or column is spread over the output
    (a squeeze-and-excitation gate) is seen by every unit.
    """
    vertical = [(field[0], extent[1:2] == shape[1:2]) for field, extent in branches]
    horizontal = [(field[1], extent[2:3] == shape[2:3]) for field, extent in branches]
    return _hull(vertical, shape[1]), _hull(horizontal, shape[2])


def _hull(branches: list[tuple[Axis, bool]], units: int) -> Axis:
    jump = max((field.jump for field, moves in branches if moves), default=1.0)
    travel = (units - 1) * jump  # from the first unit to the last
    low = min(field.low - (0 if moves else travel) for field, moves in branches)
    high = max(field.high for field, moves in branches)
    return Axis(high - low + 1, jump, (low + high) / 2)


def as_schema(field: Field) -> ReceptiveField:
    """The field in whole pixels, never smaller than it is."""
    vertical, horizontal = field
    return ReceptiveField(
        size=(math.ceil(vertical.size), math.ceil(horizontal.size)),
        jump=(max(1, round(vertical.jump)), max(1, round(horizontal.jump))),
        start=(vertical.start, horizontal.start),
    )


def box(field: ReceptiveField, y: int, x: int, shape: list[int]) -> Box:
    """The pixels that unit (y, x) sees, clipped to an input of ``shape`` (…×H×W)."""
    bounds = []
    for axis, (place, extent) in enumerate(zip((y, x), shape[-2:], strict=True)):
        centre = field.start[axis] + place * field.jump[axis]
        reach = (field.size[axis] - 1) / 2
        low = min(max(math.floor(centre - reach), 0), extent)
        bounds.append((low, max(low, min(math.ceil(centre + reach) + 1, extent))))
    (top, bottom), (left, right) = bounds
    return Box(top=top, left=left, bottom=bottom, right=right)
