"""Files of weights on disk: written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from models.sources.errors import WeightsFetchError

_FULL = (errno.ENOSPC, errno.EDQUOT)


class DiskFullError(WeightsFetchError):
    """The disk was full, or the user's share of it, while a file was written."""


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` fill a file beside ``path``, then put it in its place.

    Whoever reads ``path`` sees the old file or the new one, also after a power cut. Others may
    read the file as far as the user lets them read new files.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        beside.touch()
        mode = beside.stat().st_mode
        write(beside)
        beside.chmod(mode)  # safetensors makes a file that nobody else may read
        _flush(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    _flush(path.parent)  # the name, too


def require_space(folder: Path, needed: int) -> None:
    """Raise WeightsFetchError unless so many bytes are free where ``folder`` is."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise WeightsFetchError(
            f"The disk is too full: {_mib(needed)} are needed in {folder}, {_mib(free)} are free. "
            "Make room, or let CONVSCOPE_WEIGHTS_DIR name a folder on another disk."
        )


@contextlib.contextmanager
def clear_errors(folder: Path) -> Iterator[None]:
    """Turn what the disk says (full, read-only, not allowed) into WeightsFetchError."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError(
                f"The disk is full: no room is left in {folder}. Make room, then try again."
            ) from error
        message = f"Cannot write to {folder}: {error.strerror or error}."
        raise WeightsFetchError(message) from error


def _flush(path: Path) -> None:
    """Wait until the disk has a file's bytes, or a folder's names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mib(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"
