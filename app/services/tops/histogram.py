"""Histograms of many channels at once that need not know their range beforehand.

A bin is ``2^e`` wide and begins at a multiple of its width; ``e`` is a channel's own. When a
value comes that lies too far out, neighbouring bins are joined and ``e`` grows by one. Scaling
by a power of two is exact (where nothing underflows), so that the counts are exact, and they
depend on the values alone: neither on their order nor on how they came in batches.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

BINS = 64
_FINEST = -30  # the least exponent: smaller differences are of no interest
_DIGITS = 22  # binary digits of the largest value: a bin is never finer than they are

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass
class Histograms:
    """Counts of C channels, C×`BINS`. Bin j of channel c begins at (first[c] + j)·2^exponent[c].

    Channels without values have the finest exponent and begin at 0.
    """

    exponent: Ints  # C
    first: Ints  # C
    counts: Ints  # C, BINS

    @classmethod
    def empty(cls, channels: int) -> Histograms:
        """Nothing counted yet."""
        exponent = np.full(channels, _FINEST, np.int64)
        return cls(exponent, np.zeros(channels, np.int64), np.zeros((channels, BINS), np.int64))

    def fit(self, part: slice, low: Floats, high: Floats) -> None:
        """Make room in some channels for values from ``low`` to ``high``, those counted included.

        ``low`` and ``high`` have one number for each channel in ``part``.
        """
        exponent = _exponents(low, high)
        first = _bin(low, exponent)
        wider = exponent - self.exponent[part]
        changed = np.flatnonzero((wider != 0) | (first != self.first[part]))
        rows, bins = np.nonzero(self.counts[part][changed])
        channels = changed[rows]
        moved = ((self.first[part][channels] + bins) >> wider[channels]) - first[channels]
        counts = np.zeros((len(changed), BINS), np.int64)
        np.add.at(counts, (rows, moved), self.counts[part][channels, bins])
        self.counts[part][changed] = counts
        self.exponent[part], self.first[part] = exponent, first

    def codes(self, values: Tensor, part: slice) -> Tensor:
        """The bins of N×C×units values of the channels in ``part``, those of each behind the last.

        float32 and whole: bin + `BINS` × the channel's place in ``part``. The values have to lie
        within what `fit` made room for.
        """
        scale = np.ldexp(np.float32(1), -self.exponent[part])
        row = (BINS * np.arange(len(scale)) - self.first[part]).astype(np.float32)
        scale_on, row_on = (
            torch.from_numpy(each)[:, None].to(values.device) for each in (scale, row)
        )
        return (values * scale_on).floor_().add_(row_on)  # exact: whole numbers below 2^24

    def of(self, channel: int) -> tuple[list[float], list[int]]:
        """One channel's edges and counts, from its first bin to the last that holds something."""
        used = np.flatnonzero(self.counts[channel])
        end = int(used[-1]) + 1 if len(used) else 1
        edges = np.ldexp(
            (self.first[channel] + np.arange(end + 1)).astype(np.float64),
            int(self.exponent[channel]),
        )
        return edges.tolist(), self.counts[channel, :end].tolist()


def _exponents(low: Floats, high: Floats) -> Ints:
    """The least exponents with which `BINS` bins reach from ``low`` to ``high``."""
    largest = np.frexp(np.maximum(np.abs(low), np.abs(high)))[1]
    spread = high.astype(np.float64) - low
    least = np.where(spread > 0, np.frexp(spread)[1] - int(np.log2(BINS)) - 1, _FINEST)
    exponent: Ints = np.maximum(np.maximum(least, largest - _DIGITS), _FINEST).astype(np.int64)
    for _ in range(2):
        exponent += _bin(high, exponent) - _bin(low, exponent) >= BINS
    return exponent


def _bin(values: Floats, exponent: Ints) -> Ints:
    bins: Ints = np.floor(np.ldexp(values.astype(np.float64), -exponent)).astype(np.int64)
    return bins
