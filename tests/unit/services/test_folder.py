"""The user's folder: what is in it, and that nothing else is ever given."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.services.folder import NoFolderError, PictureFolder, UnknownFileError
from app.services.images import ImageError
from tests.unit.services.pictures import scene


@pytest.fixture
def folder(tmp_path: Path) -> PictureFolder:
    root = tmp_path / "pictures"
    for name in ("b.jpg", "a.PNG", "deep/er/c.webp", ".hidden.png", ".git/d.png", "notes.txt"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    (tmp_path / "secret.png").write_bytes(b"secret")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (root / "outside.png").symlink_to(tmp_path / "secret.png")
    (root / "disguised.png").symlink_to(root / "notes.txt")
    (root / "inside.png").symlink_to(root / "b.jpg")
    (root / "elsewhere").symlink_to(tmp_path)
    (root / "loop.png").symlink_to(root / "loop.png")
    (root / "folder.png").mkdir()
    return PictureFolder(root)


def test_names(folder: PictureFolder) -> None:
    assert list(folder.names()) == ["a.PNG", "b.jpg", "inside.png", "deep/er/c.webp"]


def test_paths(folder: PictureFolder) -> None:
    assert folder.path("deep/er/c.webp").read_bytes() == b"deep/er/c.webp"
    assert folder.path("inside.png").name == "b.jpg"
    assert folder.media_type("a.PNG") == "image/png"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "/",
        "nothing.png",
        "notes.txt",
        ".hidden.png",
        ".git/d.png",
        "outside.png",
        "disguised.png",
        "loop.png",
        "folder.png",
        "../secret.png",
        "deep/../../secret.png",
        "elsewhere/secret.png",
        "..",
        "a.PNG/../../secret.png",
        "a\0.png",
        "x" * 5000 + ".png",
        "~/a.png",
        "%2e%2e/secret.png",
    ],
)
def test_nothing_else_is_given(folder: PictureFolder, name: str) -> None:
    with pytest.raises(UnknownFileError):
        folder.path(name)


def test_an_absolute_path_is_refused(folder: PictureFolder, tmp_path: Path) -> None:
    with pytest.raises(UnknownFileError):
        folder.path(str(tmp_path / "secret.png"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("./~ab\\:%-secretpng"), max_size=40))
def test_no_name_leads_outside(folder: PictureFolder, name: str) -> None:
    try:
        path = folder.path(name)
    except UnknownFileError:
        return
    assert path.is_relative_to(folder.root)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NoFolderError, match="CONVSCOPE_PICTURES_DIR"):
        PictureFolder(tmp_path / "nothing")


def test_reading(folder: PictureFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    scene(9, 9).save(folder.root / "real.png")
    assert folder.read("real.png").media_type == "image/png"
    assert folder.read("b.jpg").media_type == "image/jpeg"  # not decoded here
    with pytest.raises(UnknownFileError):
        folder.read("../secret.png")
    monkeypatch.setattr("app.services.folder.MOST_FILE_BYTES", 4)
    with pytest.raises(ImageError, match="longer than 4 bytes"):
        folder.read("real.png")
