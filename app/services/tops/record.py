"""What one layer did on all pictures of a set, channel by channel.

A batch is counted block by block.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load, save
from torch import Tensor

from app.services.finite import NotFiniteError
from app.services.tops.best import Best
from app.services.tops.histogram import BINS, Histograms

_BLOCK = 1 << 17  # values; they fit into a processor's cache
_DEVICE_BLOCK = 1 << 24  # on a GPU each block costs a wait; a float32 counts no further

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass
class Record:
    """One layer's C channels after ``done`` pictures of a set, ``used`` of which could be read.

    ``total`` and ``zeros`` are of all values, ``units`` of which a channel has for one picture.
    ``largest_mean`` is the largest mean over a map.
    """

    done: int
    used: int
    units: int
    smallest: Floats
    largest: Floats
    largest_mean: Floats
    total: Doubles
    zeros: Ints
    histograms: Histograms
    best: Best

    @classmethod
    def empty(cls, shape: list[int]) -> Record:
        """Before the first picture; ``shape`` is the layer's, C×H×W or C."""
        channels = shape[0]
        lowest = np.full(channels, -np.inf, np.float32)
        return cls(
            done=0,
            used=0,
            units=math.prod(shape[1:]),
            smallest=-lowest,
            largest=lowest,
            largest_mean=lowest.copy(),
            total=np.zeros(channels),
            zeros=np.zeros(channels, np.int64),
            histograms=Histograms.empty(channels),
            best=Best.empty(channels),
        )

    @torch.inference_mode()
    def add(self, values: Tensor, numbers: list[int]) -> None:
        """Enter the values of a batch, N×C×H×W or N×C; ``numbers`` of its pictures in the set.

        Raises NotFiniteError, and then the record is of no use any more.
        """
        maps = values.reshape(len(values), len(self.total), -1)  # N, C, units
        largest, sums = (np.empty(maps.shape[:2], np.float32) for _ in range(2))
        places = np.empty(maps.shape[:2], np.int32)
        for at in _blocks(maps.shape, _BLOCK if maps.device.type == "cpu" else _DEVICE_BLOCK):
            block = maps[at]
            largest[at], sums[at] = self._count(block, at[1])
            places[at] = _places(block, largest[at] > self.best.value[at[1], -1])
        self.total += sums.sum(axis=0, dtype=np.float64)
        self.largest_mean = np.maximum(self.largest_mean, sums.max(axis=0) / np.float32(self.units))
        self.best.add(largest, numbers, places)
        self.used += len(values)

    def _count(self, block: Tensor, part: slice) -> tuple[Floats, Floats]:
        """Count the values of some channels; each map's largest value, and its sum: N×C each."""
        largest, smallest, sums = (_numpy(f(2)) for f in (block.amax, block.amin, block.sum))
        low, high = smallest.min(axis=0), largest.max(axis=0)
        if not ((low >= self.smallest[part]) & (high <= self.largest[part])).all():  # or NaN
            self._widen(part, low, high)
        codes = self.histograms.codes(block, part)
        length = block.shape[1] * BINS
        counts = torch.bincount(codes.flatten().int(), minlength=length)
        self.histograms.counts[part] += _numpy(counts).reshape(-1, BINS)
        self.zeros[part] += _numpy(torch.eq(block, 0, out=codes).sum((0, 2))).astype(np.int64)
        return largest, sums

    def _widen(self, part: slice, low: Floats, high: Floats) -> None:
        """Make room in some channels for values from ``low`` to ``high``."""
        if not (np.isfinite(low).all() and np.isfinite(high).all()):
            raise NotFiniteError("The network gives values that are no finite numbers.")
        self.smallest[part] = np.minimum(self.smallest[part], low)
        self.largest[part] = np.maximum(self.largest[part], high)
        self.histograms.fit(part, self.smallest[part], self.largest[part])

    def to_bytes(self) -> bytes:
        """For `from_bytes`."""
        return save(
            {
                "count": np.array([self.done, self.used, self.units]),
                "range": np.stack([self.smallest, self.largest, self.largest_mean]),
                "total": self.total,
                "zeros": self.zeros,
                **{f"histograms.{name}": each for name, each in vars(self.histograms).items()},
                **{f"best.{name}": each for name, each in vars(self.best).items()},
            }
        )

    @classmethod
    def from_bytes(cls, body: bytes) -> Record:
        """Raises what safetensors raises, KeyError and ValueError for what is no record."""
        arrays = load(body)
        done, used, units = (int(number) for number in arrays["count"])
        smallest, largest, largest_mean = (row.copy() for row in arrays["range"])
        return cls(
            *(done, used, units, smallest, largest, largest_mean),
            total=arrays["total"],
            zeros=arrays["zeros"],
            histograms=Histograms(
                *(arrays[f"histograms.{name}"] for name in ("exponent", "first", "counts"))
            ),
            best=Best(*(arrays[f"best.{name}"] for name in ("value", "picture", "place"))),
        )


def _blocks(shape: torch.Size, most: int) -> Iterator[tuple[slice, slice]]:
    """Slices of pictures and of channels: several whole pictures, or parts of one.

    No more than ``most`` values each, but for larger maps.
    """
    pictures, channels, units = shape
    many = max(1, most // (channels * units))
    part = channels if many > 1 else min(channels, max(1, most // units))
    for n in range(0, pictures, many):
        for c in range(0, channels, part):
            yield slice(n, n + many), slice(c, c + part)


def _places(maps: Tensor, wanted: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Where those of the N×C maps that are ``wanted`` have their largest value; 0 elsewhere."""
    places = np.zeros(wanted.shape, np.int32)
    n, c = np.nonzero(wanted)
    if len(n):
        chosen = maps[torch.from_numpy(n).to(maps.device), torch.from_numpy(c).to(maps.device)]
        places[n, c] = _numpy(chosen).argmax(axis=1)
    return places


def _numpy(tensor: Tensor) -> NDArray[Any]:
    return tensor.cpu().numpy()
