"""Training processes, as the server sees them."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, SpawnContext
from queue import Empty, SimpleQueue
from typing import Literal

from app.services.trainings.messages import Begun, Command, Failed, Message, Order
from app.services.trainings.worker import main

_WARM = "app.services.trainings.warm"
_PATIENCE = 5.0  # seconds to save what is to be saved, at the end


def choose_context() -> ForkServerContext | SpawnContext:
    """How processes begin: forked from one that has all modules already, where that is possible."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([_WARM])
        return context
    return multiprocessing.get_context("spawn")


_context = choose_context()


def warm_up() -> None:
    """Let a process import torch and the engine, from which others begin without delay.

    It takes about three seconds of a core, and 240 MiB for as long as the server runs. Gives at
    once; nothing happens where the process is there already, or where the system cannot fork.
    """
    if _context.get_start_method() == "forkserver":
        forkserver.ensure_running()


class Process:
    """One process that trains. ``hear`` gets each message on a thread of its own, in order.

    That thread also starts it, which takes seconds where the modules have to be imported first.
    """

    def __init__(self, order: Order, hear: Callable[[Message], None]) -> None:
        self._hear = hear
        self._messages: SimpleQueue[Message | None] = SimpleQueue()
        self._sending = threading.Lock()
        self._commands = 0
        self._link, self._theirs = _context.Pipe()
        self._process = _context.Process(
            target=main, args=(self._theirs, order), name="training", daemon=True
        )
        self._changing = threading.Lock()
        self._started = self._unwanted = self._begun = False
        self._thread = threading.Thread(target=self._live, name="training-link", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The number that the system has given it, once it is there."""
        pid: int | None = self._process.pid
        return pid

    @property
    def commands(self) -> int:
        """How many commands were sent."""
        return self._commands

    def send(
        self,
        name: Literal["change", "pause", "run", "step", "epoch", "end"],
        change: dict[str, float] | None = None,
    ) -> None:
        """Tell it what to do. Nothing happens where it has ended."""
        with self._sending, contextlib.suppress(OSError, ValueError):
            self._commands += 1
            self._link.send(Command(self._commands, name, change or {}))

    def receive(self, timeout: float) -> Message | None:
        """The next message; None where none came in so many seconds. Raises EOFError at the end."""
        with contextlib.suppress(Empty):
            message = self._messages.get(timeout=timeout)
            if message is None:
                raise EOFError
            return message
        return None

    def end(self) -> None:
        """Let it save and end; one that does not is killed, and one that has nothing to save."""
        self.send("end")
        with self._changing:
            self._unwanted = True
            started = self._started
        if started:  # else its thread ends it as soon as it is there
            self._stop()
            self._thread.join()
            self._link.close()

    def _stop(self) -> None:
        if self._begun:
            self._process.join(_PATIENCE)
        self._process.kill()
        self._process.join()
        self._process.close()

    def _live(self) -> None:
        """On its thread."""
        try:
            self._process.start()
        except Exception as error:
            self._messages.put(Failed(str(error) or type(error).__name__, known=True))
            self._link.close()
            return
        finally:
            self._theirs.close()
        with self._changing:
            self._started = True
            unwanted = self._unwanted
        if unwanted:
            self._stop()
            self._link.close()
        else:
            self._listen()

    def _listen(self) -> None:
        try:
            while True:
                message = self._link.recv()
                self._begun = self._begun or isinstance(message, Begun)
                self._hear(message)
                self._messages.put(message)
        except (EOFError, OSError):
            pass
        except Exception as error:  # it cannot be read, or what it tells cannot be kept
            self._messages.put(Failed(str(error) or type(error).__name__, known=False))
            self._drain()
        self._messages.put(None)

    def _drain(self) -> None:
        """Read on to the end, so that the process does not wait for somebody who listens."""
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._link.recv_bytes()
