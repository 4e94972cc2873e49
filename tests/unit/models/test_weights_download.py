"""Large files over HTTP: cut lines, resuming, servers that cannot, full disks, cancelling."""

from __future__ import annotations

import errno
import io
import random
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.sources import download as downloads
from models.sources.download import Patience, download
from models.weights import Progress, WeightsFetchError
from tests.unit.models.file_server import FileServer

CONTENT = random.Random(0).randbytes(1_000_000)
naps: list[float] = []
PATIENCE = Patience(tries=3, timeout=10, sleep=naps.append)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    naps.clear()


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer(CONTENT) as files:
        yield files


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "weights.part"


def fetch(server: FileServer, part: Path, path: str = "a.pth") -> list[Progress]:
    """What is said of it, but for how long the server takes to answer."""
    steps = download(server.url + path, part, PATIENCE)
    return [step for step in steps if not step.message.startswith("Asking")]


def ranges(server: FileServer) -> list[str | None]:
    return [request.get("Range") for request in server.requests]


def test_a_file_comes_whole_and_says_how_far_it_is(server: FileServer, part: Path) -> None:
    steps = fetch(server, part)
    assert part.read_bytes() == CONTENT
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert steps[0].done == 0
    assert {step.total for step in steps} == {len(CONTENT)}
    assert "a.pth" in steps[0].message
    assert [path.name for path in part.parent.iterdir()] == [part.name]


def test_a_cut_line_goes_on_where_it_was(server: FileServer, part: Path) -> None:
    server.cuts = [400_000, 300_000]
    steps = fetch(server, part)
    assert part.read_bytes() == CONTENT
    assert ranges(server) == [None, "bytes=400000-", "bytes=700000-"]
    assert any("broke" in step.message for step in steps)
    assert sum(naps) == pytest.approx(2.0)  # a second after each cut: both had brought something


def test_a_silent_server_does_not_keep_anybody(server: FileServer, part: Path) -> None:
    """Between two looks a job can be cancelled; then the line is cut."""
    server.hold = threading.Event()
    run = download(server.url + "a.pth", part, PATIENCE)
    while next(run).done == 0:
        pass
    waiting = [next(run) for _ in range(2)]
    assert len({step.done for step in waiting}) == 1
    run.close()
    for thread in threading.enumerate():
        if thread.name == "download":
            thread.join(PATIENCE.timeout / 2)
            assert not thread.is_alive()
    assert 0 < part.stat().st_size < len(CONTENT)


