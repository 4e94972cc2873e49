"""When a score rises no more."""

from __future__ import annotations

import torch
from torch import Tensor

WINDOW = 32  # steps
_GAIN = 0.005  # of the score: less in a window than that, and it has stopped


class Plateau:
    """Compares the mean scores of the last two windows of steps, picture by picture."""

    def __init__(self, count: int) -> None:
        self.reached = [False] * count
        self._window: list[Tensor] = []
        self._before: Tensor | None = None

    def add(self, scores: Tensor) -> list[int]:
        """The scores of one step, N; gives the pictures whose score has just stopped rising."""
        self._window.append(scores)
        if len(self._window) < WINDOW:
            return []
        mean = torch.stack(self._window).mean(dim=0).cpu()
        before, self._before = self._before, mean
        self._window = []
        if before is None:
            return []
        stopped = (mean - before <= _GAIN * mean.abs()).tolist()
        new = [i for i, stop in enumerate(stopped) if stop and not self.reached[i]]
        for number in new:
            self.reached[number] = True
        return new
