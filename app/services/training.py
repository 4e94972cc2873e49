"""Train a network: a plain generator of steps, which knows nothing of servers or files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Schedule:
    """AdamW (Loshchilov and Hutter 2019) under a one-cycle learning rate (Smith 2018).

    ``bf16`` computes in bfloat16 with channels last; the weights stay float32.
    """

    steps: int
    peak_rate: float
    weight_decay: float
    bf16: bool = False


@dataclass(frozen=True)
class Step:
    """One step of the optimiser, counted from 1; ``loss`` is the batch's mean."""

    number: int
    loss: float
    rate: float


def train(
    network: nn.Module, batches: Iterable[tuple[Tensor, Tensor]], schedule: Schedule
) -> Iterator[Step]:
    """Train in place, one step per batch, until the schedule or the batches end.

    A batch is inputs N×C×H×W, network-ready, and the wanted probabilities N×K. The network is
    left in training mode.
    """
    layout = torch.channels_last if schedule.bf16 else torch.contiguous_format
    network.train().to(memory_format=layout)  # type: ignore[call-overload]
    optimizer = _optimizer(network, schedule)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, schedule.peak_rate, schedule.steps)
    for number, (inputs, wanted) in zip(range(1, schedule.steps + 1), batches, strict=False):
        with torch.autocast(inputs.device.type, torch.bfloat16, enabled=schedule.bf16):
            logits = network(inputs.contiguous(memory_format=layout))
        loss = F.cross_entropy(logits.float(), wanted)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        used = float(rate.get_last_lr()[0])
        rate.step()
        yield Step(number, loss.item(), used)


def _optimizer(network: nn.Module, schedule: Schedule) -> torch.optim.Optimizer:
    """Weight decay on kernels and matrices only, not on biases and normalisation."""
    parameters = list(network.parameters())
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": schedule.weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, schedule.peak_rate)
