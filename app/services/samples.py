"""A few pictures of a data set, for those who cannot draw."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.schemas import Sample
from app.services.datasets import Split, load_mnist, mnist_folder

mnist = cache(load_mnist)  # (split, folder) → pictures, labels; read once


def mnist_samples(data_dir: Path, split: Split, indices: list[int]) -> list[Sample]:
    """The pictures of MNIST at ``indices``. Raises IndexError, DatasetMissingError."""
    images, labels = mnist(split, mnist_folder(data_dir))
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


def mnist_count(data_dir: Path, split: Split) -> int:
    """How many pictures the split has. Raises DatasetMissingError."""
    return len(mnist(split, mnist_folder(data_dir))[0])


def mnist_choice(data_dir: Path, split: Split) -> list[int]:
    """Twenty pictures worth showing: of each digit a typical and an unusual one."""
    return list(_choice(split, mnist_folder(data_dir)))


@cache
def _choice(split: Split, folder: Path) -> tuple[int, ...]:
    images, labels = mnist(split, folder)
    pixels = images.reshape(len(images), -1).astype(np.float32)
    chosen: list[int] = []
    for digit in range(10):
        of_digit = np.flatnonzero(labels == digit)
        chosen += _typical_and_unusual(of_digit, pixels[of_digit])
    return tuple(chosen)


def _typical_and_unusual(indices: NDArray[Any], pixels: NDArray[np.float32]) -> list[int]:
    """The picture nearest to the digit's mean, and one further away than nine of ten."""
    distance = ((pixels - pixels.mean(axis=0)) ** 2).sum(axis=1)
    order = indices[np.argsort(distance, kind="stable")]
    return [int(order[0]), int(order[len(order) * 9 // 10])]
