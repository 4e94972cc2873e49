"""Scans on disk: one sqlite file for each network, its weights and set of pictures."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from safetensors import SafetensorError

from app.services.tops.record import Record
from app.services.tops.sets import Entry

MOST_BYTES = 512 * 1024**2  # of all files together
_VERSION = 1  # of the tables and of the records in them
_PATIENCE = 20.0  # seconds that a thread waits for another one's transaction
_TABLES = (
    f"PRAGMA user_version = {_VERSION}",
    "CREATE TABLE about (digest TEXT NOT NULL)",
    "CREATE TABLE pictures "
    "(number INTEGER PRIMARY KEY, name TEXT NOT NULL, label TEXT, stamp TEXT)",
    "CREATE TABLE layers (layer TEXT PRIMARY KEY, done INTEGER NOT NULL, record BLOB NOT NULL)",
)
_KEEP = (
    "INSERT INTO layers VALUES (?, ?, ?) ON CONFLICT (layer) DO UPDATE SET "
    "done = excluded.done, record = excluded.record WHERE excluded.done >= done"
)
_WRITING = threading.Lock()  # one thread at a time creates, replaces and fills files

T = TypeVar("T")


class ScanNotKeptError(RuntimeError):
    """The disk takes no more, or another process does not let go of the file."""

    def __init__(self, error: Exception) -> None:
        super().__init__(f"What was scanned cannot be written: {error}.")


@dataclass(frozen=True)
class About:
    """What is in a file: the set's digest when it was scanned, and how far each layer is."""

    digest: str
    pictures: int
    done: dict[str, int]


class ScanFile:
    """One file. Every call is a short transaction of its own: use it from any thread.

    A file that is damaged, or from another version of this program, counts as none.
    Everything raises sqlite3.OperationalError when another process keeps the file too long.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def about(self) -> About | None:
        """None where there is no usable file."""

        def read(db: sqlite3.Connection) -> About:
            (digest,) = db.execute("SELECT digest FROM about").fetchone()
            (pictures,) = db.execute("SELECT count(*) FROM pictures").fetchone()
            return About(digest, pictures, dict(db.execute("SELECT layer, done FROM layers")))

        return _ask(self.path, read)

    def layer(self, layer: str) -> Record | None:
        """What is known of a layer; do not write into it: others are given the same."""

        def read(db: sqlite3.Connection) -> Record | None:
            sql = "SELECT digest, done FROM about, layers WHERE layer = ?"
            row = db.execute(sql, (layer,)).fetchone()
            return None if row is None else _record(self.path, layer, *row)

        return _ask(self.path, read)

    def pictures(self, numbers: Iterable[int]) -> list[Entry]:
        """Some pictures of the set, as they were when it was scanned."""

        def read(db: sqlite3.Connection) -> list[Entry]:
            sql = "SELECT number, name, label, stamp FROM pictures WHERE number = ?"
            return [Entry(*db.execute(sql, (number,)).fetchone()) for number in numbers]

        return _ask(self.path, read) or []

    def write(self, digest: str, pictures: Iterable[Entry], records: Mapping[str, Record]) -> None:
        """Keep layers of a scan of these ``pictures``; what is of another digest goes.

        Of a layer that is further in the file already, that is kept. Raises ScanNotKeptError.
        """
        rows = ((name, each.done, each.to_bytes()) for name, each in records.items())
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with _WRITING:
                if self.path.exists() and self.about() is None:
                    self.path.unlink()
                with contextlib.closing(_connect(self.path, "rwc")) as db:
                    db.execute("BEGIN IMMEDIATE")
                    _prepare(db, digest, pictures)
                    db.executemany(_KEEP, rows)
                    db.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise ScanNotKeptError(error) from error


class Store:
    """The files in ``folder``; the ones that were used longest ago go when there are too many."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self.folder, self._most_bytes = folder, most_bytes

    def file(self, *key: str) -> ScanFile:
        """The file of a network, weights and set, whether it exists or not."""
        name = hashlib.sha256("\n".join(key).encode(errors="surrogateescape")).hexdigest()[:32]
        return ScanFile(self.folder / f"{name}.sqlite")

    def tidy(self, keep: ScanFile) -> None:
        """Delete the oldest files until the others, and ``keep``, are within the budget."""
        with contextlib.suppress(OSError):
            os.utime(keep.path)
        files = [(path.stat(), path) for path in self.folder.glob("*.sqlite")]
        files.sort(key=lambda file: file[0].st_mtime_ns)
        total = sum(status.st_size for status, _ in files)
        for status, path in files:
            if total <= self._most_bytes:
                return
            if path != keep.path:
                path.unlink(missing_ok=True)
                total -= status.st_size


def _prepare(db: sqlite3.Connection, digest: str, pictures: Iterable[Entry]) -> None:
    """Tables for a set of this digest, unless they are here."""
    if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        for statement in _TABLES:
            db.execute(statement)
    elif db.execute("SELECT digest FROM about").fetchone()[0] == digest:
        return
    for table in ("about", "pictures", "layers"):
        db.execute(f"DELETE FROM {table}")
    db.execute("INSERT INTO about VALUES (?)", (digest,))
    rows = ((each.number, each.name, each.label, each.stamp) for each in pictures)
    db.executemany("INSERT INTO pictures VALUES (?, ?, ?, ?)", rows)


def _ask(path: Path, question: Callable[[sqlite3.Connection], T]) -> T | None:
    """The answer of one transaction; None where there is no file, or a damaged one."""
    if not path.is_file():
        return None
    try:
        with contextlib.closing(_connect(path, "rw")) as db:
            db.execute("BEGIN")
            (version,) = db.execute("PRAGMA user_version").fetchone()
            return question(db) if version == _VERSION else None
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            raise
        return None
    except (SafetensorError, KeyError, ValueError, TypeError):
        return None


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """In sqlite's own autocommit mode: transactions begin where we say so."""
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)


@lru_cache(maxsize=8)
def _record(path: Path, layer: str, digest: str, done: int) -> Record:
    """A layer's record. The arguments say all that it depends on."""
    sql = "SELECT record FROM layers WHERE layer = ? AND done = ?"
    with contextlib.closing(_connect(path, "rw")) as db:
        (body,) = db.execute(sql, (layer, done)).fetchone()
    return Record.from_bytes(body)
