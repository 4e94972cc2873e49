"""EfficientNet-Lite0: EfficientNet-B0 without what small processors cannot do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor, nn

from models.imagenet import CLASSES
from models.layers import SameConv2d
from models.registry import IMAGENET_PHOTO, ModelSpec, register

# The paper's table 1: expansion, kernel size, stride of the first, channels, repeats.
STAGES = (
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)


def conv_block(
    inputs: int,
    outputs: int,
    kernel_size: int,
    *,
    stride: int = 1,
    groups: int = 1,
    activation: bool = True,
) -> nn.Sequential:
    """A convolution with TensorFlow's padding, batch normalization and ReLU6."""
    layers: list[nn.Module] = [
        SameConv2d(inputs, outputs, kernel_size, stride=stride, groups=groups, bias=False),
        nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01),
    ]
    if activation:
        layers.append(nn.ReLU6(inplace=True))
    return nn.Sequential(*layers)


class MBConv(nn.Module):
    """1×1 up, depthwise, 1×1 down with no activation, and what came in where it fits."""

    def __init__(
        self, inputs: int, outputs: int, kernel_size: int, stride: int, expansion: int
    ) -> None:
        super().__init__()
        hidden = inputs * expansion
        self.adds = stride == 1 and inputs == outputs
        layers = [conv_block(inputs, hidden, 1)] if expansion != 1 else []
        layers.append(conv_block(hidden, hidden, kernel_size, stride=stride, groups=hidden))
        layers.append(conv_block(hidden, outputs, 1, activation=False))
        self.block = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.block(x) if self.adds else self.block(x)  # type: ignore[no-any-return]


class EfficientNetLite(nn.Module):
    """A convolution, sixteen inverted residual blocks, a 1×1 convolution, one dense layer.

    Names as in torchvision's EfficientNet. Input N×3×224×224, output N×classes (logits), or
    N×1280×7×7 without a classifier.
    """

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        layers = [conv_block(3, 32, 3, stride=2)]
        inputs = 32
        for expansion, kernel_size, stride, outputs, repeats in STAGES:
            blocks = []
            for place in range(repeats):
                step = stride if place == 0 else 1
                blocks.append(MBConv(inputs, outputs, kernel_size, step, expansion))
                inputs = outputs
            layers.append(nn.Sequential(*blocks))
        layers.append(conv_block(inputs, 1280, 1))
        self.features = nn.Sequential(*layers)
        self.has_classifier = num_classes > 0
        if self.has_classifier:
            self.avgpool = nn.AdaptiveAvgPool2d(1)
            self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, num_classes))
        self._initialise()

    def _initialise(self) -> None:
        """As EfficientNet: He initialisation of convolutions; dense within ±1/√classes."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out")
            elif isinstance(module, nn.Linear):
                bound = module.out_features**-0.5
                nn.init.uniform_(module.weight, -bound, bound)
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        if not self.has_classifier:
            return x
        return self.classifier(torch.flatten(self.avgpool(x), 1))  # type: ignore[no-any-return]


def from_published(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The published weights (efficientnet-lite0-57934424.pth) under this file's names.

    Raises KeyError for a name that is not of that file.
    """
    names = dict(_published_names())
    renamed = {}
    for key, value in state.items():
        layer, _, parameter = key.rpartition(".")
        renamed[f"{names[layer]}.{parameter}"] = value
    return renamed


def _published_names() -> Iterator[tuple[str, str]]:
    """Pairs: a layer's name in the published file, its name here."""
    yield from _pair("_conv_stem", "_bn0", "features.0")
    number = 0
    for stage, (expansion, _, _, _, repeats) in enumerate(STAGES, start=1):
        for place in range(repeats):
            theirs, ours = f"_blocks.{number}.", f"features.{stage}.{place}.block."
            parts = ("expand", "depthwise", "project")[expansion == 1 :]
            for position, part in enumerate(parts):
                norm = f"_bn{('expand', 'depthwise', 'project').index(part)}"
                yield from _pair(f"{theirs}_{part}_conv", theirs + norm, f"{ours}{position}")
            number += 1
    yield from _pair("_conv_head", "_bn1", f"features.{len(STAGES) + 1}")
    yield "_fc", "classifier.1"


def _pair(convolution: str, norm: str, block: str) -> Iterator[tuple[str, str]]:
    yield convolution, f"{block}.0"
    yield norm, f"{block}.1"


@register(
    ModelSpec(
        id="efficientnet_lite0",
        title="EfficientNet-Lite0",
        family="EfficientNet",
        task="classification",
        # (value − 127)/128 of values 0…255
        input=replace(
            IMAGENET_PHOTO,
            mean=(127 / 255,) * 3,
            std=(128 / 255,) * 3,
            interpolation="bicubic",
        ),
        classes=CLASSES,
        about="A network found by a search machine, cut down to what small processors do fast.",
        reference="Tan and Le, EfficientNet: rethinking model scaling for convolutional neural "
        "networks, ICML 2019, arXiv:1905.11946; Liu, Higher accuracy on vision models with "
        "EfficientNet-Lite, TensorFlow blog, 2020",
        parameters=4_652_008,
        macs=385_187_552,
    )
)
def efficientnet_lite0(num_classes: int = 1000) -> nn.Module:
    """EfficientNet-Lite0 with random weights."""
    return EfficientNetLite(num_classes)
