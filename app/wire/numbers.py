"""Number formats on the wire: float32, float16, and uint8 with its scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

DType = Literal["float32", "float16", "uint8"]
Floats = NDArray[np.float32]


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
    11 bits and clips to ±65504.
    """
    if dtype == "uint8":
        return _quantize(values)
    if dtype == "float16":
        return Packed(np.clip(values, -65504, 65504).astype(np.float16))
    return Packed(np.ascontiguousarray(values))


def _quantize(values: Floats) -> Packed:
    if values.size == 0:
        return Packed(values.astype(np.uint8))
    low, high = float(values.min()), float(values.max())
    scale = (high - low) / 255
    if scale < np.finfo(np.float32).tiny:
        return Packed(np.zeros(values.shape, np.uint8), 0.0, low)
    codes = np.rint((values.astype(np.float64) - low) / scale)
    return Packed(np.clip(codes, 0, 255).astype(np.uint8), scale, low)
