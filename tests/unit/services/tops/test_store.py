"""Scans on disk: damage, versions, the budget."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import torch

from app.services.tops.record import Record
from app.services.tops.sets import Entry
from app.services.tops.store import ScanFile, ScanNotKeptError, Store

ENTRIES = [Entry(0, "a", "7", "x"), Entry(1, "ü & b")]


@pytest.fixture
def file(tmp_path: Path) -> ScanFile:
    return Store(tmp_path / "tops").file("digitnet", "hash", "mnist-test")


def record(done: int) -> Record:
    found = Record.empty([3, 4, 4])
    found.add(
        torch.rand(done, 3, 4, 4, generator=torch.Generator().manual_seed(done)), [*range(done)]
    )
    found.done = done
    return found


def test_what_is_written_is_read(file: ScanFile) -> None:
    assert file.about() is None
    assert file.layer("conv1") is None
    assert file.pictures([0]) == []
    file.write("digest", ENTRIES, {"conv1": record(2), "conv2": record(1)})
    about = file.about()
    assert about is not None
    assert (about.digest, about.pictures, about.done) == ("digest", 2, {"conv1": 2, "conv2": 1})
    assert file.pictures([1, 0]) == [ENTRIES[1], ENTRIES[0]]
    found = file.layer("conv1")
    assert found is not None
    assert found.to_bytes() == record(2).to_bytes()
    assert file.layer("conv1") is found  # kept in memory
    assert file.layer("other") is None


def test_what_is_further_stays(file: ScanFile) -> None:
    file.write("digest", ENTRIES, {"conv1": record(2)})
    file.write("digest", ENTRIES, {"conv1": record(1), "conv2": record(1)})
    about = file.about()
    assert about is not None
    assert about.done == {"conv1": 2, "conv2": 1}


def test_another_digest_begins_anew(file: ScanFile) -> None:
    file.write("digest", ENTRIES, {"conv1": record(2)})
    file.write("other", ENTRIES[:1], {"conv2": record(1)})
    about = file.about()
    assert about is not None
    assert (about.digest, about.pictures, about.done) == ("other", 1, {"conv2": 1})
    assert file.layer("conv1") is None


def damage(path: Path, how: str) -> None:
    if how == "text":
        path.write_text("nothing")
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "cut off":
        path.write_bytes(path.read_bytes()[:6000])
    elif how == "noise":
        body = bytearray(path.read_bytes())
        body[4096:] = np.random.default_rng(1).bytes(len(body) - 4096)
        path.write_bytes(body)
    else:
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA user_version = 77" if how == "version" else "DROP TABLE about")


@pytest.mark.parametrize("how", ["text", "empty", "cut off", "noise", "version", "tables"])
def test_a_damaged_file_counts_as_none(file: ScanFile, how: str) -> None:
    file.write("digest", ENTRIES, {"conv1": record(2)})
    damage(file.path, how)
    assert file.layer("conv1") is None
    assert file.about() is None
    file.write("digest", ENTRIES, {"conv1": record(1)})
    about = file.about()
    assert about is not None
    assert about.done == {"conv1": 1}


def test_a_damaged_record_counts_as_none(file: ScanFile) -> None:
    file.write("digest", ENTRIES, {"conv1": record(2)})
    with closing(sqlite3.connect(file.path)) as db, db:
        db.execute("UPDATE layers SET record = ?", (b"nothing",))
    assert file.layer("conv1") is None


def test_a_file_that_another_process_keeps(file: ScanFile, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write("digest", ENTRIES, {"conv1": record(2)})
    monkeypatch.setattr("app.services.tops.store._PATIENCE", 0)
    with closing(sqlite3.connect(file.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            file.about()
        with pytest.raises(ScanNotKeptError, match="locked"):
            file.write("digest", ENTRIES, {"conv1": record(2)})
    assert file.about() is not None


def test_a_place_that_takes_no_files(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ScanNotKeptError, match="cannot be written"):
        Store(tmp_path / "file").file("a").write("digest", ENTRIES, {})


def test_the_oldest_files_go(tmp_path: Path) -> None:
    store = Store(tmp_path)
    files = [store.file("digitnet", str(number)) for number in range(4)]
    for age, file in enumerate(files):
        file.write("digest", ENTRIES, {"conv1": record(1)})
        os.utime(file.path, (1000 + age, 1000 + age))
    size = files[0].path.stat().st_size
    Store(tmp_path, 2 * size).tidy(files[0])
    assert [file.path.exists() for file in files] == [True, False, False, True]
    Store(tmp_path, 0).tidy(files[0])
    assert [file.path.exists() for file in files] == [True, False, False, False]
