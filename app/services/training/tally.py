"""Means over the steps since the last row."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from app.services.training.state import Progress

_NAMES = ("loss", "accuracy", "gradient_norm")


class Tally:
    """Adds up what steps say, in their order, so that when it is read makes no difference."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.last_loss = float("nan")
        self._waiting: list[Tensor] = []

    def add(self, values: Tensor) -> None:
        """One more step has been done: its loss, accuracy and norm of the gradient."""
        self.progress.step += 1
        self._waiting.append(values)

    def fold(self) -> None:
        """Read the numbers of the last steps, which waits for a GPU; note a divergence."""
        if not self._waiting:
            return
        rows: list[list[float]] = torch.stack(self._waiting).tolist()
        first = self.progress.step - len(rows) + 1
        self._waiting.clear()
        for number, row in enumerate(rows, start=first):
            self.progress.sums = [a + b for a, b in zip(self.progress.sums, row, strict=True)]
            self.progress.count += 1
            self.last_loss = row[0]
            if self.progress.diverged is None and not math.isfinite(row[0]):
                self.progress.diverged = number

    def means(self) -> dict[str, float | None]:
        """The means since they were last asked for; None where there was no step."""
        self.fold()
        sums, count = self.progress.sums, self.progress.count
        self.progress.sums, self.progress.count = [0.0, 0.0, 0.0], 0
        return {
            name: value / count if count else None for name, value in zip(_NAMES, sums, strict=True)
        }
