"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import threading
from pathlib import Path


def replace(path: Path, body: bytes, *, lasting: bool = True) -> None:
    """Put a file in its place as a whole; where ``lasting``, the disk has it on return.

    What is half written is named ``.NAME.THREAD.new``, and deleted where the disk is full.
    """
    beside = path.with_name(f".{path.name}.{threading.get_native_id()}.new")
    try:
        with beside.open("wb") as file:
            file.write(body)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
