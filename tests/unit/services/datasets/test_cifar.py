"""CIFAR-10 in the forms that people have it."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from app.schemas import DataChoice
from app.services import datasets
from app.services.datasets import DatasetDamagedError, DatasetMissingError, material
from models.cifar10 import CLASSES
from tests.unit.services.datasets.small import cifar_batch, write_cifar, write_pictures
from tests.unit.services.datasets.test_material import COLOUR

CHOICE = DataChoice(id="cifar10")


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize("below", ["cifar10", "."])
def test_both_published_versions(tmp_path: Path, binary: bool, below: str) -> None:
    write_cifar(tmp_path / below, binary)
    found = material(CHOICE, COLOUR, 1, tmp_path)
    assert found.train.shape == (20, 3, 32, 32)
    assert found.labels.tolist() == [0, 1, 2, 3] * 5
    pixels, labels = cifar_batch(5)  # the test batch
    assert np.array_equal(found.test.numpy().reshape(4, -1), pixels)
    assert found.test_labels.tolist() == labels.tolist()
    picture = datasets.picture("cifar10", "test", 2, tmp_path)
    assert np.array_equal(picture.transpose(2, 0, 1).ravel(), pixels[2])
    info = datasets.info("cifar10", tmp_path)
    assert (info.train, info.test, info.shape) == (20, 4, [3, 32, 32])


def test_pictures_in_folders(tmp_path: Path) -> None:
    for split in ("train", "test"):
        write_pictures(tmp_path / "cifar10" / split, dict.fromkeys(CLASSES, 2), (32, 32))
    found = material(CHOICE, COLOUR, 1, tmp_path)
    assert found.train.shape == (20, 3, 32, 32)
    assert found.test_labels.tolist() == [label for label in range(10) for _ in range(2)]
    assert found.test[19].tolist() == [[[190] * 32] * 32] * 3
    assert datasets.picture("cifar10", "train", 0, tmp_path).shape == (32, 32, 3)


def test_missing_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(DatasetMissingError, match="cifar-10-batches-bin") as caught:
        datasets.info("cifar10", tmp_path)
    listed = {info.id: info.missing for info in datasets.catalogue(tmp_path)}
    assert listed["cifar10"] == str(caught.value)


def test_a_batch_as_python_2_wrote_it(tmp_path: Path) -> None:
    """The published files: texts are bytes, and NumPy's modules have their old names."""
    write_cifar(tmp_path, binary=False)
    pixels, _ = cifar_batch(9)
    body = (
        b"\x80\x02}(U\x04datacnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n"
        b"K\x00\x85U\x01btR(K\x01K\x04M\x00\x0c\x86cnumpy\ndtype\n(U\x02u1K\x00K\x01tR"
        b"(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T\x00\x30\x00\x00"
        + pixels.tobytes()
        + b"tbU\x06labels](K\x00K\x01K\x02K\x03eu."
    )
    (tmp_path / "cifar-10-batches-py" / "test_batch").write_bytes(body)
    assert np.array_equal(material(CHOICE, COLOUR, 1, tmp_path).test.numpy().reshape(4, -1), pixels)


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("owned",)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no pickle",
        pickle.dumps([]),
        pickle.dumps({}),
        pickle.dumps({b"data": [1], b"labels": [1]}),
        pickle.dumps({b"data": np.array([Evil()]), b"labels": [1]}),
        pickle.dumps(Evil()),
        pickle.dumps({b"data": np.zeros((1, 3072))}),
        pickle.dumps({b"data": np.zeros((1, 3072)), b"labels": [1]}),
        pickle.dumps({b"data": np.zeros((2, 3072), np.uint8), b"labels": [1]}),
        pickle.dumps({b"data": np.zeros((1, 3072), np.uint8), b"labels": [10]}),
    ],
)
def test_damaged_batches_are_refused(
    tmp_path: Path, body: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    write_cifar(tmp_path, binary=False)
    (tmp_path / "cifar-10-batches-py" / "test_batch").write_bytes(body)
    with pytest.raises(DatasetDamagedError):
        material(CHOICE, COLOUR, 1, tmp_path)
    assert capsys.readouterr().out == ""
    assert {info.id: info.missing for info in datasets.catalogue(tmp_path)}["cifar10"]


def test_a_binary_batch_of_another_length_is_refused(tmp_path: Path) -> None:
    write_cifar(tmp_path, binary=True)
    (tmp_path / "cifar-10-batches-bin" / "test_batch.bin").write_bytes(b"123")
    with pytest.raises(DatasetDamagedError, match="no batch of CIFAR-10"):
        material(CHOICE, COLOUR, 1, tmp_path)
