"""Folders of pictures by class: each sub-folder is a class.

Where there are sub-folders "train" and "test" (or "val") with classes in them, that is the split.
Otherwise about a fifth of each class is for testing, chosen by a hash of the files' names: adding
pictures does not move the others from one split to the other.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.services.datasets.errors import DatasetMissingError
from app.services.datasets.idx import Split
from app.services.folder import is_picture

TEST_SHARE = 0.2
_GIVEN: dict[Split, tuple[str, ...]] = {"train": ("train",), "test": ("test", "val")}

Names = dict[str, list[str]]  # of each class: paths below the root, with forward slashes


@dataclass(frozen=True)
class File:
    """One picture: its path below the root, with forward slashes, and its class."""

    name: str
    label: int


@dataclass(frozen=True)
class Tree:
    """What lies in the folder ``root``: each split class by class, in order of the names."""

    root: Path
    classes: tuple[str, ...]
    train: tuple[File, ...]
    test: tuple[File, ...]

    def files(self, split: Split) -> tuple[File, ...]:
        """The pictures of a split."""
        return self.train if split == "train" else self.test

    def stamp(self, split: Split) -> str:
        """Another one for other files: a hash of their names, sizes and times."""
        digest = hashlib.sha256(str(self.root).encode())
        for file in self.files(split):
            digest.update(f"{file.name} {_stamp(self.root / file.name)}\n".encode())
        return digest.hexdigest()


_known: dict[Path, tuple[dict[Path, int], Tree]] = {}  # with the time of every folder


def tree(root: Path) -> Tree:
    """The pictures under ``root``. Raises DatasetMissingError where there are not two classes.

    Hidden files, what links lead outside, and names that are no Unicode are left alone. A listing
    is kept for as long as no folder in it changes.
    """
    real = root.resolve()
    times, found = _known.get(real, ({}, None))
    if found is None or any(_time(folder) != time for folder, time in times.items()):
        times = {real: _time(real)}
        found = _list(real, times)
        _known[real] = times, found
    if len(found.classes) < 2 or not found.train or not found.test:
        raise DatasetMissingError(
            f"{root} has no pictures by class: put the pictures of each class into a sub-folder of "
            "its own, two classes or more with two pictures or more each."
        )
    return found


def _list(root: Path, times: dict[Path, int]) -> Tree:
    given = {
        split: next((root / name for name in names if (root / name).is_dir()), None)
        for split, names in _GIVEN.items()
    }
    train, test = given["train"], given["test"]
    if train is not None and test is not None:
        halves = [_by_class(root, folder, times) for folder in (train, test)]
    else:
        halves = _divided(_by_class(root, root, times))
    classes = sorted(halves[0].keys() | halves[1].keys())
    files = [
        tuple(File(name, label) for label, one in enumerate(classes) for name in names.get(one, []))
        for names in halves
    ]
    return Tree(root, tuple(classes), *files)


def _by_class(root: Path, folder: Path, times: dict[Path, int]) -> Names:
    """The pictures in each sub-folder, however deep. Notes the time of every folder."""
    times[folder.resolve()] = _time(folder)
    found: Names = {}
    for entry in _entries(root, folder):
        if entry.is_dir():
            names = sorted(_below(root, Path(entry.path), times))
            if names:
                found[entry.name] = names
    return found


def _below(root: Path, folder: Path, times: dict[Path, int]) -> Iterator[str]:
    real = folder.resolve()
    if real in times:  # a link to where we have been
        return
    times[real] = _time(real)
    for entry in _entries(root, folder):
        if entry.is_dir():
            yield from _below(root, Path(entry.path), times)
        elif is_picture(entry.name):
            yield Path(entry.path).relative_to(root).as_posix()


def _entries(root: Path, folder: Path) -> list[os.DirEntry[str]]:
    """What may be looked at in a folder, in order of the names."""
    try:
        with os.scandir(folder) as entries:
            return sorted((each for each in entries if _is_open(root, each)), key=_name)
    except OSError:
        return []


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _is_open(root: Path, entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or any("\ud800" <= letter <= "\udfff" for letter in entry.name):
        return False  # hidden, or no Unicode (PEP 383)
    if not entry.is_symlink():
        return True
    try:
        return Path(entry.path).resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):  # leads nowhere, or in a circle
        return False


def _divided(names: Names) -> list[Names]:
    """About a fifth of each class is for testing: at least one picture, and not all."""
    train: Names = {}
    test: Names = {}
    for title, of_class in names.items():
        ranked = sorted(of_class, key=_rank)
        wanted = sum(_rank(name) < TEST_SHARE for name in of_class)
        count = min(max(wanted, 1), len(ranked) - 1)
        test[title], train[title] = sorted(ranked[:count]), sorted(ranked[count:])
    return [train, test]


def _rank(name: str) -> float:
    """A number in 0…1 that only the name decides."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") / 2**32


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return -1


def _stamp(path: Path) -> str:
    """A file's size and time; "" where it is gone."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns}"
