"""Scans that are cut off, that meet broken files, that others read."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from app.schemas import JobProgress
from app.services.catalog import Catalog, Loaded
from app.services.datasets import load_mnist
from app.services.finite import NotFiniteError
from app.services.gallery import Gallery
from app.services.jobs import Result
from app.services.tops import scan as module
from app.services.tops.record import Record
from app.services.tops.sets import PictureGoneError, PictureSets
from app.services.tops.tops import NotScannedError, Tops
from tests.unit.services.pictures import scene
from tests.unit.services.tops.mnist import write_mnist

COUNT = 75
LAYERS = ["relu1", "pool2", "out"]


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BATCH", 16)


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return Catalog("cpu").get("digitnet")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mnist(tmp_path_factory.mktemp("data"), COUNT)


def make(folder: Path, data: Path | None = None, pictures: Path | None = None) -> Tops:
    return Tops(folder, PictureSets(Gallery(), data, pictures, 10**6))


def bodies(tops: Tops, loaded: Loaded, layers: list[str]) -> list[bytes]:
    return [tops.layer(loaded, layer).record.to_bytes() for layer in layers]


@pytest.mark.parametrize("cut", range(6))
def test_cut_off_anywhere_and_taken_up(
    tmp_path: Path, data: Path, loaded: Loaded, cut: int
) -> None:
    whole = make(tmp_path / "whole", data)
    list(whole.scan(loaded, "mnist-test", LAYERS))
    first = make(tmp_path / "parts", data).scan(loaded, "mnist-test", LAYERS)
    for _ in range(cut):
        next(first)
    first.close()
    parts = make(tmp_path / "parts", data)
    events = list(parts.scan(loaded, "mnist-test", LAYERS))
    done = min(max(16 * (cut - 1), 0), COUNT)
    assert events[0] == JobProgress(done=done, total=COUNT, unit="pictures")
    assert isinstance(events[-1], Result)
    assert events[-1].value["computed"] == COUNT - done
    assert bodies(parts, loaded, LAYERS) == bodies(whole, loaded, LAYERS)


def test_layers_that_are_not_equally_far(tmp_path: Path, data: Path, loaded: Loaded) -> None:
    whole = make(tmp_path / "whole", data)
    list(whole.scan(loaded, "mnist-test", LAYERS))
    tops = make(tmp_path / "parts", data)
    for layer, steps in (("relu1", 3), ("pool2", 5)):
        scan = tops.scan(loaded, "mnist-test", [layer])
        for _ in range(steps):
            next(scan)
        scan.close()
    assert tops.layer(loaded, "relu1").pictures == 32
    assert tops.sets(loaded)[0].scanned == 0
    list(tops.scan(loaded, "mnist-test", LAYERS))
    assert bodies(tops, loaded, LAYERS) == bodies(whole, loaded, LAYERS)


def test_a_scan_that_is_done_writes_nothing(
    tmp_path: Path, data: Path, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    tops = make(tmp_path, data)
    list(tops.scan(loaded, "mnist-test", LAYERS))
    monkeypatch.delattr("app.services.tops.store.ScanFile.write")
    *_, last = tops.scan(loaded, "mnist-test", LAYERS)
    assert isinstance(last, Result)
    assert (last.value["pictures"], last.value["computed"]) == (COUNT, 0)


def test_a_pass_that_fails_spoils_nothing(
    tmp_path: Path, data: Path, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    tops = make(tmp_path, data)
    scan = tops.scan(loaded, "mnist-test", LAYERS)
    for _ in range(3):
        next(scan)
    scan.close()
    before = bodies(tops, loaded, LAYERS)
    add = Record.add

    def broken(self: Record, values: object, numbers: list[int]) -> None:
        if self.units == 1:
            raise NotFiniteError("no finite numbers")
        add(self, values, numbers)  # type: ignore[arg-type]

    monkeypatch.setattr(Record, "add", broken)
    with pytest.raises(NotFiniteError):
        list(tops.scan(loaded, "mnist-test", LAYERS))
    assert bodies(make(tmp_path, data), loaded, LAYERS) == before


def test_readers_beside_a_scan(
    tmp_path: Path, data: Path, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    tops, ended = make(tmp_path, data), threading.Event()
    monkeypatch.setattr(module, "_PAUSE", 0)
    monkeypatch.setattr(module, "_SHARE", 0)
    seen: list[int] = []

    def read() -> None:
        while not ended.is_set():
            try:
                found = tops.layer(loaded, "relu1")
            except NotScannedError:
                continue
            best = tops.unit(loaded, found, 0)
            assert len(best) == min(25, found.pictures)
            assert best[0].value == found.record.largest[0]
            assert found.record.histograms.counts.sum() == found.pictures * 16 * 28 * 28
            seen.append(found.pictures)

    reader = threading.Thread(target=read)
    reader.start()
    list(tops.scan(loaded, "mnist-test"))
    ended.set()
    reader.join()
    assert seen == sorted(seen)


@pytest.fixture(scope="module")
def photos() -> Loaded:
    return Catalog("cpu").get("squeezenet1_1", "random")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    (folder / "deep").mkdir(parents=True)
    for seed, name in enumerate(("a.png", "deep/b.png", "z.png")):
        scene(250, 240, seed).save(folder / name)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    return folder


def test_a_folder_with_a_broken_file(tmp_path: Path, root: Path, photos: Loaded) -> None:
    tops = make(tmp_path / "tops", pictures=root)
    *_, last = tops.scan(photos, "folder", ["features.0"])
    assert isinstance(last, Result)
    assert last.value == {
        "set": "folder",
        "layers": 1,
        "pictures": 3,
        "broken": 1,
        "computed": 3,
    }
    found = tops.layer(photos, "features.0")
    best = tops.unit(photos, found, 5)
    assert {each.picture.name for each in best} == {"a.png", "deep/b.png", "z.png"}
    box = best[0].box
    assert (box.bottom - box.top, box.right - box.left) <= (3, 3)
    assert tops.picture(photos, "folder", best[0].picture).shape == (224, 224, 3)
    assert np.isfinite(found.record.total).all()


def test_a_folder_that_changes_is_scanned_anew(tmp_path: Path, root: Path, photos: Loaded) -> None:
    tops = make(tmp_path / "tops", pictures=root)
    list(tops.scan(photos, "folder", ["features.0"]))
    found = tops.layer(photos, "features.0")
    best = {each.picture.name: each.picture for each in tops.unit(photos, found, 0)}
    scene(250, 240, 9).save(root / "a.png")
    (root / "z.png").unlink()
    assert tops.layer(photos, "features.0").pictures == 3  # what was is still told
    for name in ("a.png", "z.png"):
        with pytest.raises(PictureGoneError, match="changed"):
            tops.picture(photos, "folder", best[name])
    *_, last = tops.scan(photos, "folder", ["features.0"])
    assert isinstance(last, Result)
    assert (last.value["computed"], last.value["broken"]) == (2, 1)
    names = {each.picture.name for each in tops.unit(photos, tops.layer(photos, "features.0"), 0)}
    assert names == {"a.png", "deep/b.png"}


def test_an_empty_folder(tmp_path: Path, photos: Loaded) -> None:
    (tmp_path / "empty").mkdir()
    tops = make(tmp_path / "tops", pictures=tmp_path / "empty")
    *_, last = tops.scan(photos, "folder", ["features.0"])
    assert isinstance(last, Result)
    assert last.value["pictures"] == 0
    with pytest.raises(NotScannedError):
        tops.layer(photos, "features.0", "folder")


def test_a_picture_out_of_the_data(tmp_path: Path, data: Path, loaded: Loaded) -> None:
    tops = make(tmp_path, data)
    list(tops.scan(loaded, "mnist-test", ["out"]))
    one = tops.unit(loaded, tops.layer(loaded, "out"), 7, 1)[0]
    assert one.picture.label == "7"
    assert one.box.model_dump() == {"top": 0, "left": 0, "bottom": 28, "right": 28}
    assert load_mnist("test")[1][one.picture.number] == 7
