"""The learning rate over time, and the range test that finds a good one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.schemas.training import ScheduleChoice

RANGE_STEPS = 200
_START, _END = 1 / 25, 1 / 250_000  # one cycle's first and last factor, as PyTorch has them
_SMOOTHING = 0.9
_BLOWN_UP = 4.0  # times the smallest loss
_REACH = 8  # steps before and behind, over which a slope is taken
_FALLEN = 0.98  # times the first loss: it has to fall so far at least


def factor(choice: ScheduleChoice, done: int, total: int, per_epoch: int) -> float:
    """What the learning rate is multiplied by, after ``done`` of ``total`` steps.

    Not for "range": see `range_rate`. One cycle is Smith's (A disciplined approach …, 2018) with
    half cosines, from 1/25 up to 1 and down to 1/250,000.
    """
    share = min(done / max(total - 1, 1), 1.0)
    if choice.name == "step":
        return choice.factor ** math.floor(done / (choice.epochs * per_epoch))
    if choice.name == "cosine":
        return _cosine(1.0, 0.0, share)
    if choice.name == "one_cycle":
        if share < choice.warmup:
            return _cosine(_START, 1.0, share / choice.warmup)
        return _cosine(1.0, _END, (share - choice.warmup) / max(1 - choice.warmup, 1e-9))
    return 1.0


def range_rate(choice: ScheduleChoice, done: int, total: int) -> float:
    """The learning rate of a range test: from ``lowest`` to ``highest``, exponentially."""
    share = done / max(total - 1, 1)
    return choice.lowest * math.exp(share * math.log(choice.highest / choice.lowest))


def blown_up(losses: Sequence[float]) -> bool:
    """Whether a range test has seen enough: the smoothed loss is far above its smallest."""
    smooth = _smoothed(losses)
    return bool(smooth) and not smooth[-1] <= _BLOWN_UP * min(smooth)


def suggestion(rates: Sequence[float], losses: Sequence[float]) -> float | None:
    """The learning rate at which the smoothed loss fell most steeply, over the rate's logarithm.

    Smith, Cyclical learning rates, WACV 2017; this point of the curve is fast.ai's choice. None
    where the loss hardly fell.
    """
    smooth = [value for value in _smoothed(losses) if math.isfinite(value)]
    lowest = smooth.index(min(smooth)) if smooth else 0
    slopes = {
        at: (smooth[at + _REACH] - smooth[at - _REACH])
        / math.log(rates[at + _REACH] / rates[at - _REACH])
        for at in range(2 * _REACH, lowest - _REACH + 1)
    }
    if not slopes or smooth[lowest] > _FALLEN * smooth[0]:
        return None
    return rates[min(slopes, key=lambda at: slopes[at])]


def _smoothed(losses: Sequence[float]) -> list[float]:
    """The exponential moving average, corrected for its start."""
    smooth, mean = [], 0.0
    for number, loss in enumerate(losses, start=1):
        mean = _SMOOTHING * mean + (1 - _SMOOTHING) * loss
        smooth.append(mean / (1 - _SMOOTHING**number))
    return smooth


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2
