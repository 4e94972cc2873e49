"""Random numbers of which every picture of a batch has its own."""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor


class Draws:
    """Random numbers of ``count`` pictures from number ``first`` on, each from its own stream."""

    def __init__(self, seed: int, first: int, count: int, device: torch.device) -> None:
        self.device = device
        self._generators = [_stream(seed, first + number) for number in range(count)]

    def normal(self, shape: tuple[int, ...]) -> Tensor:
        """Normally distributed, N×``shape``."""
        return self._stack([torch.randn(shape, generator=g) for g in self._generators])

    def uniform(self, shape: tuple[int, ...]) -> Tensor:
        """Between 0 and 1, N×``shape``."""
        return self._stack([torch.rand(shape, generator=g) for g in self._generators])

    def _stack(self, pictures: list[Tensor]) -> Tensor:
        return torch.stack(pictures).to(self.device)


def _stream(seed: int, number: int) -> torch.Generator:
    """A generator of its own for each pair; drawn on the processor, the same for all devices."""
    digest = hashlib.sha256(f"{seed}/{number}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:7], "big"))
