"""Preparing what comes next while the present is worked on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

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
