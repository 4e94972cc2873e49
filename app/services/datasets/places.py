"""Where data sets may lie on this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[int, int], None]  # pictures decoded, of how many


@dataclass(frozen=True)
class Places:
    """``data_dir`` holds data sets of the user's own, ``pictures_dir`` pictures by class.

    ``cache_dir`` keeps pictures once they are decoded; None: they are decoded each time.
    """

    data_dir: Path | None = None
    pictures_dir: Path | None = None
    cache_dir: Path | None = None
