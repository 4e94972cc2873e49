"""One forward pass of any number of images."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from app.services.activations import Runner
from app.services.batching import Batcher


async def forward(
    batcher: Batcher, runner: Runner, x: Tensor, layers: Sequence[str], chunk: int
) -> dict[str, Tensor]:
    """The values of ``layers`` for ``x`` (N×C×H×W), N×… each, on the CPU.

    At most ``chunk`` images take a turn in the batcher, so that others get theirs in between.
    Raises Busy, UnknownLayerError, and ValueError for an input of another shape.
    """
    parts = []
    for start in range(0, len(x), chunk):
        values = await batcher.run(runner, x[start : start + chunk], layers)
        parts.append({layer: values[layer].cpu() for layer in layers})
    if len(parts) == 1:
        return parts[0]
    return {layer: torch.cat([part[layer] for part in parts]) for layer in layers}
