"""One forward pass of any number of images."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from app.services.activations import Runner
from app.services.batching import Batcher


async def forward(
    batcher: Batcher, runner: Runner, x: Tensor, layers: Sequence[str]
) -> dict[str, Tensor]:
    """The values of ``layers`` for ``x`` (N×C×H×W), N×… each, on the CPU.

    No more images take a turn in the batcher than it has room for, so that others get theirs in
    between and memory stays bounded.
    Raises Busy, UnknownLayerError, and ValueError for an input of another shape.
    """
    chunk = batcher.room(runner, layers)
    if len(x) <= chunk:
        values = await batcher.run(runner, x, layers)
        return {layer: values[layer].cpu() for layer in layers}
    whole: dict[str, Tensor] = {}
    for start in range(0, len(x), chunk):
        values = await batcher.run(runner, x[start : start + chunk], layers)
        for layer in layers:
            if layer not in whole:  # filled in place: parts and whole would take twice as much
                shape = len(x), *values[layer].shape[1:]
                whole[layer] = torch.empty(shape, dtype=values[layer].dtype)
            whole[layer][start : start + chunk] = values[layer]
        del values
    return whole
