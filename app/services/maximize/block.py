"""Convolution, rectifier and max pooling as one operation.

What lies between them is neither kept nor read twice: the rectifier's gradient is taken behind
the pooling, on a quarter of the values, which gives the same, because a place that the pooling
passes on is cut off exactly where what the pooling gives is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from app.services.maximize.convolution import Convolution
from app.services.maximize.rectifier import Rectifier, gradient_before

Window = tuple[list[int], list[int], list[int], list[int], bool]


@dataclass(frozen=True)
class Block:
    """A convolution with a rectifier and a max pooling behind it, where it has them.

    ``ceiling`` is the rectifier's, infinity for ReLU; None: there is none. ``pad`` is done to the
    input before.
    """

    convolution: Convolution
    ceiling: float | None = None
    window: Window | None = None
    pad: Callable[[Tensor], Tensor] | None = None

    def __call__(self, x: Tensor) -> Tensor:
        """N×I×H×W → N×O×h×w, differentiable in ``x``."""
        return _apply(x if self.pad is None else self.pad(x), self)

    def revived(self, x: Tensor, asleep: Tensor | None) -> Tensor:
        """The same, but the gradient wakes silent units (see Rectifier)."""
        x = Block(self.convolution, pad=self.pad)(x)
        if self.ceiling is not None:
            x = revived(x, self.ceiling, asleep)
        return x if self.window is None else torch.max_pool2d(x, *self.window)


def revived(x: Tensor, ceiling: float, asleep: Tensor | None) -> Tensor:
    """A rectifier by itself whose gradient wakes silent units (see Rectifier)."""
    result: Tensor = Rectifier.apply(x, ceiling, asleep)  # type: ignore[no-untyped-call]
    return result


def window(pool: nn.MaxPool2d) -> Window:
    """What torch's operators call a max pooling with."""
    stride = pool.kernel_size if pool.stride is None else pool.stride
    sizes = (pool.kernel_size, stride, pool.padding, pool.dilation)
    kernel, step, padding, dilation = (
        [size] * 2 if isinstance(size, int) else list(size) for size in sizes
    )
    return kernel, step, padding, dilation, pool.ceil_mode


def _apply(x: Tensor, block: Block) -> Tensor:
    result: Tensor = _Block.apply(x, block)  # type: ignore[no-untyped-call]
    return result


class _Block(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, block: Block) -> Tensor:
        y = block.convolution.forward(x, block.ceiling)
        ctx.block, ctx.shape, ctx.inside = block, x.shape, y.shape
        indices = None
        if block.window is not None:
            y, indices = torch.ops.aten.max_pool2d_with_indices(y, *block.window)
        ctx.save_for_backward(None if block.ceiling is None else y, indices)
        return y

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> tuple[Tensor, None]:
        (gradient,), (y, indices), block = gradients, ctx.saved_tensors, ctx.block
        if block.ceiling is not None:
            gradient = gradient_before(gradient, y, block.ceiling)
        if block.window is not None:
            gradient = _unpooled(gradient, indices, ctx.inside, block.window)
        return block.convolution.backward(gradient, ctx.shape), None


def _unpooled(gradient: Tensor, indices: Tensor, inside: torch.Size, window: Window) -> Tensor:
    """The gradient before a max pooling; of what was there only the shape is read."""
    there = torch.empty(
        inside,
        dtype=gradient.dtype,
        device=gradient.device,
        memory_format=torch.channels_last,
    )
    result: Tensor = torch.ops.aten.max_pool2d_with_indices_backward(
        gradient, there, *window, indices
    )
    return result
