"""What happened in a job so far, for those who follow it."""

from __future__ import annotations

import asyncio
import bisect
import contextlib
import threading
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from typing import Literal

from app.schemas import JobProgress

State = Literal["queued", "running", "paused", "done", "failed", "cancelled"]
Name = Literal["progress", "metrics", "preview", "done", "failed", "cancelled"]
FINAL: tuple[State, ...] = ("done", "failed", "cancelled")


@dataclass(frozen=True)
class Entry:
    """One event: a job as it was at that moment. ``number`` counts from 1."""

    number: int
    name: Name
    state: State
    progress: JobProgress
    metrics: dict[str, float | None]
    preview: str | None = None


class JobLog:
    """The events of one job. Each says all there is, so that any but the last may be left out.

    About ``most`` are kept: an even sample of the job's course, and always the last; of previews
    the last one only. May be used from several threads.
    """

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._entries: list[tuple[int, Entry]] = []  # with their place among all but previews
        self._preview: Entry | None = None
        self._waiters: set[_Waiter] = set()
        self._number = 0  # of the last event
        self._count, self._stride = 0, 1  # all but previews so far; of so many, one is kept
        self._closed = False

    def add(
        self,
        name: Name,
        state: State,
        progress: JobProgress,
        metrics: dict[str, float | None],
        preview: str | None = None,
    ) -> None:
        """Append an event and wake those who follow."""
        with self._lock:
            self._number += 1
            entry = Entry(self._number, name, state, progress, dict(metrics), preview)
            if name == "preview":
                self._preview = entry
            else:
                self._sample(entry)
            self._wake()

    def _sample(self, entry: Entry) -> None:
        self._count += 1
        if self._count > 1 and (self._count - 1) % self._stride:
            self._entries.pop()  # it was only there for being the last
        self._entries.append((self._count, entry))
        if len(self._entries) > self._most:
            self._stride *= 2
            *earlier, last = self._entries
            self._entries = [each for each in earlier if each[0] % self._stride == 0] + [last]

    def close(self) -> None:
        """End all following: the server stops."""
        with self._lock:
            self._closed = True
            self._wake()

    def after(self, number: int) -> list[Entry]:
        """The events with a higher number."""
        with self._lock:
            entries = [entry for _, entry in self._entries if entry.number > number]
            if self._preview is not None and self._preview.number > number:
                bisect.insort(entries, self._preview, key=lambda entry: entry.number)
            return entries

    async def follow(self, after: int = 0) -> AsyncGenerator[Entry]:
        """The events with a higher number than ``after``, then those to come, up to the final one.

        The final event of an ended job is always given, even to one who has seen it.
        """
        with self._waiting() as waiter:
            while not self._closed:
                waiter.event.clear()
                for entry in self.after(after) or self._end():
                    after = entry.number
                    yield entry
                    if entry.state in FINAL:
                        return
                await waiter.event.wait()

    def _end(self) -> list[Entry]:
        with self._lock:
            return [entry for _, entry in self._entries[-1:] if entry.state in FINAL]

    @contextlib.contextmanager
    def _waiting(self) -> Iterator[_Waiter]:
        waiter = _Waiter(asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._waiters.add(waiter)
        try:
            yield waiter
        finally:
            with self._lock:
                self._waiters.discard(waiter)

    def _wake(self) -> None:
        for waiter in self._waiters:
            with contextlib.suppress(RuntimeError):  # its event loop has ended
                waiter.loop.call_soon_threadsafe(waiter.event.set)


@dataclass(frozen=True, eq=False)
class _Waiter:
    loop: asyncio.AbstractEventLoop
    event: asyncio.Event
