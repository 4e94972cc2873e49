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


class Rectifier(torch.autograd.Function):
    """min(max(x, 0), ceiling) whose gradient also flows where it would be cut off everywhere.

    Where nothing at all gets through for one picture, the gradient of a loss that is to fall
    passes at the places below 0 that it would push up (and at those above the ceiling that it
    would push down). Else a unit that is silent at the start stays silent. This is Lucid's
    ``redirected_relu_grad`` (Olah et al., optvis/overrides/redirected_relu_grad.py, 2018).
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, ceiling: float | None) -> Tensor:
        """``x`` is N×…; ``ceiling`` None: no upper bound."""
        ctx.save_for_backward(x)
        ctx.ceiling = ceiling
        return torch.relu(x) if ceiling is None else x.clamp(0, ceiling)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> tuple[Tensor, None]:
        """The gradient for ``x``."""
        (x,), (gradient,) = ctx.saved_tensors, gradients
        zero = gradient.new_zeros(())
        below = x <= 0
        above = torch.zeros_like(below) if ctx.ceiling is None else x >= ctx.ceiling
        through = torch.where(below | above, zero, gradient)
        useless = (below & (gradient > 0)) | (above & (gradient < 0))
        redirected = torch.where(useless, zero, gradient)
        alive = through.flatten(1).any(dim=1).view(-1, *[1] * (x.dim() - 1))
        return torch.where(alive, through, redirected), None


def _detached(parameter: Tensor | None) -> Tensor | None:
    return None if parameter is None else parameter.detach()


def _convolution(module: nn.Conv2d) -> Callable[[Tensor, Tensor, Tensor | None], Tensor]:
    stride, padding = module.stride, module.padding
    dilation, groups = module.dilation, module.groups
    return lambda x, w, b: torch.conv2d(x, w, b, stride, padding, dilation, groups)


def _same(module: SameConv2d) -> Callable[[Tensor, Tensor, Tensor | None], Tensor]:
    return module.convolve
