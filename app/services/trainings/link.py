"""The pipe between a training process and the server, as the process sees it."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from multiprocessing.connection import Connection
from queue import SimpleQueue

from app.services.trainings.messages import Command, Message

_GRACE = 10.0  # seconds that a step may take after the server has gone


class Link:
    """Commands come in by a thread, messages go out."""

    def __init__(self, connection: Connection) -> None:
        self.commands: SimpleQueue[Command] = SimpleQueue()
        self._connection = connection
        threading.Thread(target=self._listen, daemon=True).start()

    def tell(self, message: Message) -> None:
        """Send a message; nothing happens where nobody is there any more."""
        with contextlib.suppress(OSError):
            self._connection.send(message)

    def close(self) -> None:
        """No more messages."""
        with contextlib.suppress(OSError):
            self._connection.close()

    def _listen(self) -> None:
        """Until the server has gone: then the training ends, if need be in the midst of a step."""
        try:
            while True:
                self.commands.put(self._connection.recv())
        except (EOFError, OSError):
            self.commands.put(Command(0, "end"))
        time.sleep(_GRACE)
        os._exit(1)
