"""Networks to begin with, from one layer of 1958 to residual blocks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import chain
from typing import Any

from app.schemas import Design, DesignPreset

Layers = list[dict[str, Any]]

_GREY = ["mnist", "fashion-mnist"]
_PICTURES = [*_GREY, "cifar10", "folder"]
_POINTS = ["points"]
_MAX_POOL: Layers = [{"type": "pool", "kind": "max"}]
_AVERAGE_POOL: Layers = [{"type": "pool", "kind": "average"}]


def _active(name: str) -> Layers:
    return [{"type": "activation", "name": name}]


def _dense(units: int, name: str = "relu") -> Layers:
    return [{"type": "dense", "units": units}, *_active(name)]


def _conv(channels: int, kernel: int, name: str, padding: int | str = 0) -> Layers:
    conv = {"type": "conv", "channels": channels, "kernel": kernel, "padding": padding}
    return [conv, *_active(name)]


def _normed(channels: int) -> Layers:
    """3×3, batch normalization, ReLU; the normalization has the bias."""
    conv = {"type": "conv", "channels": channels, "padding": "same", "bias": False}
    return [conv, {"type": "batch_norm"}, *_active("relu")]


def _drop(probability: float) -> Layers:
    return [{"type": "dropout", "probability": probability}]


def _block(channels: int, stride: int = 1) -> Layers:
    return [{"type": "residual", "channels": channels, "stride": stride}]


def _lenet(name: str, pool: Layers) -> Layers:
    return [
        *_conv(6, 5, name, padding=2),
        *pool,
        *_conv(16, 5, name),
        *pool,
        *_dense(120, name),
        *_dense(84, name),
    ]


_VGG = [
    *_conv(32, 3, "relu", "same"), *_conv(32, 3, "relu", "same"), *_MAX_POOL,
    *_conv(64, 3, "relu", "same"), *_conv(64, 3, "relu", "same"), *_MAX_POOL,
    *_drop(0.25), *_dense(256), *_drop(0.5),
]  # fmt: skip
_FASHION = [
    *_normed(32), *_MAX_POOL, *_normed(64), *_MAX_POOL, *_normed(128),
    *_drop(0.3), *_dense(128), *_drop(0.3),
]  # fmt: skip
_RESNET = [
    *_normed(16), *_block(16), *_block(32, 2), *_block(64, 2), {"type": "global_pool"},
]  # fmt: skip

_ROWS: list[tuple[str, str, str, list[str], Iterable[dict[str, Any]]]] = [
    ("softmax", "Softmax regression",
     "One dense layer: a template of each class. The measure for all that follows.",
     _GREY, []),
    ("mlp", "Multilayer perceptron",
     "Two hidden layers that know nothing of neighbouring pixels.",
     _GREY, chain(_dense(128), _dense(64))),
    ("lenet-sigmoid", "LeNet with sigmoid",
     "LeCun's layout of 1998 with mean pooling and sigmoids, which saturate: slow to begin.",
     _GREY, _lenet("sigmoid", _AVERAGE_POOL)),
    ("lenet-relu", "LeNet with ReLU",
     "The same layout with maximum pooling and ReLU: compare the two.",
     _GREY, _lenet("relu", _MAX_POOL)),
    ("fashion-cnn", "Small CNN",
     "Three convolutions with batch normalization and dropout; made for Fashion-MNIST.",
     _PICTURES, _FASHION),
    ("small-vgg", "Small VGG",
     "Pairs of 3×3 convolutions between pools, as Simonyan and Zisserman 2015.",
     _PICTURES, _VGG),
    ("small-resnet", "Small ResNet",
     "Three residual blocks and a global mean instead of large dense layers, as He et al. 2016.",
     _PICTURES, _RESNET),
    ("perceptron", "Perceptron",
     "One unit: a straight line between two classes (Rosenblatt 1958).",
     _POINTS, []),
    ("points-threshold", "Threshold units",
     "Two hidden units that answer 0 or 1. No gradient passes a step: only the output learns.",
     _POINTS, _dense(2, "step")),
    ("points-xor", "Smallest MLP for XOR",
     "Two hidden units: two lines are enough for XOR, where no single line is.",
     _POINTS, _dense(2, "tanh")),
    ("points-mlp", "MLP 4–2",
     "Four and two hidden units with tanh: bends its line around circles.",
     _POINTS, chain(_dense(4, "tanh"), _dense(2, "tanh"))),
    ("points-wide", "MLP 8–8",
     "Eight and eight hidden units with ReLU: enough for the spiral.",
     _POINTS, chain(_dense(8), _dense(8))),
]  # fmt: skip


@cache
def presets() -> tuple[DesignPreset, ...]:
    """The networks to begin with, simplest first; ``datasets`` are those that each suits."""
    return tuple(
        DesignPreset(
            id=key,
            title=title,
            about=about,
            datasets=datasets,
            design=Design.model_validate({"name": title, "layers": list(layers)}),
        )
        for key, title, about, datasets, layers in _ROWS
    )
