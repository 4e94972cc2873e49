"""The operations of a network as functions that let gradients through to their input only.

Weights are copies without gradient, in the precision that is asked for.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.layers import SameConv2d, SparseConv2d

Call = Callable[..., Any]


@dataclass(frozen=True)
class Weighted:
    """A convolution or a dense layer: how it is applied, and its weights, outputs first."""

    apply: Callable[[Tensor, Tensor, Tensor | None], Tensor]
    weight: Tensor
    bias: Tensor | None

    def scaled(self, factor: Tensor, offset: Tensor) -> Weighted:
        """With each output times ``factor`` plus ``offset``: a batch normalization folded in."""
        bias = offset if self.bias is None else self.bias * factor + offset
        shape = (-1, *[1] * (self.weight.dim() - 1))
        return Weighted(self.apply, self.weight * factor.view(shape), bias)

    def only(self, outputs: list[int]) -> Weighted:
        """With these outputs alone, in this order."""
        bias = None if self.bias is None else self.bias[outputs]
        return Weighted(self.apply, self.weight[outputs], bias)

    def call(self, dtype: torch.dtype) -> Call:
        """The function of the input, its weights in ``dtype``."""
        weight, bias, apply = self.weight.to(dtype), self.bias, self.apply
        if weight.dim() == 4:
            weight = weight.contiguous(memory_format=torch.channels_last)
        if bias is not None:
            bias = bias.to(dtype)
        return lambda x: apply(x, weight, bias)


def weighted(module: nn.Module | None) -> Weighted | None:
    """What a module does where its outputs can be scaled or left out one by one, else None."""
    if type(module) is nn.Conv2d and module.padding_mode == "zeros":
        return Weighted(_convolution(module), module.weight.detach(), _detached(module.bias))
    if type(module) is SameConv2d:
        return Weighted(_same(module), module.weight.detach(), _detached(module.bias))
    if type(module) is SparseConv2d:
        return Weighted(torch.conv2d, module.weight.detach(), module.bias.detach())
    if type(module) is nn.Linear:
        return Weighted(F.linear, module.weight.detach(), _detached(module.bias))
    return None


def groups(module: nn.Module | None) -> int:
    """Into how many independent groups a weighted layer's channels are divided."""
    return int(getattr(module, "groups", 1))


def normalization(module: nn.Module | None) -> tuple[Tensor, Tensor] | None:
    """Factor and offset a channel of a batch normalization in evaluation, else None."""
    if not isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
        return None
    mean, variance = module.running_mean, module.running_var
    if mean is None or variance is None:
        return None  # normalizes by the batch itself, even in evaluation
    factor = (variance.detach() + module.eps).rsqrt()
    if module.weight is not None:
        factor = factor * module.weight.detach()
    offset = -mean.detach() * factor
    return factor, offset if module.bias is None else offset + module.bias.detach()


def frozen(module: nn.Module, dtype: torch.dtype) -> Call:
    """A copy of a module in ``dtype`` whose weights take no gradient."""
    if isinstance(module, nn.LocalResponseNorm):  # torch has it in float32 only
        return lambda x: module(x.float()).to(dtype)
    if not any(True for _ in (*module.parameters(), *module.buffers())):
        return module
    return copy.deepcopy(module).to(dtype).requires_grad_(False)


_FADE = 0.35  # of a picture's root mean square: how far below 0 a unit is still woken


class Rectifier(torch.autograd.Function):
    """min(max(x, 0), ceiling) whose gradient also flows where it is cut off, in some pictures.

    For pictures that are asleep, the gradient of a loss that is to fall passes at the places below
    0 that it would push up (and at those above the ceiling that it would push down), the less the
    further they are from there. Else a unit that is silent at the start stays silent. Lucid lets
    it pass at full strength, and only where the whole layer is silent
    (``redirected_relu_grad``, Olah et al., 2018); faded, it aims at the units that wake first:
    of DigitNet's ten classes, Lucid's leaves one in eight asleep, this one none.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, ceiling: float | None, asleep: Tensor | None) -> Tensor:
        """``x`` is N×…; ``ceiling`` None: no upper bound; ``asleep``: N bool, None: all are."""
        ctx.save_for_backward(x)
        ctx.ceiling, ctx.asleep = ceiling, asleep
        return torch.relu(x) if ceiling is None else x.clamp(0, ceiling)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> tuple[Tensor, None, None]:
        """The gradient for ``x``."""
        (x,), (gradient,) = ctx.saved_tensors, gradients
        top = float("inf") if ctx.ceiling is None else ctx.ceiling
        cut = (x <= 0) | (x >= top)
        useful = torch.where(x <= 0, gradient < 0, gradient > 0)
        if ctx.asleep is not None:
            useful &= _along(ctx.asleep, x)
        size = x.float().flatten(1).square().mean(dim=1).sqrt()  # the picture's values here
        spread = _along(size, x).clamp_min(1e-6) * _FADE
        far = (x.clamp_max(0).abs() + (x - top).clamp_min(0)) / spread
        woken = torch.where(useful, gradient * torch.exp(-far).to(gradient.dtype), 0)
        return torch.where(cut, woken, gradient), None, None


def _along(each: Tensor, x: Tensor) -> Tensor:
    """One number a picture, N, in the shape that goes with N×…."""
    return each.view(-1, *[1] * (x.dim() - 1))


def _detached(parameter: Tensor | None) -> Tensor | None:
    return None if parameter is None else parameter.detach()


def _convolution(module: nn.Conv2d) -> Callable[[Tensor, Tensor, Tensor | None], Tensor]:
    stride, padding = module.stride, module.padding
    dilation, groups = module.dilation, module.groups
    return lambda x, w, b: torch.conv2d(x, w, b, stride, padding, dilation, groups)


def _same(module: SameConv2d) -> Callable[[Tensor, Tensor, Tensor | None], Tensor]:
    return module.convolve
