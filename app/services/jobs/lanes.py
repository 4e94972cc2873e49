"""Which jobs run and which wait: so many at a time, each kind in its own lane where it has one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

W = TypeVar("W")


@dataclass(frozen=True)
class Lane:
    """``workers`` jobs run at a time, ``most_waiting`` may wait."""

    workers: int
    most_waiting: int


class Lanes(Generic[W]):
    """The queue of jobs. ``kind`` tells a job's kind; kinds that ``own`` lacks share ``shared``.

    Not safe to use from several threads at once: whoever owns it has a lock.
    """

    def __init__(self, kind: Callable[[W], str], shared: Lane, own: Mapping[str, Lane]) -> None:
        self._kind, self._shared, self._own = kind, shared, own
        self._waiting: deque[W] = deque()
        self._running: set[W] = set()

    def full(self, kind: str) -> bool:
        """Whether no more jobs of a kind may wait."""
        waiting = sum(self._lane(each) == self._name(kind) for each in self._waiting)
        return waiting >= self._own.get(kind, self._shared).most_waiting

    def wait(self, work: W) -> None:
        """The last to get a place."""
        self._waiting.append(work)

    def leave(self, work: W) -> None:
        """Neither run nor wait."""
        self._running.discard(work)
        if work in self._waiting:
            self._waiting.remove(work)

    def runs(self, work: W) -> bool:
        """Whether it has a place."""
        return work in self._running

    def entering(self, held_back: Callable[[W], bool]) -> Iterator[W]:
        """Give free places to those who wait, in order, but for those that are ``held_back``."""
        for work in list(self._waiting):
            lane = self._lane(work)
            workers = self._own.get(lane or "", self._shared).workers
            running = sum(self._lane(each) == lane for each in self._running)
            if running < workers and not held_back(work):
                self._waiting.remove(work)
                self._running.add(work)
                yield work

    def _lane(self, work: W) -> str | None:
        return self._name(self._kind(work))

    def _name(self, kind: str) -> str | None:
        return kind if kind in self._own else None
