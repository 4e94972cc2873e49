"""MobileNetV2: depthwise convolutions between thin layers, made for phones."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.imagenet import CLASSES
from models.registry import IMAGENET_PHOTO, ModelSpec, register

# The paper's table 2: expansion, channels, repeats, stride of the first.
SETTINGS = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


def conv_block(
    inputs: int, outputs: int, kernel_size: int, stride: int = 1, groups: int = 1
) -> nn.Sequential:
    """A convolution, batch normalization and ReLU6."""
    padding = (kernel_size - 1) // 2
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel_size, stride, padding=padding, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU6(inplace=True),
    )


class InvertedResidual(nn.Module):
    """1×1 up, 3×3 depthwise, 1×1 down with no activation, and what came in where it fits."""

    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = inputs * expansion
        self.adds = stride == 1 and inputs == outputs
        layers: list[nn.Module] = []
        if expansion != 1:
            layers.append(conv_block(inputs, hidden, 1))
        layers += [
            conv_block(hidden, hidden, 3, stride, groups=hidden),
            nn.Conv2d(hidden, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        ]
        self.conv = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv(x) if self.adds else self.conv(x)  # type: ignore[no-any-return]


class MobileNetV2(nn.Module):
    """A convolution, seventeen inverted residual blocks, a 1×1 convolution, one dense layer.

    Input N×3×224×224, output N×classes (logits), or N×1280×7×7 without a classifier.
    """

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        layers: list[nn.Module] = [conv_block(3, 32, 3, stride=2)]
        inputs = 32
        for expansion, outputs, repeats, stride in SETTINGS:
            for place in range(repeats):
                step = stride if place == 0 else 1
                layers.append(InvertedResidual(inputs, outputs, step, expansion))
                inputs = outputs
        layers.append(conv_block(inputs, 1280, 1))
        self.features = nn.Sequential(*layers)
        self.has_classifier = num_classes > 0
        if self.has_classifier:
            self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, num_classes))
        self._initialise()

    def _initialise(self) -> None:
        """As torchvision: He initialisation of convolutions, N(0, 0.01²) of the dense layer."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out")
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, 0, 0.01)
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        if not self.has_classifier:
            return x
        x = torch.flatten(F.adaptive_avg_pool2d(x, (1, 1)), 1)
        return self.classifier(x)  # type: ignore[no-any-return]


@register(
    ModelSpec(
        id="mobilenet_v2",
        title="MobileNetV2",
        family="MobileNet",
        task="classification",
        input=IMAGENET_PHOTO,
        classes=CLASSES,
        about="Depthwise convolutions and thin residual connections, made for phones.",
        reference="Sandler, Howard, Zhu, Zhmoginov, Chen, MobileNetV2: inverted residuals and "
        "linear bottlenecks, CVPR 2018, arXiv:1801.04381",
        parameters=3_504_872,
        macs=300_774_272,
    )
)
def mobilenet_v2(num_classes: int = 1000) -> nn.Module:
    """MobileNetV2 with random weights."""
    return MobileNetV2(num_classes)