def test_one_that_never_answers_does_not_either(part: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"http://127.0.0.1:{mute.getsockname()[1]}/a.pth"
        run = download(address, part, PATIENCE)
        assert {next(run).message for _ in range(2)} == {"Asking for a.pth"}
        run.close()
    assert not part.exists()


def test_what_an_earlier_run_brought_is_kept(server: FileServer, part: Path) -> None:
    run = download(server.url + "a.pth", part, PATIENCE)
    while next(run).done < 300_000:
        pass
    run.close()
    size = part.stat().st_size
    assert 300_000 <= size < len(CONTENT)
    fetch(server, part)
    assert part.read_bytes() == CONTENT
    assert ranges(server) == [None, f"bytes={size}-"]


def test_a_server_without_ranges_starts_over(server: FileServer, part: Path) -> None:
    server.ranges, server.cuts = False, [400_000]
    fetch(server, part)
    assert part.read_bytes() == CONTENT


def test_a_file_that_changed_meanwhile_starts_over(server: FileServer, part: Path) -> None:
    server.cuts = [400_000, 0, 0]
    with pytest.raises(WeightsFetchError):
        fetch(server, part)
    server.etag, server.content = '"two"', CONTENT[::-1]
    fetch(server, part)
    assert part.read_bytes() == CONTENT[::-1]


def test_another_address_starts_over(server: FileServer, part: Path) -> None:
    server.cuts = [400_000, 0, 0]
    with pytest.raises(WeightsFetchError):
        fetch(server, part)
    server.requests.clear()
    fetch(server, part, "b.pth")
    assert ranges(server) == [None]
    assert part.read_bytes() == CONTENT


def test_a_complete_partial_file_is_not_fetched_again(server: FileServer, part: Path) -> None:
    run = download(server.url + "a.pth", part, PATIENCE)
    while next(run).done < len(CONTENT):
        pass
    run.close()  # cancelled before the end was noticed
    assert part.stat().st_size == len(CONTENT)
    assert fetch(server, part) == []
    assert part.read_bytes() == CONTENT


def test_a_partial_file_that_is_too_long_starts_over(server: FileServer, part: Path) -> None:
    server.cuts = [400_000, 0, 0]
    with pytest.raises(WeightsFetchError):
        fetch(server, part)
    part.write_bytes(CONTENT + b"more")
    fetch(server, part)
    assert part.read_bytes() == CONTENT


def test_errors_that_may_pass_are_tried_again(server: FileServer, part: Path) -> None:
    server.errors = [503, 429]
    fetch(server, part)
    assert part.read_bytes() == CONTENT
    assert sum(naps) == pytest.approx(1.0 + 2.0)  # the wait doubles


def test_a_refusal_ends_it_at_once(server: FileServer, part: Path) -> None:
    server.errors = [404]
    with pytest.raises(WeightsFetchError, match=r"a\.pth: the server answers 404"):
        fetch(server, part)
    assert len(server.requests) == 1


def test_it_gives_up_with_a_reason(server: FileServer, part: Path) -> None:
    server.errors = [503] * 9
    with pytest.raises(WeightsFetchError, match=r"503.*3 tries.*another source"):
        fetch(server, part)


def test_a_machine_that_is_not_reachable(part: Path) -> None:
    with FileServer(b"") as gone:
        url = gone.url
    with pytest.raises(WeightsFetchError, match="3 tries"):
        list(download(url, part, PATIENCE))


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/a", "no address"])
def test_an_address_that_is_none(url: str, part: Path) -> None:
    with pytest.raises(WeightsFetchError, match="Cannot fetch"):
        list(download(url, part, PATIENCE))


def test_redirects_are_followed(server: FileServer, part: Path) -> None:
    fetch(server, part, "old/a.pth")
    assert part.read_bytes() == CONTENT
    assert len(server.requests) == 2


def test_too_little_room_is_noticed_before(
    server: FileServer, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(part.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_500_000))
    with pytest.raises(WeightsFetchError, match=r"too full.*2 MiB are needed.*1 MiB are free"):
        fetch(server, part)
    assert not part.exists()


class FullDisk(io.BytesIO):
    """Takes one piece and has no room for more."""

    def write(self, data: Any) -> int:
        if self.tell():
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


def test_a_disk_that_fills_up_keeps_nothing(
    server: FileServer, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def full(path: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if path == part and "b" in mode:
            opened(path, mode).close()
            return FullDisk()
        return opened(path, mode, *rest, **more)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(WeightsFetchError, match="disk is full"):
        fetch(server, part)
    assert list(part.parent.iterdir()) == []


def test_a_slow_server_can_be_cancelled(server: FileServer, part: Path) -> None:
    server.hold = threading.Event()
    run = download(server.url + "a.pth", part, Patience(tries=1, timeout=10))
    done = next(each.done for each in run if each.done)
    assert done < len(CONTENT)  # and now it would wait for more
    run.close()
    assert 0 < part.stat().st_size < len(CONTENT)


def test_a_server_that_falls_silent_is_tried_again(server: FileServer, part: Path) -> None:
    hold = server.hold = threading.Event()
    patience = Patience(tries=20, timeout=0.3, sleep=lambda _: hold.set())
    assert list(download(server.url + "a.pth", part, patience))
    assert part.read_bytes() == CONTENT
    assert len(server.requests) > 1


def test_waiting_listens_for_cancelling(server: FileServer, part: Path) -> None:
    server.errors = [503] * 9
    run = download(server.url + "a.pth", part, PATIENCE)
    assert "broke" in next(run).message
    run.close()
    assert len(naps) < 1 / downloads._NAP
