"""What one traced operation is: its module, its type, its role, its sliding window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from app.schemas import Role
from models.layers import SparseConv2d, Subsample

# nn.Conv2d and its kin, nn.Linear, and our own.
WEIGHTED = (nn.modules.conv._ConvNd, nn.Linear, SparseConv2d, Subsample)
POOLS = (
    nn.MaxPool2d,
    nn.AvgPool2d,
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


class Call(nn.Module):
    """A function of one tensor with its other arguments fixed, as a module."""

    def __init__(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        super().__init__()
        self.function, self.args, self.kwargs = function, args, kwargs

    def forward(self, x: Tensor) -> Any:
        """The function's value at ``x``."""
        return self.function(x, *self.args, **self.kwargs)


def as_module(
    name: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> nn.Module:
    """The module that does what ``function(x, *args, **kwargs)`` does."""
    kwargs = {key: value for key, value in kwargs.items() if key != "inplace"}
    if name == "mean" and _dims(args, kwargs) in ((2, 3), (-2, -1)):
        return nn.AdaptiveAvgPool2d(1)
    if name not in _TWINS:
        return Call(function, *args, **kwargs)
    constants = {"training", "_stacklevel", "return_indices", "recompute_scale_factor", "antialias"}
    return _TWINS[name](*args, **{k: v for k, v in kwargs.items() if k not in constants})


def _dims(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[int, ...]:
    dims = kwargs.get("dim", args[0] if args else ())
    return tuple(dims) if isinstance(dims, list | tuple) else (dims,)


def type_name(name: str, module: nn.Module | None) -> str:
    """The layer's type in torch.nn's words: ReLU, Conv2d; Add, Cat for what has no module."""
    if module is None or isinstance(module, Call):
        return "".join(part.title() for part in name.split("_"))
    return type(module).__name__


def role_of(module: nn.Module | None, sources: int, before: list[int], after: list[int]) -> Role:
    """What part a layer plays. ``sources``: how many values it reads; shapes without batch."""
    if sources != 1:
        return "merge" if sources else "input"
    if isinstance(module, WEIGHTED):
        return "weighted"
    if isinstance(module, POOLS):
        return "pool"
    if isinstance(module, RESHAPES):
        return "reshape"
    if isinstance(module, NORMS) or (before == after and not isinstance(module, Call)):
        return "elementwise"
    return _role_of_function(module, before, after)


_REARRANGING = {
    "view", "reshape", "flatten", "squeeze", "unsqueeze", "permute", "transpose", "contiguous",
    "getitem", "flip", "narrow", "select", "t", "unflatten", "swapaxes", "movedim", "roll",
}  # fmt: skip


def _role_of_function(module: nn.Module | None, before: list[int], after: list[int]) -> Role:
    if isinstance(module, Call) and module.function.__name__.strip("_") in _REARRANGING:
        return "reshape"
    if before == after:
        return "elementwise"
    return "weighted" if module is not None and _has_weights(module) else "pool"


def _has_weights(module: nn.Module) -> bool:
    if isinstance(module, Call):
        return any(isinstance(value, Tensor) for value in (*module.args, *module.kwargs.values()))
    return any(True for _ in module.parameters())


@dataclass(frozen=True)
class Window:
    """A sliding window, each as (vertical, horizontal). ``padding`` is the top and the left."""

    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]

    def taps(self) -> int:
        """Cells of the window."""
        return self.kernel_size[0] * self.kernel_size[1]


def window_of(module: nn.Module | None, before: list[int], after: list[int]) -> Window | None:
    """The window of a convolution or pooling layer; None for all others.

    An adaptive pooling gets the window that does the same, where one does.
    """
    if isinstance(module, nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d):
        return _adaptive_window(before, after)
    if not isinstance(module, (*WEIGHTED, *POOLS)) or not hasattr(module, "kernel_size"):
        return None
    kernel = pair(module.kernel_size)
    dilation = pair(getattr(module, "dilation", 1))
    stride = pair(module.stride) if module.stride else kernel
    return Window(kernel, stride, _padding(module, kernel, dilation), dilation)


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
