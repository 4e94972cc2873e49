"""Networks that are put together from a list of layers.

A layer is a mapping with ``type`` and the fields of app.schemas.design, for example
``{"type": "conv", "channels": 6, "kernel": 5}``. The modules get speaking names, counted by kind:
conv1, relu1, pool1, bn1, drop1, fc1, block1 … and at the end ``out``.
"""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import nn

from models.layers import BinaryStep, MinPool2d, SameConv2d, ScaledTanh
from models.resnet import BasicBlock

Layer = Mapping[str, Any]
Shape = tuple[int, ...]  # C, H, W; behind a dense layer C


class DesignError(ValueError):
    """A layer cannot stand where it stands: in words, and which ``field`` of layer ``index``."""

    def __init__(self, detail: str, index: int, field: str) -> None:
        super().__init__(detail)
        self.index, self.field = index, field


@dataclass(frozen=True)
class Part:
    """One module of the network: its name, and the shape that it gives.

    ``index`` is the layer's in the design; None for the flattening that a dense layer needs, and
    the number of layers for the last one, ``out``.
    """

    index: int | None
    id: str
    module: nn.Module
    shape: Shape


def build(layers: Sequence[Layer], input_shape: Shape, classes: int) -> nn.Sequential:
    """The network with random weights: N×C×H×W → N×classes (logits).

    ``classes`` 0 leaves the last dense layer out. Raises DesignError.
    """
    named = OrderedDict((part.id, part.module) for part in parts(layers, input_shape, classes))
    return nn.Sequential(named)


def parts(layers: Sequence[Layer], input_shape: Shape, classes: int) -> Iterator[Part]:
    """The modules in order, each made when it is asked for.

    Raises DesignError at the first layer that cannot be.
    """
    shape, counts = tuple(input_shape), Counter[str]()

    def named(index: int | None, name: str, module: nn.Module) -> Part:
        counts[name] += 1
        return Part(index, f"{name}{counts[name]}", module, shape)

    for index, layer in enumerate(layers):
        if layer["type"] == "dense" and len(shape) == 3:
            shape = (math.prod(shape),)
            yield Part(None, "flatten", nn.Flatten(), shape)
        name, module, shape = _made(layer, shape, index)
        yield named(index, name, module)
    if not classes:
        return
    if len(shape) == 3:
        shape = (math.prod(shape),)
        yield Part(None, "flatten", nn.Flatten(), shape)
    yield Part(len(layers), "out", nn.Linear(shape[0], classes), (classes,))


Made = tuple[str, nn.Module, Shape]  # its name without the number, itself, what it gives


def _made(layer: Layer, shape: Shape, index: int) -> Made:
    kind: str = layer["type"]
    if kind in _READS_MAPS and len(shape) != 3:
        raise DesignError(
            f"Layer {index + 1} is {_READS_MAPS[kind]}, which reads feature maps, but it gets a "
            f"list of {shape[0]} numbers: it has to stand before the first dense layer.",
            index,
            "type",
        )
    return _MAKERS[kind](layer, shape, index)


_READS_MAPS = {
    "conv": "a convolution",
    "pool": "a pooling layer",
    "global_pool": "a global average pooling",
    "residual": "a residual block",
    "response_norm": "a local response normalization",
}


