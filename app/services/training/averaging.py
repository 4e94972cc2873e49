"""A moving average of a network's weights: smoother than the weights at any one step.

Polyak and Juditsky, Acceleration of stochastic approximation by averaging, 1992.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

Tensors = tuple[Tensor, ...] | list[Tensor]


def average(network: nn.Module, decay: float) -> AveragedModel:
    """The exponential moving average of a network's parameters and batch statistics.

    ``update_parameters`` after each step makes it decay·average + (1 − decay)·network. As in
    TensorFlow's ExponentialMovingAverage the first decays are smaller, (1 + n)/(10 + n) after n
    steps: the first, random weights are soon forgotten.
    """

    @torch.no_grad()
    def update(averages: Tensors, present: Tensors, steps: Tensor | int) -> None:
        done = int(steps)
        keep = min(decay, (1 + done) / (10 + done))
        if averages[0].is_floating_point():
            torch._foreach_lerp_(averages, present, 1 - keep)
        else:  # batch normalization counts its batches
            torch._foreach_copy_(averages, present)

    averaged = AveragedModel(network, multi_avg_fn=update, use_buffers=True)
    averaged.module.eval()
    return averaged
