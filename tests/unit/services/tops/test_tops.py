"""Scans of digits against a direct computation."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services.catalog import Catalog, Loaded
from app.services.gallery import Gallery
from app.services.tops import scan as module
from app.services.tops.sets import PictureSets
from app.services.tops.tops import Tops
from tests.unit.services.tops.mnist import write_mnist

COUNT = 150


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return Catalog("cpu").get("digitnet")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mnist(tmp_path_factory.mktemp("data"), COUNT)


@pytest.fixture(scope="module", autouse=True)
def _small_batches() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BATCH", 32)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory, data: Path, loaded: Loaded) -> Tops:
    tops = make(tmp_path_factory.mktemp("tops"), data)
    list(tops.scan(loaded, "mnist-test"))
    return tops


def make(folder: Path, data: Path) -> Tops:
    return Tops(folder, PictureSets(Gallery(), data, None, 10**6))
