"""CIFAR-10 (Krizhevsky 2009) from the user's disk, in any of the forms that people have.

The binary version (cifar-10-batches-bin), the Python version (cifar-10-batches-py, which
torchvision fetches), or pictures in folders train/<class> and test/<class>.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from app.services.datasets import decoded, folders, inert
from app.services.datasets.errors import DatasetDamagedError, DatasetMissingError
from app.services.datasets.idx import SPLITS, Bytes, Split
from app.services.datasets.places import Places, Progress
from app.services.datasets.sets import About, Half, whole
from app.services.datasets.tree import Tree, tree
from models.cifar10 import CLASSES

SIDE = 32
_PLANES = 3 * SIDE * SIDE
_BATCHES: dict[Split, tuple[str, ...]] = {
    "train": tuple(f"data_batch_{number}" for number in range(1, 6)),
    "test": ("test_batch",),
}
_MISSING = (
    "CIFAR-10 is not on this machine. Fetch it from www.cs.toronto.edu/~kriz/cifar.html (the "
    "binary or the Python version) and unpack it into {folder}, so that there is "
    "{folder}/cifar-10-batches-bin or -py; folders train/CLASS and test/CLASS of pictures do, too."
)


class CifarSet:
    """60,000 colour pictures of 32×32 pixels."""

    card = About(
        "CIFAR-10",
        "60,000 small colour photographs of ten kinds of animals and vehicles.",
        "A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images (2009)",
        "none stated; for research",
        (3, SIDE, SIDE),
    )

    def classes(self, places: Places) -> tuple[str, ...]:
        """The names of the classes."""
        return CLASSES

    def count(self, split: Split, places: Places) -> int:
        """How many pictures a split has."""
        found = _find(places.data_dir)
        return len(found.files(split)) if isinstance(found, Tree) else len(_read(found, split)[1])

    def half(
        self, split: Split, places: Places, side: int, progress: Progress | None = None
    ) -> Half:
        """A split's pictures, N×32×32×3."""
        found = _find(places.data_dir)
        if isinstance(found, Tree):
            return decoded.half(found, split, SIDE, places.cache_dir, progress)
        return whole(*_read(found, split))

    def picture(self, split: Split, index: int, places: Places) -> Bytes:
        """One picture, 32×32×3. Raises IndexError."""
        found = _find(places.data_dir)
        if isinstance(found, Tree):
            return folders.one(found, split, index)
        pixels: Bytes = _read(found, split)[0][index]
        return pixels


def _find(data_dir: Path | None) -> Path | Tree:
    """The folder with the batches, or the tree of pictures. Raises DatasetMissingError."""
    data = data_dir or Path("data")
    folder = data / "cifar10"
    for name in ("cifar-10-batches-bin", "cifar-10-batches-py", ""):
        for place in (folder / name, data / name):
            if all(_batch(place, batch) for split in SPLITS for batch in _BATCHES[split]):
                return place.resolve()
    if (folder / "train").is_dir() and (folder / "test").is_dir():
        found = tree(folder)
        if found.classes == CLASSES:
            return found
    raise DatasetMissingError(_MISSING.format(folder=folder))


def _batch(folder: Path, name: str) -> Path | None:
    """A batch's file, binary or Python's."""
    paths = (folder / f"{name}.bin", folder / name)
    return next((path for path in paths if path.is_file()), None)


@lru_cache(maxsize=2)
def _read(folder: Path, split: Split) -> tuple[Bytes, Bytes]:
    """Pictures N×32×32×3 and labels N. Raises DatasetDamagedError."""
    parts = [_load(_batch(folder, name) or folder / name) for name in _BATCHES[split]]
    pixels, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
    if labels.max(initial=0) >= len(CLASSES):
        raise DatasetDamagedError(f"{folder}: a label above {len(CLASSES) - 1}")
    planes = pixels.reshape(-1, 3, SIDE, SIDE)
    return np.ascontiguousarray(planes.transpose(0, 2, 3, 1)), labels


def _load(path: Path) -> tuple[Bytes, Bytes]:
    """The rows of a batch (red plane, green plane, blue plane) and their labels."""
    try:
        if path.suffix == ".bin":
            rows = np.fromfile(path, np.uint8).reshape(-1, 1 + _PLANES)
            return rows[:, 1:], rows[:, 0]
        batch = inert.read(path)
        pixels = batch[b"data"].pixels().reshape(-1, _PLANES)
        labels = np.asarray(batch[b"labels"], np.uint8).reshape(len(pixels))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise DatasetDamagedError(f"{path} is no batch of CIFAR-10: {error}") from error
    return pixels, labels


CIFAR = CifarSet()
