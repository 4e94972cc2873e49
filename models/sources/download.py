"""Download one large file over HTTP, and go on where an earlier try was cut off.

RFC 9110: range requests (section 14), If-Range (13.1.5), Content-Range (14.4).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from models.sources.disk import DiskFullError, clear_errors, require_space
from models.sources.errors import WeightsFetchError
from models.sources.source import Progress
from models.sources.stream import Stream

_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_PAST_END = re.compile(r"bytes \*/(\d+)")
_TRANSIENT = {408, 425, 429, 500, 502, 503, 504}
_NAP = 0.25  # seconds between two looks at whether somebody cancelled


@dataclass(frozen=True)
class Patience:
    """How long to keep trying: ``tries`` in a row that bring nothing, then give up.

    The wait doubles from ``first_wait`` seconds; ``timeout`` is that of connecting and of each
    read, in seconds. ``sleep`` is time.sleep, except in tests.
    """

    tries: int = 4
    first_wait: float = 1.0
    timeout: float = 30.0
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class _Partial:
    """What is known about a partial file: where it is from, and how its server marks it."""

    url: str
    etag: str | None
    modified: str | None

    @property
    def mark(self) -> str | None:
        """What If-Range may name: a strong ETag, else the date."""
        strong = self.etag if self.etag and not self.etag.startswith("W/") else None
        return strong or self.modified


class _TryAgainError(Exception):
    """The server or the line failed in a way that may pass."""


def download(
    url: str, part: Path, patience: Patience | None = None
) -> Generator[Progress, None, None]:
    """Fetch ``url`` into ``part``, going on where it ends. Closing the generator keeps ``part``.

    Raises WeightsFetchError: refused, unreachable for too long, or no room on the disk.
    """
    patience = patience or Patience()
    failures = 0
    while True:
        before = _size(part)
        try:
            yield from _attempt(url, part, patience)
            _notes(part).unlink(missing_ok=True)
            return
        except DiskFullError:
            discard(part)  # others need the room, too
            raise
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.TooManyRedirects) as error:
            raise WeightsFetchError(f"Cannot fetch {url}: {error}.") from error
        except (_TryAgainError, httpx.TransportError) as error:
            failures = 1 if _size(part) > before else failures + 1
            if failures >= patience.tries:
                raise _unreachable(url, failures, error) from error
            yield from _wait(failures, part, patience)


def discard(part: Path) -> None:
    """Remove a partial file and what is noted about it."""
    part.unlink(missing_ok=True)
    _notes(part).unlink(missing_ok=True)


def _attempt(url: str, part: Path, patience: Patience) -> Iterator[Progress]:
    """One request. Raises _TryAgainError, httpx.TransportError, WeightsFetchError."""
    headers = {"Accept-Encoding": "identity", **_range(url, part)}
    with Stream(url, headers, patience.timeout) as stream:
        while (response := stream.response()) is None:
            yield Progress(_size(part), None, f"Asking for {url.rpartition('/')[2]}")
        if _has_all(response, part):
            return
        start, total = _place(response, part)
        with clear_errors(part.parent):
            # As much again is needed for the file that is made of it.
            require_space(part.parent, 2 * (total or 0) - start)
            _note(part, _Partial(url, *_marks(response)))
        message = f"Downloading {response.url.path.rpartition('/')[2]}"
        yield from _receive(stream.chunks(), part, Progress(start, total, message))


def _receive(chunks: Iterator[bytes], part: Path, begin: Progress) -> Iterator[Progress]:
    """Write the body behind what ``part`` has of it."""
    done, total = begin.done, begin.total
    yield begin
    with clear_errors(part.parent), part.open("ab" if done else "wb") as file:
        for chunk in chunks:
            file.write(chunk)
            done += len(chunk)
            yield Progress(done, total, begin.message)
    if total is not None and done != total:
        raise _TryAgainError(f"{done} of {total} bytes came")


def _range(url: str, part: Path) -> dict[str, str]:
    """Headers that ask for the rest of a partial file, if there is one from this address."""
    size = _size(part)
    if not size:
        return {}
    try:
        known = _Partial(**json.loads(_notes(part).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        known = None
    if known is None or known.url != url or known.mark is None:
        discard(part)  # nothing says that the file there is still the same
        return {}
    return {"Range": f"bytes={size}-", "If-Range": known.mark}


def _has_all(response: httpx.Response, part: Path) -> bool:
    """Whether the server says that nothing is behind the partial file's end."""
    found = _PAST_END.fullmatch(response.headers.get("Content-Range", ""))
    return response.status_code == 416 and found is not None and int(found[1]) == _size(part)


def _place(response: httpx.Response, part: Path) -> tuple[int, int | None]:
    """Where the body begins in the file, and how long the whole file is (None: unknown).

    Raises _TryAgainError for an answer that may be another one soon, WeightsFetchError.
    """
    if response.status_code == 200:
        length = response.headers.get("Content-Length", "")
        return 0, int(length) if length.isdigit() else None
    if response.status_code == 206:
        found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if found and int(found[1]) == _size(part):
            return int(found[1]), None if found[2] == "*" else int(found[2])
    if response.status_code in (206, 416):  # not the range that we asked for: from the start
        discard(part)
        raise _TryAgainError("the server's ranges do not fit")
    answer = f"{response.status_code} {response.reason_phrase}"
    if response.status_code in _TRANSIENT:
        raise _TryAgainError(f"the server answers {answer}")
    raise WeightsFetchError(f"Cannot fetch {response.url}: the server answers {answer}.")


def _wait(failures: int, part: Path, patience: Patience) -> Iterator[Progress]:
    """Wait before the next try, with an ear for cancelling."""
    for _ in range(round(patience.first_wait * 2 ** (failures - 1) / _NAP)):
        yield Progress(_size(part), None, "The connection broke; waiting to go on")
        patience.sleep(_NAP)


def _marks(response: httpx.Response) -> tuple[str | None, str | None]:
    return response.headers.get("ETag"), response.headers.get("Last-Modified")


def _note(part: Path, partial: _Partial) -> None:
    _notes(part).write_text(json.dumps(vars(partial)), "utf-8")


def _notes(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _unreachable(url: str, tries: int, error: Exception) -> WeightsFetchError:
    return WeightsFetchError(
        f"Cannot fetch {url}: {error or type(error).__name__} ({tries} tries). If this machine "
        "does not reach it, take another source of weights, or give a file of your own."
    )
