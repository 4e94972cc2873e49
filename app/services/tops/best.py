"""The pictures that drive each channel most, kept up to date batch by batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KEPT = 25  # pictures a channel

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass
class Best:
    """For each of C channels `KEPT` pictures, best first; those not there yet have number −1.

    ``value`` is the largest value of the picture's map, ``place`` where in the map it lies (row
    by row, the first one where several are equal), ``picture`` the picture's number in its set.
    Of pictures with the same value the one that came first stands first.
    """

    value: Floats  # C, KEPT
    picture: Ints  # C, KEPT
    place: Ints  # C, KEPT

    @classmethod
    def empty(cls, channels: int) -> Best:
        """No picture yet."""
        shape = channels, KEPT
        return cls(
            np.full(shape, -np.inf, np.float32), np.full(shape, -1, np.int32), np.zeros(shape, "i4")
        )

    def add(self, largest: Floats, numbers: list[int], places: Ints) -> None:
        """Enter a batch: ``largest`` of each map and its place (N×C), the N pictures' numbers.

        A place only matters where the map's largest value is among the best.
        """
        changed = np.flatnonzero((largest > self.value[:, -1]).any(axis=0))
        if not len(changed):
            return
        values = np.concatenate([self.value[changed], largest[:, changed].T], axis=1)
        order = np.argsort(-values, axis=1, kind="stable")[:, :KEPT]
        rows = np.arange(len(changed))[:, None]
        new = order - KEPT  # the place in the batch; below 0: was here before
        before = np.minimum(order, KEPT - 1)
        came = np.asarray(numbers, np.int32)[np.maximum(new, 0)]
        picture = np.where(new < 0, self.picture[changed[:, None], before], came)
        place = self.place[changed[:, None], before]
        row, rank = np.nonzero(new >= 0)
        place[row, rank] = places[new[row, rank], changed[row]]
        self.value[changed] = values[rows, order]
        self.picture[changed], self.place[changed] = picture, place
