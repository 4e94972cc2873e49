"""A small MNIST."""

from __future__ import annotations

import struct
from pathlib import Path

from app.services.datasets import Bytes, load_mnist


def write_mnist(folder: Path, count: int) -> Path:
    """``folder`` as a data_dir whose MNIST has the first ``count`` digits of each split."""
    root = folder / "mnist"
    root.mkdir(parents=True)
    for split, name in (("train", "train"), ("test", "t10k")):
        images, labels = load_mnist("test" if split == "test" else "train")
        _write(root / f"{name}-images-idx3-ubyte", images[:count])
        _write(root / f"{name}-labels-idx1-ubyte", labels[:count])
    return folder


def _write(path: Path, array: Bytes) -> None:
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    path.write_bytes(header + array.tobytes())
