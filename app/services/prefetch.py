"""Doing things beside the present work: preparing what comes next, finishing what was done."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
K = TypeVar("K")
T = TypeVar("T")


def prefetched(
    make: Callable[[K], T], items: Iterable[K], ahead: int = 1
) -> Generator[T, None, None]:
    """``make`` of every item, in order, at most ``ahead`` of them before they are asked for.

    One thread makes them; it ends when the generator is used up or closed. What ``make`` raises
    is raised in its item's place.
    """
    waiting: deque[Future[T]] = deque()
    with ThreadPoolExecutor(1, thread_name_prefix="prefetch") as thread:
        try:
            for item in items:
                waiting.append(thread.submit(make, item))
                if len(waiting) > ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


class Follower:
    """A thread that does what it is given, in order, at most one call behind.

    ``with Follower() as follower: follower.call(f, x)``. What a call raises is raised by the next
    `call` or `wait`.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="follower")
        self._last: Future[object] | None = None

    def call(self, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Wait for the call before, and leave this one to the thread."""
        self.wait()
        self._last = self._thread.submit(function, *args, **kwargs)

    def wait(self) -> None:
        """Until all is done."""
        last, self._last = self._last, None
        if last is not None:
            last.result()

    def __enter__(self) -> Follower:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown()
