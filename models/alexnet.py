"""AlexNet: as torchvision builds it, small and trained by this project, and as it won in 2012."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor, nn

from models import cifar10
from models.imagenet import CLASSES
from models.registry import IMAGENET_PHOTO, ModelSpec, register

# The paper's names, by place among the layers.
_DENSE = {"classifier.1": "fc6", "classifier.4": "fc7", "classifier.6": "fc8"}
_CONVOLUTIONS = {
    f"features.{place}": name
    for place, name in zip(
        (0, 2, 3, 5, 6, 8, 10),
        ("conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5"),
        strict=True,
    )
}
NAMES = _DENSE | _CONVOLUTIONS | {"features.12": "pool5"}
NAMES_SMALL = _CONVOLUTIONS | {"classifier": "fc"}
NAMES_2012 = _DENSE | {
    f"features.{place}": name
    for place, name in zip(
        (0, 2, 3, 4, 6, 7, 8, 10, 12, 14),
        ("conv1", "norm1", "pool1", "conv2", "norm2", "pool2", "conv3", "conv4", "conv5", "pool5"),
        strict=True,
    )
}


class AlexNet(nn.Module):
    """Five convolutions, three max pools, three dense layers; one column of filters.

    Input N×3×224×224, output N×classes (logits), or N×256×6×6 without a classifier.
    """

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        self.features = nn.Sequential(*_convolutions(), nn.MaxPool2d(3, stride=2))  # 256, 6, 6
        self.has_classifier = num_classes > 0
        if self.has_classifier:
            self.avgpool = nn.AdaptiveAvgPool2d((6, 6))
            self.classifier = _classifier(num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        if not self.has_classifier:
            return x
        return self.classifier(torch.flatten(self.avgpool(x), 1))  # type: ignore[no-any-return]


class AlexNetSmall(nn.Module):
    """AlexNet's five convolutions, the mean of each feature map, one dense layer.

    Input N×3×128×128, output N×classes (logits), or N×256×7×7 without a classifier. Averaging
    in the place of three dense layers follows Lin, Chen, Yan, Network in network, ICLR 2014.
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.features = nn.Sequential(*_convolutions())
        self.has_classifier = num_classes > 0
        if self.has_classifier:
            self.avgpool = nn.AdaptiveAvgPool2d(1)
            self.classifier = nn.Linear(256, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        if not self.has_classifier:
            return x
        return self.classifier(torch.flatten(self.avgpool(x), 1))  # type: ignore[no-any-return]


class AlexNet2012(nn.Module):
    """The network of the paper: local response normalization, two groups of filters.

    Input N×3×227×227, output N×classes (logits), or N×256×6×6 without a classifier. The paper
    says 224, but its first layer's 55×55 units need 227 without padding. Its normalization is
    x/(2 + 10⁻⁴·Σx²)^0.75 over five channels; PyTorch divides α by five, so α is 5·10⁻⁴ here.
    """

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 96, 11, stride=4),  # 96, 55, 55
            nn.ReLU(inplace=True),
            nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0),
            nn.MaxPool2d(3, stride=2),  # 96, 27, 27
            nn.Conv2d(96, 256, 5, padding=2, groups=2),  # 256, 27, 27
            nn.ReLU(inplace=True),
            nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0),
            nn.MaxPool2d(3, stride=2),  # 256, 13, 13
            nn.Conv2d(256, 384, 3, padding=1),  # 384, 13, 13
            nn.ReLU(inplace=True),
            nn.Conv2d(384, 384, 3, padding=1, groups=2),  # 384, 13, 13
            nn.ReLU(inplace=True),
            nn.Conv2d(384, 256, 3, padding=1, groups=2),  # 256, 13, 13
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, stride=2),  # 256, 6, 6
        )
        self.has_classifier = num_classes > 0
        if self.has_classifier:
            self.classifier = _classifier(num_classes)
        self._initialise()

    def _initialise(self) -> None:
        """Section 5: weights from N(0, 0.01²); biases 1 in layers 2, 4, 5 and the hidden dense
        layers, else 0."""
        weighted = [m for m in self.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
        for place, module in enumerate(weighted, start=1):
            assert module.bias is not None
            nn.init.normal_(module.weight, 0, 0.01)
            nn.init.constant_(module.bias, float(place in (2, 4, 5, 6, 7)))

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        if not self.has_classifier:
            return x
        return self.classifier(torch.flatten(x, 1))  # type: ignore[no-any-return]


def _convolutions() -> list[nn.Module]:
    """From the picture to the fifth convolution; shapes are C, H, W for 224 and for 128 pixels."""
    return [
        nn.Conv2d(3, 64, 11, stride=4, padding=2),  # 64, 55, 55; 64, 31, 31
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, stride=2),  # 64, 27, 27; 64, 15, 15
        nn.Conv2d(64, 192, 5, padding=2),  # 192, 27, 27; 192, 15, 15
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, stride=2),  # 192, 13, 13; 192, 7, 7
        nn.Conv2d(192, 384, 3, padding=1),  # 384, 13, 13; 384, 7, 7
        nn.ReLU(inplace=True),
        nn.Conv2d(384, 256, 3, padding=1),  # 256, 13, 13; 256, 7, 7
        nn.ReLU(inplace=True),
        nn.Conv2d(256, 256, 3, padding=1),  # 256, 13, 13; 256, 7, 7
        nn.ReLU(inplace=True),
    ]


