"""A few pictures of a grey data set, for those who cannot draw."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.schemas import Sample
from app.services.datasets import Split, grey_folder
from app.services.datasets.grey import read


def samples(dataset: str, data_dir: Path, split: Split, indices: list[int]) -> list[Sample]:
    """The pictures of a data set at ``indices``.

    Raises IndexError, UnknownDatasetError, DatasetMissingError.
    """
    images, labels = read(grey_folder(dataset, data_dir), split)
    return [
        Sample(
            index=index,
            label=int(labels[index]),
            height=images.shape[1],
            width=images.shape[2],
            pixels=base64.b64encode(images[index].tobytes()).decode(),
        )
        for index in indices
    ]


def count(dataset: str, data_dir: Path, split: Split) -> int:
    """How many pictures the split has. Raises UnknownDatasetError, DatasetMissingError."""
    return len(read(grey_folder(dataset, data_dir), split)[0])


def choice(dataset: str, data_dir: Path, split: Split) -> list[int]:
    """Pictures worth showing: of each class a typical and an unusual one."""
    return list(_choice(split, grey_folder(dataset, data_dir)))


@cache
def _choice(split: Split, folder: Path) -> tuple[int, ...]:
    images, labels = read(folder, split)
    pixels = images.reshape(len(images), -1).astype(np.float32)
    chosen: list[int] = []
    for label in np.unique(labels):
        of_class = np.flatnonzero(labels == label)
        chosen += _typical_and_unusual(of_class, pixels[of_class])
    return tuple(chosen)


def _typical_and_unusual(indices: NDArray[Any], pixels: NDArray[np.float32]) -> list[int]:
    """The picture nearest to the class's mean, and one further away than nine of ten."""
    distance = ((pixels - pixels.mean(axis=0)) ** 2).sum(axis=1)
    order = indices[np.argsort(distance, kind="stable")]
    return [int(order[0]), int(order[len(order) * 9 // 10])]
