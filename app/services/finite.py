"""Numbers for JSON, which knows neither infinity nor NaN."""

from __future__ import annotations

import math


class NotFiniteError(ValueError):
    """There are NaN or infinities where only numbers can be."""


def finite(value: float | None) -> float | None:
    """None for what is no finite number."""
    return value if value is not None and math.isfinite(value) else None
