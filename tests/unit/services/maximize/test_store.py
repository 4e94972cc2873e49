"""Results on disk: what is kept, what goes, what is damaged."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.schemas import WeightsRef
from app.services.maximize.store import DiskError, Files, Kept, Record, Results

BLOCK = 4096
START = datetime(2026, 1, 1, tzinfo=UTC)


def name(number: int) -> str:
    return f"{number:032x}"


def record(number: int, count: int = 2, layer: str = "relu3", model: str = "digitnet") -> Record:
    pictures = [Kept(title=f"{layer} · {i}", layer=layer, channel=i) for i in range(count)]
    return Record(
        id=name(number),
        model=model,
        weights=WeightsRef(source="shipped", sha256="abc"),
        request={"layer": layer, "channel": list(range(count))},
        created=START + timedelta(seconds=number),
        pictures=pictures,
    )


def files(index: int, size: int = 100) -> Files:
    return Files(bytes([index]) * size, b"mask")


def finished(one: Record, *indices: int) -> tuple[Record, dict[int, Files]]:
    """The record with some pictures done, and their files."""
    done = {i: files(i) for i in indices}
    pictures = [
        each.model_copy(update={"state": "done", "digest": done[i].digest}) if i in done else each
        for i, each in enumerate(one.pictures)
    ]
    return one.model_copy(update={"pictures": pictures}), done


def filled(folder: Path, *numbers: int, max_bytes: int = 10**9) -> Results:
    results = Results(folder, max_bytes)
    for number in numbers:
        results.add(*finished(record(number), 0, 1))
    return results


def test_what_is_kept_comes_back_in_another_run(tmp_path: Path) -> None:
    results = Results(tmp_path, 10**9)
    assert (results.get(name(1)), results.listing()) == (None, [])
    first = record(1)
    results.put(first)
    assert results.get(name(1)) == first
    assert not first.finished
    whole, done = finished(first, 0, 1)
    results.add(whole, done)
    for store in (results, Results(tmp_path, 10**9)):
        assert store.get(name(1)) == whole
        assert whole.finished
        assert store.picture(whole, 1) == files(1)
        assert store.size == results.size >= 5 * BLOCK


def test_pictures_are_kept_one_after_the_other(tmp_path: Path) -> None:
    results = Results(tmp_path, 10**9)
    half, done = finished(record(1), 0)
    results.add(half, done)
    kept = Results(tmp_path, 10**9).get(name(1))
    assert kept is not None
    assert [picture.state for picture in kept.pictures] == ["done", "waiting"]
    assert results.picture(kept, 0) == files(0)
    assert results.picture(kept, 1) is None


def test_what_was_not_used_longest_goes(tmp_path: Path) -> None:
    each = filled(tmp_path / "one", 1).size
    results = filled(tmp_path / "all", 1, 2, 3, max_bytes=3 * each)
    assert results.get(name(1)) is not None
    results.add(*finished(record(4), 0, 1))
    assert results.listing() == [name(4), name(3), name(1)]
    assert not (tmp_path / "all" / name(2)).exists()
    assert results.size == 3 * each


def test_the_order_of_use_outlives_the_server(tmp_path: Path) -> None:
    each = filled(tmp_path, 1, 2, 3).size // 3
    for number, second in ((1, 30), (2, 10), (3, 20)):
        os.utime(tmp_path / name(number) / "record.json", (second, second))
    results = Results(tmp_path, 2 * each)
    assert sorted(results.listing()) == [name(1), name(3)]


def test_the_last_one_stays_however_large_it_is(tmp_path: Path) -> None:
    results = filled(tmp_path, 1, 2, max_bytes=0)
    assert results.listing() == [name(2)]


def test_a_damaged_record_is_as_none(tmp_path: Path) -> None:
    filled(tmp_path, 1, 2, 3)
    (tmp_path / name(1) / "record.json").write_text("{")
    (tmp_path / name(2) / "record.json").unlink()
    (tmp_path / "a file of the user").write_text("stays")
    results = Results(tmp_path, 10**9)
    assert results.listing() == [name(3)]
    assert results.get(name(1)) is None
    (tmp_path / name(3) / "record.json").write_text("[]")
    assert results.get(name(3)) is None
    assert results.listing() == []
    assert (tmp_path / "a file of the user").exists()


def test_a_damaged_picture_waits_again(tmp_path: Path) -> None:
    results = filled(tmp_path, 1)
    (tmp_path / name(1) / "0.png").unlink()
    (tmp_path / name(1) / "1.mask.png").write_bytes(b"other")
    kept = results.get(name(1))
    assert kept is not None
    assert [picture.state for picture in kept.pictures] == ["waiting", "done"]
    assert results.picture(kept, 1) is None
    kept = results.get(name(1))
    assert kept is not None
    assert [(p.state, p.digest) for p in kept.pictures] == [("waiting", None)] * 2
    assert not kept.finished


def test_what_is_kept_of_a_unit(tmp_path: Path) -> None:
    results = filled(tmp_path, 1, 3)
    results.put(record(2, count=5))
    results.put(record(4, layer="relu1"))
    results.put(record(5, model="mlp"))
    group = ("digitnet", "abc")
    for store in (results, Results(tmp_path, 10**9)):
        assert store.listing(group) == [name(n) for n in (4, 3, 2, 1)]
        assert store.listing(group, "relu3", 1) == [name(n) for n in (3, 2, 1)]
        assert store.listing(group, "relu3", 4) == [name(2)]
        assert store.listing(group, "relu1") == [name(4)]
        assert store.listing(("digitnet", "other")) == []
        assert store.listing(most=2) == [name(5), name(4)]


def test_removal(tmp_path: Path) -> None:
    results = filled(tmp_path, 1, 2)
    assert results.remove(name(1))
    assert not results.remove(name(1))
    assert results.listing() == [name(2)]
    assert [path.name for path in tmp_path.iterdir()] == [name(2)]


def test_a_disk_that_takes_no_more(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DiskError, match="cannot be written"):
        Results(tmp_path / "file", 10**9).put(record(1))
