"""The user's own pictures by class."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from app.schemas import DataChoice, Design, TrainingRequest
from app.services import datasets
from app.services.datasets import (
    DatasetDamagedError,
    DatasetMissingError,
    DatasetTooLargeError,
    Material,
    decoded,
    material,
)
from app.services.datasets.tree import tree
from app.services.training_check import check_training
from tests.unit.services.datasets.small import write_pictures
from tests.unit.services.datasets.test_material import COLOUR

CHOICE = DataChoice(id="folder")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return write_pictures(tmp_path / "pictures", {"cats": 20, "dogs": 20})


def learn(pictures: Path, cache: Path | None = None) -> Material:
    return material(CHOICE, COLOUR, 1, None, pictures, cache)


def test_sub_folders_are_classes(pictures: Path) -> None:
    found = learn(pictures)
    assert found.classes == ("cats", "dogs")
    assert found.train.shape[1:] == (3, 32, 32)
    assert len(found.labels) + len(found.test_labels) == 40
    assert 4 <= len(found.test_labels) <= 14
    assert (found.train[:, 0, 16, 16] == 10 + 20 * found.labels).all()
    assert (found.test[:, 0, 16, 16] == 10 + 20 * found.test_labels).all()
    info = datasets.info("folder", None, pictures)
    assert (info.train, info.test) == (len(found.labels), len(found.test_labels))
    assert info.classes == ["cats", "dogs"]


def test_new_pictures_do_not_move_the_old_ones(pictures: Path) -> None:
    before = {file.name for file in tree(pictures).test}
    write_pictures(pictures, {"birds": 10})
    after = tree(pictures)
    assert {file.name for file in after.test if not file.name.startswith("birds")} == before
    assert after.classes == ("birds", "cats", "dogs")


def test_two_pictures_of_a_class_go_one_to_each_side(tmp_path: Path) -> None:
    found = tree(write_pictures(tmp_path, {"a": 2, "b": 2, "c": 1}))
    assert [file.label for file in found.train] == [0, 1, 2]
    assert [file.label for file in found.test] == [0, 1]


def test_a_given_split_is_kept(tmp_path: Path) -> None:
    write_pictures(tmp_path / "train", {"a": 3, "b": 2})
    write_pictures(tmp_path / "val", {"a": 1, "b": 1})
    found = tree(tmp_path)
    assert [file.name for file in found.test] == ["val/a/00.png", "val/b/00.png"]
    assert [file.label for file in found.train] == [0, 0, 0, 1, 1]


def test_broken_files_are_left_out_and_told(pictures: Path, tmp_path: Path) -> None:
    (pictures / "cats" / "x.png").write_bytes(b"no picture")
    (pictures / "cats" / "y.jpg").write_bytes(b"")
    (pictures / "cats" / "notes.txt").write_text("no picture at all")
    for _ in range(2):  # decoded, and then as it was kept
        found = learn(pictures, tmp_path)
        assert sorted(found.left_out) == ["cats/x.png", "cats/y.jpg"]
        assert len(found.labels) + len(found.test_labels) == 40
        names = [file.name for file in tree(pictures).train]
        assert "cats/x.png" not in [names[place] for place in found.indices.tolist()]


def test_pictures_are_decoded_once(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    first = material(CHOICE, COLOUR, 1, None, pictures, tmp_path, lambda *n: told.append(n))
    assert told[-1][0] == told[-1][1] == len(first.test_labels)

    def fail(*arguments: object) -> None:
        raise AssertionError("decoded again")

    with monkeypatch.context() as patched:
        patched.setattr(decoded, "square", fail)
        again = learn(pictures, tmp_path)
        assert (again.train == first.train).all()
    os.utime(pictures / tree(pictures).train[0].name, (1, 1))
    with monkeypatch.context() as patched:
        patched.setattr(decoded, "square", fail)
        with pytest.raises(AssertionError, match="decoded again"):
            learn(pictures, tmp_path)


def test_what_is_kept_stays_within_its_budget(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoded, "KEPT_BYTES", 150_000)
    learn(pictures, tmp_path)
    kept = [path.stat().st_size for path in (tmp_path / "datasets").glob("*.npy")]
    assert sum(kept) <= 150_000
    assert len(list((tmp_path / "datasets").iterdir())) == 2 * len(kept)


def test_too_many_for_memory_says_what_would_fit(
    pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoded, "MOST_BYTES", 40 * 3 * 20 * 20)
    with pytest.raises(DatasetTooLargeError, match="at most 20"):
        learn(pictures)


def test_pictures_are_cut_to_their_middle(tmp_path: Path) -> None:
    write_pictures(tmp_path, {"a": 2, "b": 2}, (600, 300))
    assert datasets.picture("folder", "train", 0, None, tmp_path).shape == (256, 256, 3)
    with pytest.raises(IndexError):
        datasets.picture("folder", "train", 99, None, tmp_path)


def test_a_file_that_is_no_picture_has_none_to_show(tmp_path: Path) -> None:
    write_pictures(tmp_path, {"a": 2, "b": 2})
    for path in tmp_path.rglob("*.png"):
        path.write_bytes(b"no picture")
    with pytest.raises(DatasetDamagedError):
        datasets.picture("folder", "test", 0, None, tmp_path)
    with pytest.raises(DatasetDamagedError, match="None of the"):
        learn(tmp_path)


def test_links_outside_and_hidden_files_are_left_alone(pictures: Path, tmp_path: Path) -> None:
    outside = write_pictures(tmp_path / "outside", {"secret": 3})
    (pictures / "linked").symlink_to(outside / "secret")
    (pictures / "cats" / "link.png").symlink_to(outside / "secret" / "00.png")
    (pictures / "cats" / "loop").symlink_to(pictures / "cats")
    (pictures / ".hidden").mkdir()
    (pictures / "cats" / ".x.png").write_bytes(b"")
    found = tree(pictures)
    assert found.classes == ("cats", "dogs")
    assert len(found.train) + len(found.test) == 40


@pytest.mark.parametrize("classes", [{}, {"only": 5}, {"a": 1, "b": 1}])
def test_a_folder_without_classes_says_what_it_needs(
    tmp_path: Path, classes: dict[str, int]
) -> None:
    write_pictures(tmp_path, classes)
    with pytest.raises(DatasetMissingError, match="sub-folder"):
        datasets.info("folder", None, tmp_path)


def test_no_folder_at_all() -> None:
    with pytest.raises(DatasetMissingError, match="CONVSCOPE_PICTURES_DIR"):
        datasets.info("folder")


def test_the_middle_is_what_a_photograph_network_sees(tmp_path: Path) -> None:
    write_pictures(tmp_path, {"a": 2, "b": 2}, (64, 32))
    pixels = decoded.square(tmp_path / "a" / "00.png", "00.png", 32)
    assert np.array_equal(pixels, np.full((32, 32, 3), 10))


def test_too_many_for_memory_are_refused_before_they_are_read(
    pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoded, "MOST_BYTES", 40 * 3 * 20 * 20)
    request = TrainingRequest(design=Design(layers=[]), dataset=CHOICE)
    found = check_training(request, 10**6, None, pictures)
    assert [problem.field for problem in found.problems] == ["dataset.size"]
    small = TrainingRequest(design=Design(layers=[]), dataset=DataChoice(id="folder", size=20))
    assert check_training(small, 10**6, None, pictures).problems == []