def _conv(layer: Layer, shape: Shape, index: int) -> Made:
    kernel, stride = int(layer.get("kernel", 3)), int(layer.get("stride", 1))
    padding, bias = layer.get("padding", 0), bool(layer.get("bias", True))
    channels = int(layer["channels"])
    if padding == "same" and (stride > 1 or kernel % 2 == 0):
        size = tuple(-(-extent // stride) for extent in shape[1:])
        same = SameConv2d(shape[0], channels, kernel, stride=stride, bias=bias)
        return "conv", same, (channels, *size)
    margin = kernel // 2 if padding == "same" else int(padding)
    size = _slid(shape, kernel, stride, margin, index)
    module = nn.Conv2d(shape[0], channels, kernel, stride, margin, bias=bias)
    return "conv", module, (channels, *size)


def _pool(layer: Layer, shape: Shape, index: int) -> Made:
    kernel, padding = int(layer.get("kernel", 2)), int(layer.get("padding", 0))
    stride = int(layer.get("stride") or kernel)
    if 2 * padding > kernel:
        raise DesignError(
            f"A padding of {padding} is more than half of layer {index + 1}'s kernel of "
            f"{kernel}×{kernel}: there would be windows with nothing but padding. "
            f"At most {kernel // 2}.",
            index,
            "padding",
        )
    size = _slid(shape, kernel, stride, padding, index)
    pool = _POOLS[layer.get("kind", "max")](kernel, stride, padding)
    return "pool", pool, (shape[0], *size)


_POOLS: dict[str, Callable[[int, int, int], nn.Module]] = {
    "max": nn.MaxPool2d,
    "average": nn.AvgPool2d,
    "min": MinPool2d,
}


def _slid(shape: Shape, kernel: int, stride: int, padding: int, index: int) -> Shape:
    """H×W behind a window; what is left over at the bottom and the right is not read."""
    height, width = (extent + 2 * padding for extent in shape[1:])
    if kernel > min(height, width):
        padded = f", {height}×{width} with its padding" if padding else ""
        raise DesignError(
            f"The kernel of {kernel}×{kernel} is larger than the {shape[1]}×{shape[2]} that layer "
            f"{index + 1} gets{padded}.",
            index,
            "kernel",
        )
    return (height - kernel) // stride + 1, (width - kernel) // stride + 1


def _residual(layer: Layer, shape: Shape, index: int) -> Made:
    """A projection by a 1×1 convolution goes around where the shape changes, as in the paper."""
    channels, stride = int(layer["channels"]), int(layer.get("stride", 1))
    around = None
    if stride != 1 or channels != shape[0]:
        around = nn.Sequential(
            nn.Conv2d(shape[0], channels, 1, stride=stride, bias=False), nn.BatchNorm2d(channels)
        )
    size = _slid(shape, 3, stride, 1, index)
    return "block", BasicBlock(shape[0], channels, stride, around), (channels, *size)


def _dense(layer: Layer, shape: Shape, _: int) -> Made:
    units = int(layer["units"])
    return "fc", nn.Linear(shape[0], units, bias=bool(layer.get("bias", True))), (units,)


def _activation(layer: Layer, shape: Shape, _: int) -> Made:
    name: str = layer.get("name", "relu")
    return name, ACTIVATIONS[name](), shape


ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "scaled_tanh": ScaledTanh,
    "step": BinaryStep,
    "linear": nn.Identity,
}


def _batch_norm(_: Layer, shape: Shape, __: int) -> Made:
    norm = nn.BatchNorm2d if len(shape) == 3 else nn.BatchNorm1d
    return "bn", norm(shape[0]), shape


def _dropout(layer: Layer, shape: Shape, _: int) -> Made:
    maps = bool(layer.get("maps", False)) and len(shape) == 3
    drop = nn.Dropout2d if maps else nn.Dropout
    return "drop", drop(float(layer.get("probability", 0.5))), shape


def _response_norm(layer: Layer, shape: Shape, _: int) -> Made:
    options = {name: layer[name] for name in ("alpha", "beta", "k") if name in layer}
    return "norm", nn.LocalResponseNorm(int(layer.get("size", 5)), **options), shape


def _global_pool(_: Layer, shape: Shape, __: int) -> Made:
    return "global_pool", nn.AdaptiveAvgPool2d(1), (shape[0], 1, 1)


_MAKERS: dict[str, Callable[[Layer, Shape, int], Made]] = {
    "conv": _conv,
    "pool": _pool,
    "activation": _activation,
    "batch_norm": _batch_norm,
    "dropout": _dropout,
    "response_norm": _response_norm,
    "dense": _dense,
    "global_pool": _global_pool,
    "residual": _residual,
}