def _classifier(num_classes: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(),
        nn.Linear(256 * 6 * 6, 4096),
        nn.ReLU(inplace=True),
        nn.Dropout(),
        nn.Linear(4096, 4096),
        nn.ReLU(inplace=True),
        nn.Linear(4096, num_classes),
    )


@register(
    ModelSpec(
        id="alexnet",
        title="AlexNet",
        family="AlexNet",
        task="classification",
        input=IMAGENET_PHOTO,
        classes=CLASSES,
        about="The network that began the age of deep learning, in the one-column form of 2014 "
        "that torchvision trained.",
        reference="Krizhevsky, One weird trick for parallelizing convolutional neural networks, "
        "2014, arXiv:1404.5997",
        parameters=61_100_840,
        macs=714_188_480,
        layer_names=NAMES,
    )
)
def alexnet(num_classes: int = 1000) -> nn.Module:
    """torchvision's AlexNet with random weights."""
    return AlexNet(num_classes)


@register(
    ModelSpec(
        id="alexnet_small",
        title="AlexNet, small (ours)",
        family="AlexNet",
        task="classification",
        input=replace(IMAGENET_PHOTO, shape=(3, 128, 128), resize=128),
        classes=cifar10.CLASSES,
        about="AlexNet's five convolutions, trained by this project on CIFAR-10 and on crops of "
        "1,000 photographs from ImageNet with EfficientNet-Lite0 as the teacher: not the network "
        "of 2012, no labels of ImageNet's, ten classes.",
        reference="ConvScope (scripts/alexnet); convolutions after Krizhevsky 2014, "
        "arXiv:1404.5997",
        parameters=2_472_266,
        macs=196_216_000,
        layer_names=NAMES_SMALL,
    )
)
def alexnet_small(num_classes: int = 10) -> nn.Module:
    """AlexNet's convolutions with a small head and random weights."""
    return AlexNetSmall(num_classes)


@register(
    ModelSpec(
        id="alexnet_2012",
        title="AlexNet (2012)",
        family="AlexNet",
        task="classification",
        input=replace(IMAGENET_PHOTO, shape=(3, 227, 227)),
        classes=CLASSES,
        about="The network that won ImageNet 2012, as its paper has it: two groups of filters "
        "(they ran on two graphics cards) and local response normalization.",
        reference="Krizhevsky, Sutskever, Hinton, ImageNet classification with deep convolutional "
        "neural networks, NIPS 2012",
        parameters=60_965_224,
        macs=724_406_816,
        layer_names=NAMES_2012,
    )
)
def alexnet_2012(num_classes: int = 1000) -> nn.Module:
    """The AlexNet of the paper with random weights."""
    return AlexNet2012(num_classes)
