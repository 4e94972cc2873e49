"""ReLU and ReLU6, and how units that are silent get a gradient."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

_FADE = 0.35  # of a picture's root mean square: how far below 0 a unit is still woken


def rectified(x: Tensor, ceiling: float) -> Tensor:
    """min(max(x, 0), ceiling); ``ceiling``: infinity for ReLU."""
    return torch.relu(x) if ceiling == math.inf else torch.clamp(x, 0, ceiling)


def gradient_before(gradient: Tensor, y: Tensor, ceiling: float) -> Tensor:
    """The gradient before a rectifier, of that behind it and of what it gave, ``y``."""
    if ceiling == math.inf:
        result: Tensor = torch.ops.aten.threshold_backward(gradient, y, 0)
    else:
        result = torch.ops.aten.hardtanh_backward(gradient, y, 0, ceiling)
    return result


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
    def forward(ctx: Any, x: Tensor, ceiling: float, asleep: Tensor | None) -> Tensor:
        """``x`` is N×…; ``ceiling`` infinity: no upper bound; ``asleep``: N bool, None: all are."""
        ctx.save_for_backward(x)
        ctx.ceiling, ctx.asleep = ceiling, asleep
        return rectified(x, ceiling)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> tuple[Tensor, None, None]:
        """The gradient for ``x``."""
        (x,), (gradient,) = ctx.saved_tensors, gradients
        top = ctx.ceiling
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
