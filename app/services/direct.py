"""Each layer as one call into torch, without the overhead of nn.Module.

A network of LeNet's size spends its time between the operations, not in them: calling
``torch.conv2d`` with the weights at hand takes two thirds of the time of the module's call.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from app.services.operations import BATCH_NORMS, PASS_THROUGH, pair
from models.layers import ScaledTanh, SparseConv2d, Subsample

Operation = Callable[[Tensor], Tensor]

_FEW = 8192  # numbers


def direct(module: nn.Module) -> Operation:
    """A function that gives what the module gives in eval mode, to float rounding.

    Weights that have to be assembled first (a sparse table's) are kept as they are now.
    Modules without a direct form give themselves.
    """
    if isinstance(module, PASS_THROUGH):
        return _unchanged
    for kind, make in _DIRECT.items():
        if type(module) is kind:  # a subclass may compute something else
            return make(module) or module
    return module


def _unchanged(x: Tensor) -> Tensor:
    return x


def _conv(module: nn.Conv2d) -> Operation | None:
    if module.padding_mode != "zeros":
        return None
    weight, bias = module.weight.detach(), _detached(module.bias)
    stride, dilation, groups = module.stride, module.dilation, module.groups
    padding = module.padding
    return lambda x: torch.conv2d(x, weight, bias, stride, padding, dilation, groups)


def _sparse_conv(module: SparseConv2d) -> Operation:
    weight, bias = module.weight.detach(), module.bias.detach()
    return lambda x: torch.conv2d(x, weight, bias)


def _linear(module: nn.Linear) -> Operation:
    weight, bias = module.weight.detach(), _detached(module.bias)
    return lambda x: F.linear(x, weight, bias)


def _max_pool(module: nn.MaxPool2d) -> Operation | None:
    if module.return_indices:
        return None
    window = (module.kernel_size, module.stride, module.padding, module.dilation)
    ceil = module.ceil_mode
    if not ceil and [pair(each) for each in window] == [(2, 2), (2, 2), (0, 0), (1, 1)]:
        return _max_of_pairs
    return lambda x: torch.max_pool2d(x, *window, ceil)


def _max_of_pairs(x: Tensor) -> Tensor:
    """``max_pool2d(x, 2)``, of planar maps up to ten times as fast.

    torch looks at one number after the other there; this takes whole rows, then columns, in
    more calls than pay for a few numbers.
    """
    if x.numel() < _FEW or not x.is_contiguous():
        return torch.max_pool2d(x, 2)
    height, width = x.shape[-2], x.shape[-1]
    rows = torch.maximum(x[..., : height - height % 2 : 2, :], x[..., 1::2, :])
    return torch.maximum(rows[..., : width - width % 2 : 2], rows[..., 1::2])


def _subsample(module: Subsample) -> Operation:
    kernel, taps = module.kernel_size, module.kernel_size[0] * module.kernel_size[1]
    weight = module.weight.detach()[:, None, None] * taps
    bias = module.bias.detach()[:, None, None]
    return lambda x: torch.addcmul(bias, F.avg_pool2d(x, kernel), weight)


def _batch_norm(module: nn.BatchNorm2d) -> Operation | None:
    if module.running_mean is None or module.running_var is None:
        return None  # normalizes by the batch itself, even in eval mode
    weight, bias = _detached(module.weight), _detached(module.bias)
    mean, var, eps = module.running_mean, module.running_var, module.eps
    return lambda x: torch.batch_norm(x, weight, bias, mean, var, False, 0.0, eps, False)


def _response_norm(module: nn.LocalResponseNorm) -> Operation:
    """In float32, whatever comes: the processor's has no bfloat16."""
    constants = module.size, module.alpha, module.beta, module.k
    return lambda x: F.local_response_norm(x.float(), *constants).to(x.dtype)


def _scaled_tanh(module: ScaledTanh) -> Operation:
    return lambda x: (x * (2.0 / 3.0)).tanh_().mul_(1.7159)


def _flatten(module: nn.Flatten) -> Operation:
    start, end = module.start_dim, module.end_dim
    return lambda x: x.flatten(start, end)


def _relu(module: nn.ReLU) -> Operation:
    return torch.relu


def _detached(parameter: Tensor | None) -> Tensor | None:
    return None if parameter is None else parameter.detach()


_DIRECT: dict[type[nn.Module], Callable[..., Operation | None]] = {
    nn.Conv2d: _conv,
    SparseConv2d: _sparse_conv,
    nn.Linear: _linear,
    nn.MaxPool2d: _max_pool,
    Subsample: _subsample,
    **dict.fromkeys(BATCH_NORMS, _batch_norm),
    nn.LocalResponseNorm: _response_norm,
    ScaledTanh: _scaled_tanh,
    nn.Flatten: _flatten,
    nn.ReLU: _relu,
}
