"""Quicker forms of some layers, for training: the same numbers up to rounding.

What PyTorch's own kernels do slowly on a processor: for LeNet-5's first maps (128×6×28×28,
forward and backward, one thread) sub-sampling takes 4.3 ms, as a matrix product 1.2; the scaled
tanh 1.6 ms in three operations, as one 1.0. Inputs are expected with their channels last.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.layers import ScaledTanh, Subsample

_OUTER, _INNER = 1.7159, 2 / 3  # of the scaled tanh
_RANDOM = 65536  # a dropout's draw is one of so many numbers: four in a random word


def quicken(network: nn.Module) -> None:
    """Let the layers of a network compute by their quicker forms; its parameters stay its own."""
    for module in network.modules():
        for kind, form in _FORMS.items():
            if type(module) is kind:
                module.forward = partial(form, module)


def scaled_tanh(_: nn.Module, x: Tensor) -> Tensor:
    """1.7159·tanh(2x/3)."""
    result: Tensor = _ScaledTanh.apply(x)  # type: ignore[no-untyped-call]
    return result


class _ScaledTanh(torch.autograd.Function):
    """Remembers its output alone. In float32 inside: PyTorch's bfloat16 tanh is slow."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        y = (x.float() * _INNER).tanh_().mul_(_OUTER).to(x.dtype)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        (y,) = ctx.saved_tensors
        slope = y.new_full((), _INNER * _OUTER)
        return torch.addcmul(slope, y, y, value=-_INNER / _OUTER).mul_(gradient)


def subsample(layer: Subsample, x: Tensor) -> Tensor:
    """LeNet's sub-sampling: rows are added in pairs, columns by one dense layer for all rows."""
    if layer.kernel_size != (2, 2) or x.shape[2] % 2 or x.shape[3] % 2:
        return Subsample.forward(layer, x)
    count, channels, height, width = x.shape
    rows: Tensor = _RowPairs.apply(x)  # type: ignore[no-untyped-call]
    kernel = _pairs(width, channels, rows.dtype, rows.device) * layer.weight.repeat(width // 2)
    result = torch.addmm(layer.bias.repeat(width // 2), rows, kernel)
    return result.view(count, height // 2, width // 2, channels).permute(0, 3, 1, 2)


class _RowPairs(torch.autograd.Function):
    """The sums of every two rows, N·H/2 × W·C, of N×C×H×W with its channels last."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        count, channels, height, width = x.shape
        rows = x.permute(0, 2, 3, 1).reshape(count * height // 2, 2, width * channels)
        ctx.shape = (count, height, width, channels)
        return rows[:, 0] + rows[:, 1]

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return torch.cat([gradient, gradient], dim=1).view(ctx.shape).permute(0, 3, 1, 2)


@cache
def _pairs(width: int, channels: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """width·channels × width/2·channels: 1 where both are of one channel and one window."""
    place = torch.arange(width * channels, device=device)
    window = place // (2 * channels) * channels + place % channels
    return (window[:, None] == torch.arange(width // 2 * channels, device=device)).to(dtype)


def convolution(layer: nn.Conv2d, x: Tensor) -> Tensor:
    """A kernel that covers the whole map is a dense layer."""
    padded = layer.padding not in ((0, 0), 0) or layer.groups > 1 or layer.dilation != (1, 1)
    if padded or x.shape[2:] != layer.kernel_size:
        return nn.Conv2d.forward(layer, x)
    return F.linear(x.flatten(1), layer.weight.flatten(1), layer.bias)[:, :, None, None]


def dropout(layer: nn.Dropout, x: Tensor) -> Tensor:
    """Four draws in one random word."""
    if not layer.training or layer.p == 0:
        return x
    dropped = round(layer.p * _RANDOM)
    words = torch.empty(-(-x.numel() // 4), dtype=torch.int64, device=x.device)
    draws = words.random_(-(2**63), None).view(torch.int16)[: x.numel()].view(x.shape)
    kept = (draws >= dropped - _RANDOM // 2).to(x.dtype)
    return x * kept.mul_(_RANDOM / (_RANDOM - dropped))


_FORMS: dict[type[nn.Module], Callable[..., Tensor]] = {
    ScaledTanh: scaled_tanh,
    Subsample: subsample,
    nn.Conv2d: convolution,
    nn.Dropout: dropout,
}
