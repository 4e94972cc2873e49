"""A convolution with fixed weights, and the gradient of its input, each as quick as it gets.

The gradient of a convolution's input is a convolution itself, of the gradient of its output with
the kernels turned round (Dumoulin, Visin, A guide to convolution arithmetic for deep learning,
2016, chapter 4). So both ways are forward convolutions, whose weights oneDNN lays out once
instead of at every call, and into which it can build the ReLU.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from app.services.maximize.rectifier import rectified

Pair = tuple[int, int]  # vertical, horizontal


@dataclass(frozen=True)
class Geometry:
    """How a kernel goes over its input."""

    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1


class Convolution(Protocol):
    """Both ways through a convolution whose weights are fixed."""

    def forward(self, x: Tensor, ceiling: float | None) -> Tensor:
        """N×I×H×W → N×O×h×w, then min(max(·, 0), ``ceiling``) where one is given."""
        ...

    def backward(self, gradient: Tensor, shape: torch.Size) -> Tensor:
        """The gradient of the input, of this shape, from that of the convolution's output."""
        ...


class Plain:
    """As torch does it by itself. ``weight`` is O×(I/groups)×kH×kW."""

    def __init__(self, weight: Tensor, bias: Tensor | None, geometry: Geometry) -> None:
        self._weight, self._bias, self._at = weight, bias, geometry

    def forward(self, x: Tensor, ceiling: float | None) -> Tensor:
        """See Convolution."""
        at = self._at
        y = torch.conv2d(x, self._weight, self._bias, at.stride, at.padding, at.dilation, at.groups)
        return y if ceiling is None else rectified(y, ceiling)

    def backward(self, gradient: Tensor, shape: torch.Size) -> Tensor:
        """See Convolution."""
        return _input_gradient(gradient, self._weight, self._at, shape)


class Packed:
    """By oneDNN, on the processor, with packed weights."""

    def __init__(self, weight: Tensor, bias: Tensor | None, geometry: Geometry) -> None:
        self._weight, self._bias, self._at = weight, bias, geometry
        self._there = _Layout(weight, geometry)
        self._back = _turned(weight, geometry)

    def forward(self, x: Tensor, ceiling: float | None) -> Tensor:
        """See Convolution."""
        if ceiling is None:
            return self._there(x, self._bias)
        if ceiling == math.inf:
            return self._there(x, self._bias, "relu")
        return self._there(x, self._bias, "hardtanh", [0.0, ceiling])

    def backward(self, gradient: Tensor, shape: torch.Size) -> Tensor:
        """See Convolution."""
        if self._back is None:
            return _input_gradient(gradient, self._weight, self._at, shape)
        return self._back(gradient, shape)


def can_pack(weight: Tensor) -> bool:
    """Whether this torch, on this device, in this precision, has what `Packed` needs."""
    if weight.device.type != "cpu" or not torch._C._has_mkldnn:
        return False
    if not hasattr(torch._C._nn, "mkldnn_reorder_conv2d_weight"):
        return False
    if weight.dtype == torch.bfloat16:
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return weight.dtype == torch.float32


class _Layout:
    """Weights in the order that oneDNN likes best for the inputs that come."""

    def __init__(self, weight: Tensor, geometry: Geometry) -> None:
        self._weight, self._at = weight, geometry
        self._shape: torch.Size | None = None
        self._packed = weight

    def __call__(
        self, x: Tensor, bias: Tensor | None, after: str = "none", limits: list[float] | None = None
    ) -> Tensor:
        at, x = self._at, x.contiguous(memory_format=torch.channels_last)
        if x.shape != self._shape:
            pack: Any = torch._C._nn.mkldnn_reorder_conv2d_weight
            self._packed = pack(
                self._weight.to_mkldnn(), at.padding, at.stride, at.dilation, at.groups, x.shape
            )
            self._shape = x.shape
        result: Tensor = torch.ops.mkldnn._convolution_pointwise(
            x, self._packed, bias, at.padding, at.stride, at.dilation, at.groups,
            after, limits or [], "",
        )  # fmt: skip
        return result


def _turned(weight: Tensor, at: Geometry) -> Callable[[Tensor, torch.Size], Tensor] | None:
    """The gradient's convolution; None where there is no quick one."""
    if at.stride == (1, 1):
        kernel = (weight.shape[2], weight.shape[3])
        reach = [d * (k - 1) - p for d, k, p in zip(at.dilation, kernel, at.padding, strict=True)]
        if min(reach) >= 0:
            geometry = Geometry((1, 1), (reach[0], reach[1]), at.dilation, at.groups)
            layout = _Layout(_flipped(_swapped(weight, at.groups)), geometry)
            return lambda gradient, shape: layout(gradient, None)
    elif at.stride[0] == at.stride[1] and at.dilation == (1, 1) and at.groups == 1:
        return _Phases(weight, at)
    return None


class _Phases:
    """The gradient of a convolution with stride s, where torch is slow.

    Input places that are s apart meet the same taps of the kernel. So one convolution, with s·s
    times the outputs and kernels 1/s as wide, gives the gradients of all s·s phases, which are
    then interleaved.
    """

    def __init__(self, weight: Tensor, at: Geometry) -> None:
        step = at.stride[0]
        outputs, inputs, height, width = weight.shape
        padded = F.pad(weight, (0, -width % step, 0, -height % step))
        taps = padded.view(outputs, inputs, -(-height // step), step, -(-width // step), step)
        kernels = taps.permute(1, 3, 5, 0, 2, 4).reshape(  # inputs, phases, outputs, taps
            inputs * step * step, outputs, taps.shape[2], taps.shape[4]
        )
        full = (kernels.shape[2] - 1, kernels.shape[3] - 1)
        self._layout = _Layout(_flipped(kernels), Geometry(padding=full))
        self._step, self._padding = step, at.padding

    def __call__(self, gradient: Tensor, shape: torch.Size) -> Tensor:
        whole = F.pixel_shuffle(self._layout(gradient, None), self._step)
        above, left = self._padding
        below, right = (shape[2] + above - whole.shape[2], shape[3] + left - whole.shape[3])
        return F.pad(whole, (-left, right, -above, below))


def _swapped(weight: Tensor, groups: int) -> Tensor:
    """Inputs and outputs exchanged, within each group."""
    outputs, inputs, *kernel = weight.shape
    grouped = weight.reshape(groups, outputs // groups, inputs, *kernel).transpose(1, 2)
    return grouped.reshape(groups * inputs, outputs // groups, *kernel)


def _flipped(weight: Tensor) -> Tensor:
    return weight.flip(2, 3).contiguous(memory_format=torch.channels_last)


def _input_gradient(gradient: Tensor, weight: Tensor, at: Geometry, shape: torch.Size) -> Tensor:
    """By torch. In float32 for groups on the processor: a hundred times as quick as bfloat16."""
    dtype = gradient.dtype
    if at.groups > 1 and dtype == torch.bfloat16 and gradient.device.type == "cpu":
        gradient, weight = gradient.float(), weight.float()
    result: Tensor = torch.ops.aten.convolution_backward(
        gradient, gradient.new_empty(1).expand(shape), weight, None, at.stride, at.padding,
        at.dilation, False, (0, 0), at.groups, (True, False, False),
    )[0]  # fmt: skip
    return result.to(dtype)
