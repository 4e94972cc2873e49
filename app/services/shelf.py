"""Things kept in memory or on disk under a budget of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Shelf(Generic[K, T]):
    """Items in order of last use, up to ``budget`` bytes; ``evicted`` gets what goes.

    An item larger than the budget goes at once and drives nothing else out; but the last
    ``least`` items stay, however large they are. Not safe to use from several threads at once:
    whoever owns it has a lock.
    """

    def __init__(
        self, budget: int, evicted: Callable[[K, T], None] | None = None, least: int = 0
    ) -> None:
        self._budget, self._evicted, self._least = budget, evicted, least
        self._items: OrderedDict[K, tuple[T, int]] = OrderedDict()
        self.bytes = 0

    def put(self, key: K, item: T, size: int) -> None:
        """Add an item of ``size`` bytes, the last to go."""
        self.remove(key)
        if size > self._budget and not self._least:
            self._drop(key, item)
            return
        self._items[key] = item, size
        self.bytes += size
        while self.bytes > self._budget and len(self._items) > self._least:
            oldest, (dropped, freed) = self._items.popitem(last=False)
            self.bytes -= freed
            self._drop(oldest, dropped)

    def get(self, key: K) -> T | None:
        """The item, which becomes the last to go; None when it is not here."""
        if key not in self._items:
            return None
        self._items.move_to_end(key)
        return self._items[key][0]

    def keys(self) -> list[K]:
        """All that is here, the first to go first."""
        return list(self._items)

    def remove(self, key: K) -> None:
        """Drop an item, if it is here; ``evicted`` is not told."""
        _, size = self._items.pop(key, (None, 0))
        self.bytes -= size

    def _drop(self, key: K, item: T) -> None:
        if self._evicted is not None:
            self._evicted(key, item)
