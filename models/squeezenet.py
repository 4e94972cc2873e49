"""SqueezeNet: AlexNet's accuracy with a fiftieth of its parameters."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.imagenet import CLASSES
from models.registry import IMAGENET_PHOTO, ModelSpec, register


class Fire(nn.Module):
    """1×1 convolutions squeeze the channels, 1×1 and 3×3 ones side by side expand them again.

    N×inputs×H×W → N×2·expand×H×W.
    """

    def __init__(self, inputs: int, squeeze: int, expand: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(inputs, squeeze, 1)
        self.squeeze_activation = nn.ReLU(inplace=True)
        self.expand1x1 = nn.Conv2d(squeeze, expand, 1)
        self.expand1x1_activation = nn.ReLU(inplace=True)
        self.expand3x3 = nn.Conv2d(squeeze, expand, 3, padding=1)
        self.expand3x3_activation = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        x = self.squeeze_activation(self.squeeze(x))
        left = self.expand1x1_activation(self.expand1x1(x))
        right = self.expand3x3_activation(self.expand3x3(x))
        return torch.cat([left, right], 1)


# The first convolution's filters and kernel size, by version.
STEMS = {"1_0": (96, 7), "1_1": (64, 3)}
# What follows it: Fire modules (squeeze, expand); None is a max pool.
PARTS: dict[str, tuple[tuple[int, int] | None, ...]] = {
    "1_0": (
        None, (16, 64), (16, 64), (32, 128),
        None, (32, 128), (48, 192), (48, 192), (64, 256),
        None, (64, 256),
    ),
    "1_1": (
        None, (16, 64), (16, 64),
        None, (32, 128), (32, 128),
        None, (48, 192), (48, 192), (64, 256), (64, 256),
    ),
}  # fmt: skip


class SqueezeNet(nn.Module):
    """A convolution, eight Fire modules, a 1×1 convolution with a filter a class, its mean.

    Input N×3×224×224, output N×classes (logits, never negative), or N×512×13×13 without a
    classifier.
    """

    def __init__(self, version: str, num_classes: int = 1000) -> None:
        super().__init__()
        self.features = _features(version)
        self.has_classifier = num_classes > 0
        if self.has_classifier:
            self.classifier = nn.Sequential(
                nn.Dropout(0.5),
                nn.Conv2d(512, num_classes, 1),
                nn.ReLU(inplace=True),
                nn.AdaptiveAvgPool2d((1, 1)),
            )
        self._initialise()

    def _initialise(self) -> None:
        """As torchvision: He's uniform initialisation; N(0, 0.01²) of the classifier."""
        for name, module in self.named_modules():
            if isinstance(module, nn.Conv2d):
                if name == "classifier.1":
                    nn.init.normal_(module.weight, 0.0, 0.01)
                else:
                    nn.init.kaiming_uniform_(module.weight)
                assert module.bias is not None
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        if not self.has_classifier:
            return x
        return torch.flatten(self.classifier(x), 1)


def _features(version: str) -> nn.Sequential:
    inputs, kernel_size = STEMS[version]
    layers: list[nn.Module] = [nn.Conv2d(3, inputs, kernel_size, stride=2), nn.ReLU(inplace=True)]
    for part in PARTS[version]:
        if part is None:
            layers.append(nn.MaxPool2d(3, stride=2, ceil_mode=True))
        else:
            squeeze, expand = part
            layers.append(Fire(inputs, squeeze, expand))
            inputs = 2 * expand
    return nn.Sequential(*layers)


def _spec(version: str, about: str, parameters: int, macs: int) -> ModelSpec:
    return ModelSpec(
        id=f"squeezenet{version}",
        title=f"SqueezeNet {version.replace('_', '.')}",
        family="SqueezeNet",
        task="classification",
        input=IMAGENET_PHOTO,
        classes=CLASSES,
        about=about,
        reference="Iandola et al., SqueezeNet: AlexNet-level accuracy with 50x fewer parameters, "
        "2016, arXiv:1602.07360",
        parameters=parameters,
        macs=macs,
    )


@register(
    _spec("1_0", "Layers that squeeze before they expand; no dense layer.", 1_248_424, 818_924_576)
)
def squeezenet1_0(num_classes: int = 1000) -> nn.Module:
    """SqueezeNet 1.0 with random weights."""
    return SqueezeNet("1_0", num_classes)


@register(_spec("1_1", "SqueezeNet with 2.4 times fewer computations.", 1_235_496, 349_151_936))
def squeezenet1_1(num_classes: int = 1000) -> nn.Module:
    """SqueezeNet 1.1 with random weights."""
    return SqueezeNet("1_1", num_classes)
