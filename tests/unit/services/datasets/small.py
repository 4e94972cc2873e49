"""Small data sets on disk."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
from PIL import Image

from app.services.datasets import Bytes
from app.services.datasets.idx import idx_bytes

SIZES = {"train": 30, "t10k": 20}


def write_fashion(data_dir: Path) -> Path:
    """``data_dir`` with a fashion-mnist of 30 and 20 pictures, classes in turn."""
    folder = data_dir / "fashion-mnist"
    folder.mkdir(parents=True)
    for seed, (prefix, count) in enumerate(SIZES.items()):
        pixels = noise((count, 28, 28), seed)
        labels = (np.arange(count) % 10).astype(np.uint8)
        (folder / f"{prefix}-images-idx3-ubyte").write_bytes(idx_bytes(pixels))
        (folder / f"{prefix}-labels-idx1-ubyte").write_bytes(idx_bytes(labels))
    return data_dir


def noise(shape: tuple[int, ...], seed: int) -> Bytes:
    """Random pixels."""
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def cifar_batch(seed: int, count: int = 4) -> tuple[Bytes, Bytes]:
    """Pictures as CIFAR has them (N×3072, plane after plane) and labels."""
    return noise((count, 3072), seed), (np.arange(count) % 10).astype(np.uint8)


def write_cifar(folder: Path, binary: bool) -> None:
    """Five batches of four pictures and one test batch, as published in one of two versions."""
    names = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]
    root = folder / ("cifar-10-batches-bin" if binary else "cifar-10-batches-py")
    root.mkdir(parents=True)
    for seed, name in enumerate(names):
        pixels, labels = cifar_batch(seed)
        if binary:
            rows = np.concatenate([labels[:, None], pixels], axis=1)
            (root / f"{name}.bin").write_bytes(rows.tobytes())
        else:
            batch = {b"data": pixels, b"labels": labels.tolist(), b"batch_label": b"one"}
            (root / name).write_bytes(pickle.dumps(batch, protocol=2))


def write_pictures(root: Path, classes: dict[str, int], size: tuple[int, int] = (40, 30)) -> Path:
    """``root``/class/00.png …, each class of one grey level (its place ×20, plus 10)."""
    for place, (title, count) in enumerate(classes.items()):
        folder = root / title
        folder.mkdir(parents=True)
        image = Image.new("RGB", size, (10 + 20 * place,) * 3)
        for number in range(count):
            image.save(folder / f"{number:02}.png")
    return root
