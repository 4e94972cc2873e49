"""Maximized pictures kept on disk, by the content of their request.

A folder a request: a JSON record, and a PNG with its mask for each picture that is finished.
Files are replaced as a whole; what is damaged counts as missing.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.schemas import Prediction, Reference, WeightsRef
from app.services.maximize.subject import Measure
from app.services.shelf import Shelf
from app.services.writing import replace

_BLOCK = 4096  # bytes; a file takes whole blocks of a disk
_RECORD = "record.json"
_NAME = re.compile(r"[0-9a-f]{32}")

Group = tuple[str, str]  # model id, hash of its weights


class DiskError(RuntimeError):
    """The disk takes no more."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"The picture cannot be written: {error.strerror or error}.")


class Kept(BaseModel):
    """One picture: what `app.schemas.MaximizedPicture` says of it.

    ``digest`` is the hash of its files, once it is finished.
    """

    model_config = ConfigDict(populate_by_name=True)

    state: Literal["waiting", "done", "silent"] = "waiting"
    title: str
    layer: str
    channel: int | None = None
    y: int | None = None
    x: int | None = None
    class_: int | None = Field(default=None, alias="class")
    measure: Measure = "objective"
    score: float | None = None
    reference: Reference | None = None
    prediction: Prediction | None = None
    steps: int | None = None
    digest: str | None = None

    def waiting(self) -> Kept:
        """The same before it was computed."""
        cleared = {"state": "waiting", "score": None, "prediction": None, "steps": None}
        return self.model_copy(update=cleared | {"digest": None, "reference": None})


class Record(BaseModel):
    """A request and what has come of it. ``failed`` says why the computation ended early.

    ``spectrum`` says in words which real pictures lent their strengths or colours.
    """

    version: Literal[1] = 1
    id: str
    model: str
    weights: WeightsRef
    request: dict[str, Any]
    created: datetime
    job: str | None = None
    failed: bool = False
    device: str | None = None
    precision: str | None = None
    spectrum: str | None = None
    seconds: float = 0.0
    curve: list[tuple[int, list[float]]] = Field(default_factory=list)
    pictures: list[Kept]

    @property
    def finished(self) -> bool:
        """Whether all pictures are there."""
        return all(picture.state != "waiting" for picture in self.pictures)


@dataclass(frozen=True)
class Files:
    """One picture's PNG, and that of its mask."""

    png: bytes
    mask: bytes

    @property
    def digest(self) -> str:
        """The hash of both."""
        return hashlib.sha256(self.png + self.mask).hexdigest()[:32]


@dataclass(frozen=True)
class _Entry:
    group: Group
    created: datetime
    units: frozenset[tuple[str, int | None]]  # layer, channel


