"""The step that brings the gallery's pictures out of a wheel."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from scripts import gallery

BODY = b"a picture"


def card(name: str, body: bytes = BODY) -> dict[str, Any]:
    return {
        "id": name,
        "member": f"lib/data/{name}_original.png",
        "sha256": hashlib.sha256(body).hexdigest(),
    }


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "lib-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("lib/data/cat_original.png", BODY)
        archive.writestr("lib/data/dog_original.png", b"another dog")
        archive.writestr("lib/data/not_asked_for.png", BODY)
    return path


def test_only_what_is_listed_and_unchanged_is_taken(
    wheel: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "gallery"
    folder.mkdir()
    gallery.take(wheel, [card("cat"), card("dog"), card("horse")], folder)
    assert [path.name for path in folder.iterdir()] == ["cat.png"]
    assert (folder / "cat.png").read_bytes() == BODY
    said = capsys.readouterr().out
    assert "dog_original.png" in said
    assert "horse_original.png" in said


def test_without_the_wheel_the_gallery_stays_empty_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = tmp_path / gallery.MANIFEST
    manifest.parent.mkdir(parents=True)
    manifest.write_text('package = "lib"\nversion = "1.0"\npicture = []\n')
    asked: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(subprocess, "run", run)
    gallery.bring(tmp_path)
    assert asked[0][-1] == "lib==1.0"
    assert "--no-deps" in asked[0]
    assert list((tmp_path / gallery.FOLDER).iterdir()) == []
    assert "`make gallery` tries again" in capsys.readouterr().out


def test_pip_brings_the_wheel(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = tmp_path / "root" / gallery.MANIFEST
    manifest.parent.mkdir(parents=True)
    sha256 = card("cat")["sha256"]
    manifest.write_text(
        'package = "lib"\nversion = "1.0"\n[[picture]]\nid = "cat"\n'
        f'member = "lib/data/cat_original.png"\nsha256 = "{sha256}"\n'
    )

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        destination = next(word for word in command if word.startswith("--dest=")).split("=")[1]
        (Path(destination) / wheel.name).write_bytes(wheel.read_bytes())
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    gallery.bring(tmp_path / "root")
    assert (tmp_path / "root" / gallery.FOLDER / "cat.png").read_bytes() == BODY
