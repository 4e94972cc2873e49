"""Sprite sheets: the channels of a layer as tiles of one palette PNG."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.wire.png import palette_png, rgb_png

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Range = tuple[float, float]

MAX_PIXELS = 64_000_000
_LARGEST = float(np.finfo(np.float32).max)


class SpriteError(ValueError):
    """A scale or a cell size that makes no picture; ``field`` is the query parameter."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Grid:
    """Tiles of ``width`` × ``height`` pixels, row by row, one value taking ``zoom`` × ``zoom``."""

    columns: int
    rows: int
    width: int
    height: int
    zoom: int

    def __str__(self) -> str:
        """As in the header X-Grid."""
        return (
            f"columns={self.columns};rows={self.rows};"
            f"width={self.width};height={self.height};zoom={self.zoom}"
        )


@dataclass(frozen=True)
class Sprite:
    """A PNG, its grid, and the values that the first and the last colour stand for."""

    body: bytes
    grid: Grid
    range: Range


def parse_scale(text: str) -> str | Range:
    """``unit``, ``layer`` or ``lo,hi``. Raises SpriteError."""
    if text in ("unit", "layer"):
        return text
    try:
        low, high = (float(part) for part in text.split(","))
    except ValueError:
        raise SpriteError(
            "scale", f"{text[:40]!r} is not unit, layer or two numbers lo,hi."
        ) from None
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise SpriteError("scale", "lo,hi must be finite numbers, the lower one first.")
    return low, high


def plan(shape: tuple[int, int, int], cell: int | None, columns: int | None) -> Grid:
    """The grid for C×H×W values.

    ``cell`` is the side of a tile in pixels that is aimed at: values are enlarged by a whole
    factor, at least 1. ``columns`` defaults to a nearly square sheet. Raises SpriteError.
    """
    channels, height, width = shape
    zoom = max(1, (cell or 0) // max(height, width))
    columns = min(columns or math.ceil(math.sqrt(channels)), channels)
    grid = Grid(columns, math.ceil(channels / columns), width * zoom, height * zoom, zoom)
    if grid.columns * grid.width * grid.rows * grid.height > MAX_PIXELS:
        raise SpriteError("cell", f"The sheet would exceed {MAX_PIXELS} pixels.")
    return grid


def value_range(values: Floats, diverging: bool) -> Range:
    """The range that a picture shows: -m … m for diverging maps, else 0 (or less) … maximum."""
    low, high = float(values.min()), float(values.max())
    if diverging:
        most = max(abs(low), abs(high))
        return -most, most
    return min(0.0, low), max(0.0, high)


def codes_of(values: Floats, shown: Range, diverging: bool) -> Bytes:
    """Values to entries of a colour map. In a diverging map entry 128 is the range's middle."""
    low, high = shown
    if high <= low:
        return np.full(values.shape, 128 if diverging else 0, np.uint8)
    if diverging:
        middle, steps, first = (low + high) / 2, 254 / (high - low), 128.0
    else:
        middle, steps, first = low, 255 / (high - low), 0.0
    exact = np.float32 if steps < _LARGEST else np.float64  # the latter for the tiniest ranges
    scaled = np.rint((values - exact(middle)) * exact(steps))
    codes: Bytes = np.clip(scaled + exact(first), 0, 255).astype(np.uint8)
    return codes


def sprite_sheet(
    values: Floats,
    lut: Bytes,
    *,
    diverging: bool,
    scale: str | Range = "layer",
    cell: int | None = None,
    columns: int | None = None,
    text: Mapping[str, str] | None = None,
) -> Sprite:
    """The C×H×W ``values`` as a sheet; ``scale`` as `parse_scale` gives it.

    With scale "unit" each channel has a range of its own: they stand in the PNG's text chunk
    "ranges" (JSON, one [lo, hi] a channel), and ``Sprite.range`` is the whole layer's.
    """
    grid = plan((values.shape[0], values.shape[1], values.shape[2]), cell, columns)
    words = dict(text or {})
    shown = value_range(values, diverging) if isinstance(scale, str) else scale
    if scale == "unit":
        ranges = [value_range(channel, diverging) for channel in values]
        pairs = zip(values, ranges, strict=True)
        codes = np.stack([codes_of(channel, own, diverging) for channel, own in pairs])
        words["ranges"] = json.dumps(ranges)
    else:
        codes = codes_of(values, shown, diverging)
    blank = 128 if diverging else 0
    return Sprite(palette_png(_tile(codes, grid, blank), lut, words), grid, shown)


def rgb_sheet(
    kernels: Floats,
    cell: int | None = None,
    columns: int | None = None,
    text: Mapping[str, str] | None = None,
) -> tuple[bytes, Grid, Range]:
    """O×3×H×W kernels as colour tiles: -m is black, 0 grey, m white, m the largest magnitude."""
    grid = plan((kernels.shape[0], kernels.shape[2], kernels.shape[3]), cell, columns)
    shown = value_range(kernels, diverging=True)
    codes = codes_of(kernels, shown, diverging=True)
    planes = [_tile(codes[:, plane], grid, 128) for plane in range(3)]
    return rgb_png(np.stack(planes, axis=-1), text), grid, shown


def _tile(codes: Bytes, grid: Grid, blank: int) -> Bytes:
    """C×H×W codes laid out on the grid; tiles without a channel are ``blank``."""
    channels, height, width = codes.shape
    missing = grid.rows * grid.columns - channels
    if missing:
        codes = np.concatenate([codes, np.full((missing, height, width), blank, np.uint8)])
    tiles = codes.reshape(grid.rows, grid.columns, height, width).swapaxes(1, 2)
    sheet: Bytes = tiles.reshape(grid.rows * height, grid.columns * width)
    if grid.zoom > 1:
        sheet = sheet.repeat(grid.zoom, axis=0).repeat(grid.zoom, axis=1)
    return sheet
