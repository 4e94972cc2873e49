"""Scans of a folder: what is computed, what is known, what is broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.schemas import JobProgress
from app.services import scans as module
from app.services.catalog import Catalog, Loaded
from app.services.folder import PictureFolder
from app.services.hidden import last_hidden
from app.services.jobs import Result
from app.services.preprocess import to_network
from app.services.scans import Scans
from app.services.seen import Group
from tests.unit.services.pictures import scene


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return Catalog("cpu").get("squeezenet1_1", "random")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    (folder / "deep").mkdir(parents=True)
    for seed, name in enumerate(("a.png", "b.png", "deep/c.png")):
        scene(40, 30, seed).save(folder / name)
    (folder / "copy.png").write_bytes((folder / "a.png").read_bytes())
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    (folder / "fake.png").write_bytes(b"text")
    return folder


@pytest.fixture
def scans(root: Path, tmp_path: Path) -> Scans:
    return Scans(PictureFolder(root), tmp_path / "cache", 1_000_000)


def group(loaded: Loaded) -> Group:
    return loaded.spec.id, loaded.card.sha256


def result(scans: Scans, loaded: Loaded) -> dict[str, Any]:
    *progress, last = scans.run(loaded)
    assert all(isinstance(event, JobProgress) for event in progress)
    assert isinstance(last, Result)
    return last.value


def test_a_scan_and_the_next(scans: Scans, root: Path, loaded: Loaded) -> None:
    expected = {"layer": "features.12.cat", "pictures": 4, "broken": 2, "left_out": False}
    assert result(scans, loaded) == expected | {"computed": 4}
    assert result(scans, loaded) == expected | {"computed": 0}
    scene(20, 20, 9).save(root / "new.png")
    (root / "b.png").unlink()
    assert result(scans, loaded) == expected | {"computed": 1}
    scan = scans.of(group(loaded))
    assert scan is not None
    assert set(scan) == {"a.png", "copy.png", "new.png", "deep/c.png"}
    assert scan["a.png"].pass_id == scan["copy.png"].pass_id


def test_the_vectors_are_those_of_the_hidden_layer(
    scans: Scans, root: Path, loaded: Loaded
) -> None:
    result(scans, loaded)
    scan = scans.of(group(loaded))
    assert scan is not None
    with Image.open(root / "deep" / "c.png") as image:
        x = to_network(np.asarray(image)[None], loaded.spec)
    hidden = last_hidden(loaded.graph, loaded.spec)
    values = loaded.runner.run(x, [hidden.layer])[hidden.layer][0]
    np.testing.assert_allclose(
        scan["deep/c.png"].vector, values.mean(dim=(1, 2)).numpy(), rtol=1e-4, atol=1e-5
    )


def test_a_scan_outlives_the_server(
    scans: Scans, root: Path, tmp_path: Path, loaded: Loaded
) -> None:
    result(scans, loaded)
    first = scans.of(group(loaded))
    again = Scans(PictureFolder(root), tmp_path / "cache", 1_000_000)
    second = again.of(group(loaded))
    assert first is not None
    assert second is not None
    assert set(first) == set(second)
    assert all(np.array_equal(first[name].vector, second[name].vector) for name in first)
    assert result(again, loaded)["computed"] == 0
    elsewhere = Scans(PictureFolder(root / "deep"), tmp_path / "cache", 1_000_000)
    assert elsewhere.of(group(loaded)) is None


def test_a_damaged_file_counts_as_none(
    scans: Scans, root: Path, tmp_path: Path, loaded: Loaded
) -> None:
    result(scans, loaded)
    for path in (tmp_path / "cache").iterdir():
        path.write_bytes(path.read_bytes()[:50])
    again = Scans(PictureFolder(root), tmp_path / "cache", 1_000_000)
    assert again.of(group(loaded)) is None
    assert result(again, loaded)["computed"] == 4


def test_a_cancelled_scan_keeps_what_it_did(
    scans: Scans, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CHUNK", 2)
    steps = scans.run(loaded)
    next(steps)
    next(steps)
    steps.close()
    scan = scans.of(group(loaded))
    assert scan is not None
    assert list(scan) == ["a.png", "b.png"]


def test_more_pictures_than_a_scan_takes(
    scans: Scans, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_PICTURES", 2)
    assert result(scans, loaded) == {
        "layer": "features.12.cat",
        "pictures": 2,
        "computed": 2,
        "broken": 0,
        "left_out": True,
    }


def test_an_empty_folder(tmp_path: Path, loaded: Loaded) -> None:
    scans = Scans(PictureFolder(tmp_path), tmp_path / "cache", 1_000_000)
    assert result(scans, loaded)["pictures"] == 0
    assert scans.of(group(loaded)) == {}