class Results:
    """Records and pictures in ``folder``, up to ``max_bytes``: what was not used longest goes.

    Safe to use from several threads.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.folder = folder
        self._lock = threading.RLock()
        self._entries: dict[str, _Entry] | None = None  # read from the folder at first use
        self._shelf = Shelf[str, None](max_bytes, self._evicted, least=1)

    def get(self, result_id: str) -> Record | None:
        """A record; None where there is none. A picture whose files are gone waits again."""
        with self._lock:
            if result_id not in self._known():
                return None
            record = _read(self._record_path(result_id))
            if record is None:
                self.remove(result_id)
                return None
            self._shelf.get(result_id)
            with suppress(OSError):
                os.utime(self._record_path(result_id))
        pictures = [self._checked(result_id, i, each) for i, each in enumerate(record.pictures)]
        return record.model_copy(update={"pictures": pictures})

    def put(self, record: Record) -> None:
        """Keep a record, in place of an earlier one. Raises DiskError."""
        with self._lock:
            self._known()[record.id] = _entry(record)
            body = record.model_dump_json(by_alias=True, exclude_none=True).encode()
            self._write(record.id, {_RECORD: body})

    def add(self, record: Record, files: dict[int, Files]) -> None:
        """Keep a record with some of its pictures, by their numbers. Raises DiskError."""
        with self._lock:
            bodies = {f"{i}.png": each.png for i, each in files.items()}
            bodies |= {f"{i}.mask.png": each.mask for i, each in files.items()}
            self._write(record.id, bodies)
            self.put(record)

    def picture(self, record: Record, index: int) -> Files | None:
        """The files of a finished picture; None where they are missing or damaged.

        Damaged ones are deleted, so that the picture waits again.
        """
        if record.pictures[index].digest is None:
            return None
        paths = self._paths(record.id, index)
        with self._lock:  # not while they are replaced
            try:
                files = Files(*(path.read_bytes() for path in paths))
            except OSError:
                return None
            now = _read(self._record_path(record.id)) or record
            if files.digest == now.pictures[index].digest:
                return files
            for path in paths:
                path.unlink(missing_ok=True)
        return None

    def listing(
        self,
        group: Group | None = None,
        layer: str | None = None,
        channel: int | None = None,
        most: int = 50,
    ) -> list[str]:
        """The ids of what is kept of a network's unit, the newest first; None: of any."""
        with self._lock:
            chosen = [
                (entry.created, result_id)
                for result_id, entry in self._known().items()
                if group in (None, entry.group) and _has(entry, layer, channel)
            ]
        return [result_id for _, result_id in sorted(chosen, reverse=True)[:most]]

    def remove(self, result_id: str) -> bool:
        """Forget a record and its pictures; whether there was one."""
        with self._lock:
            there = self._known().pop(result_id, None) is not None
            if there:
                self._shelf.remove(result_id)
                self._delete(result_id)
            return there

    @property
    def size(self) -> int:
        """Bytes used on the disk."""
        with self._lock:
            self._known()
            return self._shelf.bytes

    def _known(self) -> dict[str, _Entry]:
        if self._entries is None:
            self._entries = {}
            for result_id in self._found():
                record = _read(self._record_path(result_id))
                if record is None or record.id != result_id:
                    self._delete(result_id)
                    continue
                self._entries[result_id] = _entry(record)
                self._shelf.put(result_id, None, self._size(result_id))
        return self._entries

    def _found(self) -> list[str]:
        """The folders of earlier runs, those used last at the end."""
        times = []
        for folder in self.folder.iterdir() if self.folder.is_dir() else ():
            if _NAME.fullmatch(folder.name):
                with suppress(OSError):
                    times.append(((folder / _RECORD).stat().st_mtime_ns, folder.name))
        return [name for _, name in sorted(times)]

    def _checked(self, result_id: str, index: int, picture: Kept) -> Kept:
        """A finished picture whose files are gone waits again."""
        if picture.state == "waiting":
            return picture
        there = all(path.is_file() for path in self._paths(result_id, index))
        return picture if there else picture.waiting()

    def _write(self, result_id: str, bodies: dict[str, bytes]) -> None:
        folder = self.folder / result_id
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, body in bodies.items():
                replace(folder / name, body, lasting=False)
        except OSError as error:
            raise DiskError(error) from error
        self._shelf.put(result_id, None, self._size(result_id))

    def _size(self, result_id: str) -> int:
        with os.scandir(self.folder / result_id) as files:
            return sum(-(-file.stat().st_size // _BLOCK) * _BLOCK for file in files)

    def _evicted(self, result_id: str, _: None) -> None:
        self._known().pop(result_id, None)
        self._delete(result_id)

    def _delete(self, result_id: str) -> None:
        shutil.rmtree(self.folder / result_id, ignore_errors=True)

    def _paths(self, result_id: str, index: int) -> tuple[Path, Path]:
        folder = self.folder / result_id
        return folder / f"{index}.png", folder / f"{index}.mask.png"

    def _record_path(self, result_id: str) -> Path:
        return self.folder / result_id / _RECORD


def _entry(record: Record) -> _Entry:
    units = frozenset((picture.layer, picture.channel) for picture in record.pictures)
    return _Entry((record.model, record.weights.sha256), record.created, units)


def _has(entry: _Entry, layer: str | None, channel: int | None) -> bool:
    return any(
        layer in (None, a_layer) and channel in (None, a_channel)
        for a_layer, a_channel in entry.units
    )


def _read(path: Path) -> Record | None:
    try:
        return Record.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
