"""Number formats on the wire: float32, float16, and uint8 with its scale."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

DType = Literal["float32", "float16", "uint8"]
Floats = NDArray[np.float32]

_LARGEST = 65504.0  # of float16
_SMALL = 2.0**-10  # where this is the largest number, float16 keeps too little of the others
_BLOCK = 65536  # numbers worked on at a time
_PIXELS = 256  # whose channels are put in order at a time


@dataclass(frozen=True)
class Packed:
    """An array as it is sent. For uint8 codes, value = ``offset`` + ``scale`` × code."""

    values: NDArray[Any]
    scale: float = 1.0
    offset: float = 0.0

    @property
    def scaled(self) -> bool:
        """Whether ``scale`` and ``offset`` are needed to read the values."""
        return self.values.dtype == np.uint8

    def unpack(self) -> Floats:
        """The float32 values, as a receiver computes them."""
        if not self.scaled:
            return self.values.astype(np.float32)
        values = self.offset + self.scale * self.values.astype(np.float64)
        return values.astype(np.float32)


def pack(values: Floats, dtype: DType) -> Packed:
    """The values in another number format; uint8 spans the array's own minimum … maximum.

    uint8 is off by at most half a ``scale`` (and what float32 itself rounds). float16 keeps
    11 bits; numbers that are too large or too small for it stay float32, as the array says.
    The result is in C order. Of maps that lie channels last (…×H×W×C in memory), the small
    numbers are put in order, not the large ones.
    """
    last = _channels_last(values)
    if last is not None:
        packed = pack(last, dtype)
        return replace(packed, values=_channels_first(packed.values))
    if dtype == "uint8":
        return _quantize(np.ascontiguousarray(values))
    if dtype == "float16" and fits_half(values):  # torch takes a ninth of NumPy's time
        return Packed(torch.from_numpy(np.ascontiguousarray(values)).half().numpy())
    return Packed(np.ascontiguousarray(values))


def _channels_last(values: Floats) -> Floats | None:
    """…×C×H×W as the …×H×W×C that it is in memory; None where it is not."""
    if values.ndim < 3 or values.flags.c_contiguous:
        return None
    last = np.moveaxis(values, -3, -1)
    return last if last.flags.c_contiguous else None


def _channels_first(values: NDArray[Any]) -> NDArray[Any]:
    """…×H×W×C as …×C×H×W, so few pixels at a time that they stay in the cache."""
    *batch, height, width, channels = values.shape
    images = values.reshape(math.prod(batch), height * width, channels)
    ordered = np.empty((len(images), channels, height * width), values.dtype)
    for image, planes in zip(images, ordered, strict=True):
        for start in range(0, len(image), _PIXELS):
            planes[:, start : start + _PIXELS] = image[start : start + _PIXELS].T
    return ordered.reshape(*batch, channels, height, width)


def fits_half(values: Floats) -> bool:
    """Whether float16 can hold them: none beyond ±65504, and not all of them tiny."""
    if values.size == 0:
        return True
    low, high = torch.aminmax(torch.from_numpy(np.ascontiguousarray(values)))
    largest = max(-float(low), float(high))
    return not (largest > _LARGEST or 0 < largest < _SMALL)


def _quantize(values: Floats) -> Packed:
    if values.size == 0:
        return Packed(values.astype(np.uint8))
    flat = values.reshape(-1)
    low, high = _limits(flat)
    scale = (high - low) / 255
    if scale < np.finfo(np.float32).tiny:
        return Packed(np.zeros(values.shape, np.uint8), 0.0, low)
    codes = np.empty(flat.size, np.uint8)
    scratch = np.empty(min(_BLOCK, flat.size), np.float32)
    for start, block in _blocks(flat):
        numbers = scratch[: block.size]
        np.subtract(block, low, out=numbers, dtype=np.float32)
        np.multiply(numbers, 1 / scale, out=numbers, dtype=np.float32)
        np.add(numbers, 0.5, out=numbers)
        np.copyto(codes[start : start + block.size], numbers, casting="unsafe")
    return Packed(codes.reshape(values.shape), scale, low)


def _limits(flat: Floats) -> tuple[float, float]:
    """Minimum and maximum, each block read from memory once."""
    limits = [(block.min(), block.max()) for _, block in _blocks(flat)]
    return float(min(low for low, _ in limits)), float(max(high for _, high in limits))


def _blocks(flat: Floats) -> Iterator[tuple[int, Floats]]:
    """Parts that fit into the processor's cache, each with its place."""
    for start in range(0, flat.size, _BLOCK):
        yield start, flat[start : start + _BLOCK]
