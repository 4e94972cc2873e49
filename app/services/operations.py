"""What one traced operation is: its module, its type, its role, its sliding window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import nn

from app.schemas import LayerInfo, Role
from models.layers import MinPool2d, SameConv2d, SparseConv2d, Subsample

# nn.Conv2d and its kin, nn.Linear, and our own.
WEIGHTED = (nn.modules.conv._ConvNd, nn.Linear, SparseConv2d, Subsample)
POOLS = (
    nn.MaxPool2d,
    nn.AvgPool2d,
    MinPool2d,
    nn.LPPool2d,
    nn.AdaptiveAvgPool2d,
    nn.AdaptiveMaxPool2d,
    nn.Upsample,
)
RESHAPES = (nn.Flatten, nn.Unflatten, nn.PixelShuffle, nn.PixelUnshuffle, nn.ChannelShuffle)
BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)
NORMS = (*BATCH_NORMS, nn.LocalResponseNorm, nn.GroupNorm, nn.LayerNorm, nn.InstanceNorm2d)
# In eval mode these give what they get.
PASS_THROUGH = (nn.Dropout, nn.Dropout2d, nn.AlphaDropout, nn.Identity)

# Functions that move values and compute nothing.
_REARRANGING = {
    "view", "reshape", "flatten", "squeeze", "unsqueeze", "permute", "transpose", "contiguous",
    "getitem", "flip", "narrow", "select", "t", "unflatten", "swapaxes", "movedim", "roll",
}  # fmt: skip

# A function (torch, torch.nn.functional or Tensor) → the module that does the same from the
# same arguments after the tensor.
_TWINS: dict[str, Callable[..., nn.Module]] = {
    "relu": nn.ReLU,
    "relu6": nn.ReLU6,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "hardswish": nn.Hardswish,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "softmax": nn.Softmax,
    "log_softmax": nn.LogSoftmax,
    "max_pool2d": nn.MaxPool2d,
    "avg_pool2d": nn.AvgPool2d,
    "adaptive_avg_pool2d": nn.AdaptiveAvgPool2d,
    "adaptive_max_pool2d": nn.AdaptiveMaxPool2d,
    "local_response_norm": nn.LocalResponseNorm,
    "interpolate": nn.Upsample,
    "dropout": lambda p=0.5, *_, **__: nn.Dropout(p),
    "flatten": lambda start_dim=0, end_dim=-1: nn.Flatten(start_dim, end_dim),
}
_NO_MATTER = {
    "inplace", "training", "_stacklevel", "return_indices", "recompute_scale_factor", "antialias"
}  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """One layer of the program: a function ``name``, or a module.

    A function has the module that does the same, where torch.nn has one. ``sources``: how many
    values the layer reads. ``weights`` are the shapes of the network's parameters that a
    function reads besides. Shapes of values are without the batch.
    """

    name: str
    module: nn.Module | None
    sources: int
    weights: list[list[int]]
    before: list[int]
    after: list[int]


def twin(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> nn.Module | None:
    """The module that does what the function ``name`` does to its tensor; None if there is none.

    ``args`` and ``kwargs`` are those behind the tensor.
    """
    if name == "mean" and _dims(args, kwargs) in ((2, 3), (-2, -1)):
        return nn.AdaptiveAvgPool2d(1)
    if name not in _TWINS:
        return None
    return _TWINS[name](*args, **{k: v for k, v in kwargs.items() if k not in _NO_MATTER})


def _dims(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[int, ...]:
    dims = kwargs.get("dim", args[0] if args else ())
    return tuple(dims) if isinstance(dims, list | tuple) else (dims,)


def type_name(operation: Operation) -> str:
    """The layer's type in torch.nn's words: ReLU, Conv2d; Add, Cat for what has no module."""
    if operation.module is not None:
        return type(operation.module).__name__
    return "".join(part[:1].upper() + part[1:] for part in operation.name.split("_"))


def role_of(operation: Operation) -> Role:
    """What part a layer plays."""
    module = operation.module
    if operation.sources != 1:
        return "merge" if operation.sources else "input"
    if isinstance(module, WEIGHTED):
        return "weighted"
    if isinstance(module, POOLS):
        return "pool"
    if isinstance(module, RESHAPES) or (module is None and operation.name in _REARRANGING):
        return "reshape"
    if isinstance(module, NORMS) or operation.before == operation.after:
        return "elementwise"
    own = module is not None and any(True for _ in module.parameters())
    return "weighted" if own or operation.weights else "pool"


# Arithmetic with constants; it bends nothing.
_AFFINE_TYPES = {"Add", "Sub", "Rsub", "Mul", "Div", "Truediv", "Neg"}


def is_nonlinearity(layer: LayerInfo, module: nn.Module | None) -> bool:
    """Whether a layer is an activation function: elementwise, no normalization, no dropout."""
    if layer.role != "elementwise" or layer.type in _AFFINE_TYPES:
        return False
    return not isinstance(module, (*NORMS, *PASS_THROUGH))


@dataclass(frozen=True)
class Window:
    """A sliding window, each as (vertical, horizontal). ``padding`` is the top and the left."""

    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]


def window_of(operation: Operation) -> Window | None:
    """The window of a convolution or pooling layer; None for all others.

    An adaptive pooling gets the window that does the same, where one does.
    """
    module = operation.module
    if isinstance(module, nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d):
        return _adaptive_window(operation.before, operation.after)
    if not isinstance(module, (*WEIGHTED, *POOLS)) or not hasattr(module, "kernel_size"):
        return None
    kernel = pair(module.kernel_size)
    dilation = pair(getattr(module, "dilation", 1))
    stride = pair(module.stride) if module.stride else kernel
    if isinstance(module, SameConv2d):
        padding = module.padding_before((operation.before[1], operation.before[2]))
    else:
        padding = _padding(module, kernel, dilation)
    return Window(kernel, stride, padding, dilation)


def _padding(
    module: nn.Module, kernel: tuple[int, int], dilation: tuple[int, int]
) -> tuple[int, int]:
    padding: Any = getattr(module, "padding", 0)
    if padding == "same":  # the odd cell, if any, goes to the bottom and the right
        return (kernel[0] - 1) * dilation[0] // 2, (kernel[1] - 1) * dilation[1] // 2
    return (0, 0) if padding == "valid" else pair(padding)


def _adaptive_window(before: list[int], after: list[int]) -> Window:
    if len(after) < 3:
        after = [*after, 1, 1]
    stride = tuple(max(1, before[axis] // after[axis]) for axis in (1, 2))
    kernel = tuple(max(1, before[axis] - (after[axis] - 1) * stride[axis - 1]) for axis in (1, 2))
    return Window((kernel[0], kernel[1]), (stride[0], stride[1]), (0, 0), (1, 1))


def pair(value: Any) -> tuple[int, int]:
    """(vertical, horizontal) of an int or of a sequence of one or two."""
    values = (value,) if isinstance(value, int) else tuple(value)
    return int(values[0]), int(values[-1])
