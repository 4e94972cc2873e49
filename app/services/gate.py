"""Memory for answers that are being made: who would take too much waits until others are done."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.services.batching import Busy

_SMALL = 64  # what takes less than this part of the memory need not wait
_RETRY_AFTER = 5.0  # seconds; a few photographs


class Gate:
    """Lets requests in, in their order, while all that are inside take ``most`` bytes or less.

    A request that takes more alone goes in when nobody else is there. With ``max_waiting``
    waiting, the next one gets Busy. Belongs to one event loop.
    """

    def __init__(self, most: int, max_waiting: int) -> None:
        self.most, self.max_waiting = most, max_waiting
        self._held = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    @asynccontextmanager
    async def hold(self, size: int) -> AsyncIterator[None]:
        """Be inside with so many bytes. Raises Busy."""
        if size * _SMALL <= self.most:
            yield
            return
        size = min(size, self.most)
        await self._enter(size)
        try:
            yield
        finally:
            self._leave(size)

    async def _enter(self, size: int) -> None:
        if not self._waiting and self._held + size <= self.most:
            self._held += size
            return
        if len(self._waiting) >= self.max_waiting:
            raise Busy(_RETRY_AFTER)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((size, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # its turn had just come
                self._leave(size)
            else:
                self._let_in()  # those behind it may be smaller
            raise

    def _leave(self, size: int) -> None:
        self._held -= size
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting:
            size, turn = self._waiting[0]
            if not turn.cancelled():
                if self._held + size > self.most:
                    return
                self._held += size
                turn.set_result(None)
            self._waiting.popleft()
