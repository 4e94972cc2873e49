"""The idx format, in which MNIST and Fashion-MNIST are published (the MNIST page)."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
from isal import igzip, igzip_lib
from numpy.typing import NDArray

from app.services.datasets.errors import DatasetDamagedError

Split = Literal["train", "test"]
Bytes = NDArray[np.uint8]
SPLITS: tuple[Split, Split] = ("train", "test")

FILES: Mapping[Split, tuple[str, str]] = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}
_UINT8 = 8  # the format's type code for unsigned bytes


def has_all(folder: Path) -> bool:
    """Whether the folder has the four files, plain or gzipped."""
    return all(find(folder, name) for files in FILES.values() for name in files)


def find(folder: Path, name: str) -> Path | None:
    """A file, plain or gzipped."""
    paths = (folder / name, folder / f"{name}.gz")
    return next((path for path in paths if path.is_file()), None)


def read_split(folder: Path, split: Split) -> tuple[Bytes, Bytes]:
    """Pictures N×H×W and labels N. Raises FileNotFoundError, DatasetDamagedError."""
    images, labels = (_read(folder, name) for name in FILES[split])
    if images.ndim != 3 or labels.ndim != 1 or len(images) != len(labels):
        raise DatasetDamagedError(
            f"{folder}: pictures {images.shape} and labels {labels.shape} do not belong together"
        )
    return images, labels


def count(folder: Path, split: Split) -> int:
    """How many labels a split has. Raises FileNotFoundError, DatasetDamagedError."""
    return len(_read(folder, FILES[split][1]))


def read_idx(body: bytes) -> Bytes:
    """The array in an idx file of unsigned bytes. Raises DatasetDamagedError."""
    if len(body) < 4 or body[:2] != b"\0\0" or body[2] != _UINT8:
        raise DatasetDamagedError("not an idx file of unsigned bytes")
    start = 4 + 4 * body[3]
    if len(body) < start:
        raise DatasetDamagedError("an idx file that ends within its header")
    shape = tuple(int(size) for size in np.frombuffer(body[4:start], ">u4"))
    if len(body) - start != math.prod(shape):
        raise DatasetDamagedError(f"an idx file of shape {shape} has {len(body)} bytes")
    return np.frombuffer(body, np.uint8, offset=start).reshape(shape)


def idx_bytes(array: Bytes) -> bytes:
    """The idx file that holds an array of unsigned bytes."""
    return struct.pack(f">HBB{array.ndim}I", 0, _UINT8, array.ndim, *array.shape) + array.tobytes()


def _read(folder: Path, name: str) -> Bytes:
    path = find(folder, name)
    if path is None:
        raise FileNotFoundError(name)
    body = path.read_bytes()
    if path.suffix != ".gz":
        return read_idx(body)
    try:
        return read_idx(igzip.decompress(body))  # type: ignore[no-untyped-call]
    except (igzip_lib.IsalError, OSError, EOFError) as error:  # type: ignore[misc]
        raise DatasetDamagedError(f"{path} is no whole gzip file: {error}") from error
