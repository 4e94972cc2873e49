"""The live sockets that are open."""

from __future__ import annotations

import asyncio
from typing import Protocol


class Stoppable(Protocol):
    """A live session."""

    def stop(self) -> None:
        """Close the socket soon, with code 1001 (going away)."""


class LiveHub:
    """Counts live sessions, refuses those above the limit, and stops all of them at the end."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._sessions: set[Stoppable] = set()
        self._stopped = False
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def full(self) -> bool:
        """Whether one more session is too many."""
        return self._stopped or len(self._sessions) >= self.limit

    def add(self, session: Stoppable) -> None:
        """Count a session."""
        self._sessions.add(session)
        self._empty.clear()

    def remove(self, session: Stoppable) -> None:
        """Forget a session."""
        self._sessions.discard(session)
        if not self._sessions:
            self._empty.set()

    def stop(self) -> None:
        """Close every socket, and accept none any more."""
        self._stopped = True
        for session in list(self._sessions):
            session.stop()

    async def drained(self) -> None:
        """Return when no session is left."""
        await self._empty.wait()
