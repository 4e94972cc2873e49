"""A real server in a process of its own, for tests and benchmarks."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parents[1]
READY_WITHIN = 90.0
STOPPED_WITHIN = 20.0


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class LiveServer:
    """``with LiveServer(log) as server:`` runs ``python -m app`` until the end of the block.

    ``settings`` are those of app.config, by their lower-case names; trainings go beside ``log``
    unless they say otherwise. ``url`` has no slash at its
    end. ``program`` is the module that serves; it must answer ``ready_path``.
    """

    log: Path
    settings: Mapping[str, object] = field(default_factory=dict)
    program: tuple[str, ...] = ("app",)
    ready_path: str = "/readyz"
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it is ready. Raises RuntimeError with its log if it is not."""
        own = {"trainings_dir": self.log.absolute().parent / "trainings", "log_format": "json"}
        settings = {"host": "127.0.0.1", "port": self.port, **own, **self.settings}
        env = {f"CONVSCOPE_{name.upper()}": str(value) for name, value in settings.items()}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.program],
                cwd=ROOT,
                env=os.environ | {"OMP_NUM_THREADS": "1"} | env,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait_until_ready(self.process)

    def stop(self) -> int:
        """End it as a service manager would; its exit status."""
        if self.process is None:
            return 0
        process, self.process = self.process, None
        process.terminate()
        try:
            return process.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise RuntimeError(f"The server did not stop.\n{self._tail()}") from None

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            if self._is_ready():
                return
            try:
                status = process.wait(0.05)  # a pause that also notices an early end
            except subprocess.TimeoutExpired:
                continue
            raise RuntimeError(f"The server ended with status {status}.\n{self._tail()}")
        self.stop()
        raise RuntimeError(f"The server was not ready in {READY_WITHIN:g} s.\n{self._tail()}")

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + self.ready_path, timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _tail(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]

    def __enter__(self) -> LiveServer:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
