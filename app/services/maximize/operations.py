"""The operations of a network as functions that let gradients through to their input only.

Weights are copies without gradient, in the precision that is asked for.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from app.services.maximize.convolution import Geometry, Pair
from app.services.operations import pair
from models.layers import SameConv2d, SparseConv2d

Call = Callable[..., Any]


@dataclass(frozen=True)
class Weighted:
    """A convolution, or a dense layer (no ``geometry``), its weights with the outputs first.

    ``pad`` is done to the input before.
    """

    weight: Tensor
    bias: Tensor | None
    geometry: Geometry | None
    pad: Callable[[Tensor], Tensor] | None = None

    def scaled(self, factor: Tensor, offset: Tensor) -> Weighted:
        """With each output times ``factor`` plus ``offset``: a batch normalization folded in."""
        bias = offset if self.bias is None else self.bias * factor + offset
        shape = (-1, *[1] * (self.weight.dim() - 1))
        return replace(self, weight=self.weight * factor.view(shape), bias=bias)

    def only(self, outputs: list[int]) -> Weighted:
        """With these outputs alone, in this order."""
        bias = None if self.bias is None else self.bias[outputs]
        return replace(self, weight=self.weight[outputs], bias=bias)

    def to(self, dtype: torch.dtype) -> Weighted:
        """With weights in ``dtype``, laid out for channels-last inputs."""
        weight, bias = self.weight.to(dtype), self.bias
        if weight.dim() == 4:
            weight = weight.contiguous(memory_format=torch.channels_last)
        return replace(self, weight=weight, bias=None if bias is None else bias.to(dtype))


def weighted(module: nn.Module | None) -> Weighted | None:
    """What a module does where its outputs can be scaled or left out one by one, else None."""
    if isinstance(module, SparseConv2d):
        return Weighted(module.weight.detach(), module.bias.detach(), Geometry())
    if type(module) not in (nn.Conv2d, SameConv2d, nn.Linear):  # a subclass may do anything
        return None
    assert isinstance(module, nn.Conv2d | nn.Linear)
    weight, bias = module.weight.detach(), _detached(module.bias)
    if isinstance(module, nn.Linear):
        return Weighted(weight, bias, None)
    if module.padding_mode != "zeros":
        return None
    if isinstance(module, SameConv2d):
        return Weighted(weight, bias, _geometry(module, (0, 0)), module.padded)
    padding = _even_padding(module)
    return None if padding is None else Weighted(weight, bias, _geometry(module, padding))


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


def _detached(parameter: Tensor | None) -> Tensor | None:
    return None if parameter is None else parameter.detach()


def _geometry(module: nn.Conv2d, padding: Pair) -> Geometry:
    return Geometry(pair(module.stride), padding, pair(module.dilation), module.groups)


def _even_padding(module: nn.Conv2d) -> Pair | None:
    """Rows above and below, columns left and right; None where the two sides differ."""
    if not isinstance(module.padding, str):
        return pair(module.padding)
    if module.padding == "valid":
        return 0, 0
    total = [d * (k - 1) for d, k in zip(module.dilation, module.kernel_size, strict=True)]
    return None if total[0] % 2 or total[1] % 2 else (total[0] // 2, total[1] // 2)
