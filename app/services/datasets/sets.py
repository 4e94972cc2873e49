"""What every data set of pictures can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.services.datasets.idx import Bytes, Split
from app.services.datasets.places import Places, Progress


@dataclass(frozen=True)
class About:
    """A data set's card. ``shape`` is C×H×W as it is published, or as it is fed by default."""

    title: str
    about: str
    source: str
    licence: str
    shape: tuple[int, int, int]


@dataclass(frozen=True)
class Half:
    """The pictures of a split: uint8 N×H×W or N×H×W×3, their labels, and their places in it.

    ``left_out`` names the files that could not be read.
    """

    pictures: Bytes
    labels: NDArray[np.int64]
    places: NDArray[np.int64]
    left_out: tuple[str, ...] = ()

    def take(self, chosen: NDArray[np.int64]) -> Half:
        """Some of them, copied."""
        some = (self.pictures[chosen], self.labels[chosen], self.places[chosen])
        return Half(*some, left_out=self.left_out)


class PictureSet(Protocol):
    """A data set of pictures. Its calls raise DatasetMissingError and DatasetDamagedError."""

    @property
    def card(self) -> About:
        """Its card."""

    def classes(self, places: Places) -> tuple[str, ...]:
        """The names of the classes."""

    def count(self, split: Split, places: Places) -> int:
        """How many pictures a split has."""

    def half(
        self, split: Split, places: Places, side: int, progress: Progress | None = None
    ) -> Half:
        """A split's pictures. ``side`` is what their shorter side is wanted as, where they are not
        published in one size."""

    def picture(self, split: Split, index: int, places: Places) -> Bytes:
        """One picture, H×W or H×W×3. Raises IndexError."""


def whole(pictures: Bytes, labels: NDArray[Any]) -> Half:
    """A split of which every picture is there."""
    return Half(pictures, labels.astype(np.int64), np.arange(len(labels), dtype=np.int64))
