"""Reading MNIST's idx files."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from app.services.datasets import (
    DatasetDamagedError,
    DatasetMissingError,
    load_mnist,
    mnist_folder,
    read_idx,
)


def idx(array: np.ndarray) -> bytes:
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return header + array.tobytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder like a user's data directory, with three pictures a split."""
    mnist = tmp_path / "mnist"
    mnist.mkdir()
    for split in ("train", "t10k"):
        pictures = np.arange(3 * 28 * 28, dtype=np.uint8).reshape(3, 28, 28)
        (mnist / f"{split}-images-idx3-ubyte").write_bytes(idx(pictures))
        body = gzip.compress(idx(np.array([4, 5, 6], np.uint8)))
        (mnist / f"{split}-labels-idx1-ubyte.gz").write_bytes(body)
    return tmp_path


@pytest.mark.parametrize(("split", "count"), [("train", 60_000), ("test", 10_000)])
def test_mnist_of_the_npm_package(split: Literal["train", "test"], count: int) -> None:
    pictures, labels = load_mnist(split)
    assert pictures.shape == (count, 28, 28)
    assert pictures.dtype == labels.dtype == np.uint8
    assert labels.shape == (count,)
    assert set(labels.tolist()) == set(range(10))


def test_first_test_digits_are_the_known_ones() -> None:
    assert load_mnist("test")[1][:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]


def test_users_folder_wins_and_gzip_is_read(folder: Path) -> None:
    assert mnist_folder(folder) == folder / "mnist"
    pictures, labels = load_mnist("test", mnist_folder(folder))
    assert pictures.shape == (3, 28, 28)
    assert labels.tolist() == [4, 5, 6]


def test_npm_package_is_found_when_the_user_has_nothing(tmp_path: Path) -> None:
    assert mnist_folder(tmp_path) == mnist_folder()


def test_missing_files_say_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(DatasetMissingError, match="npm ci"):
        load_mnist("train", tmp_path)


def test_pictures_without_their_labels_are_refused(folder: Path) -> None:
    body = gzip.compress(idx(np.array([4], np.uint8)))
    (folder / "mnist" / "t10k-labels-idx1-ubyte.gz").write_bytes(body)
    with pytest.raises(DatasetDamagedError, match="do not belong together"):
        load_mnist("test", folder / "mnist")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\0\0\x08",
        b"\0\0\x08\x03\0\0",
        idx(np.zeros((2, 2), np.uint8))[:-1],
        struct.pack(">HBBI", 0, 13, 1, 1) + b"\0\0\0\0",
    ],
)
def test_damaged_files_are_refused(body: bytes) -> None:
    with pytest.raises(DatasetDamagedError):
        read_idx(body)


CUT = gzip.compress(idx(np.zeros(9, np.uint8)), mtime=0)[:-9]  # without the present time


@pytest.mark.parametrize("body", [b"", b"no gzip", CUT], ids=["empty", "other", "cut"])
def test_damaged_gzip_files_are_refused(folder: Path, body: bytes) -> None:
    (folder / "mnist" / "t10k-labels-idx1-ubyte.gz").write_bytes(body)
    with pytest.raises(DatasetDamagedError):
        load_mnist("test", folder / "mnist")
