"""VGG: 3×3 convolutions only, 11 to 19 layers deep, with and without batch normalization."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.imagenet import CLASSES
from models.registry import IMAGENET_PHOTO, ModelSpec, register

# Columns A, B, D and E of the paper's table 1: the convolutions of each of the five blocks.
BLOCKS: dict[int, tuple[tuple[int, ...], ...]] = {
    11: ((64,), (128,), (256,) * 2, (512,) * 2, (512,) * 2),
    13: ((64,) * 2, (128,) * 2, (256,) * 2, (512,) * 2, (512,) * 2),
    16: ((64,) * 2, (128,) * 2, (256,) * 3, (512,) * 3, (512,) * 3),
    19: ((64,) * 2, (128,) * 2, (256,) * 4, (512,) * 4, (512,) * 4),
}
# id → parameters, multiply-adds
SIZES = {
    "vgg11": (132_863_336, 7_609_090_048),
    "vgg11_bn": (132_868_840, 7_609_090_048),
    "vgg13": (133_047_848, 11_308_466_176),
    "vgg13_bn": (133_053_736, 11_308_466_176),
    "vgg16": (138_357_544, 15_470_264_320),
    "vgg16_bn": (138_365_992, 15_470_264_320),
    "vgg19": (143_667_240, 19_632_062_464),
    "vgg19_bn": (143_678_248, 19_632_062_464),
}


class VGG(nn.Module):
    """Five blocks of 3×3 convolutions with a max pool each, three dense layers.

    Input N×3×224×224, output N×classes (logits), or N×512×7×7 without a classifier.
    """

    def __init__(self, depth: int, batch_norm: bool = False, num_classes: int = 1000) -> None:
        super().__init__()
        self.features = _features(BLOCKS[depth], batch_norm)
        self.has_classifier = num_classes > 0
        if self.has_classifier:
            self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
            self.classifier = nn.Sequential(
                nn.Linear(512 * 7 * 7, 4096),
                nn.ReLU(inplace=True),
                nn.Dropout(),
                nn.Linear(4096, 4096),
                nn.ReLU(inplace=True),
                nn.Dropout(),
                nn.Linear(4096, num_classes),
            )
        self._initialise()

    def _initialise(self) -> None:
        """As torchvision: He initialisation of convolutions, N(0, 0.01²) of dense layers."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, 0, 0.01)
            if isinstance(module, nn.Conv2d | nn.Linear) and module.bias is not None:
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        if not self.has_classifier:
            return x
        return self.classifier(torch.flatten(self.avgpool(x), 1))  # type: ignore[no-any-return]


def _features(blocks: tuple[tuple[int, ...], ...], batch_norm: bool) -> nn.Sequential:
    layers: list[nn.Module] = []
    inputs = 3
    for block in blocks:
        for outputs in block:
            layers.append(nn.Conv2d(inputs, outputs, 3, padding=1))
            if batch_norm:
                layers.append(nn.BatchNorm2d(outputs))
            layers.append(nn.ReLU(inplace=True))
            inputs = outputs
        layers.append(nn.MaxPool2d(2, stride=2))
    return nn.Sequential(*layers)


def layer_names(depth: int, batch_norm: bool = False) -> dict[str, str]:
    """Our names of weighted and pooling layers → the paper's: conv1_1 … pool5, fc6, fc7, fc8."""
    names = {"classifier.0": "fc6", "classifier.3": "fc7", "classifier.6": "fc8"}
    place = 0
    for number, block in enumerate(BLOCKS[depth], start=1):
        for convolution in range(1, len(block) + 1):
            names[f"features.{place}"] = f"conv{number}_{convolution}"
            place += 3 if batch_norm else 2  # its normalization and ReLU
        names[f"features.{place}"] = f"pool{number}"
        place += 1
    return names


# Keras's names of the convolutions of VGG-16 (block1_conv1 …) → ours.
KERAS_NAMES = {
    f"block{name[4]}_conv{name[6]}": layer
    for layer, name in layer_names(16).items()
    if name.startswith("conv")
}


def _spec(depth: int, about: str, batch_norm: bool = False) -> ModelSpec:
    model_id = f"vgg{depth}_bn" if batch_norm else f"vgg{depth}"
    parameters, macs = SIZES[model_id]
    norm = "; Ioffe and Szegedy 2015 for batch normalization" if batch_norm else ""
    return ModelSpec(
        id=model_id,
        title=f"VGG-{depth} with batch norm" if batch_norm else f"VGG-{depth}",
        family="VGG",
        task="classification",
        input=IMAGENET_PHOTO,
        classes=CLASSES,
        about=about,
        reference="Simonyan and Zisserman, Very deep convolutional networks for large-scale image "
        f"recognition, ICLR 2015, arXiv:1409.1556{norm}",
        parameters=parameters,
        macs=macs,
        layer_names=layer_names(depth, batch_norm),
    )


@register(_spec(11, "The shallowest of the VGG networks: eight convolutions, three dense layers."))
def vgg11(num_classes: int = 1000) -> nn.Module:
    """VGG-11 (A) with random weights."""
    return VGG(11, num_classes=num_classes)


@register(_spec(11, "VGG-11 with batch normalization behind every convolution.", True))
def vgg11_bn(num_classes: int = 1000) -> nn.Module:
    """VGG-11 with batch normalization and random weights."""
    return VGG(11, batch_norm=True, num_classes=num_classes)


@register(_spec(13, "VGG with two convolutions in each of its five blocks."))
def vgg13(num_classes: int = 1000) -> nn.Module:
    """VGG-13 (B) with random weights."""
    return VGG(13, num_classes=num_classes)


@register(_spec(13, "VGG-13 with batch normalization behind every convolution.", True))
def vgg13_bn(num_classes: int = 1000) -> nn.Module:
    """VGG-13 with batch normalization and random weights."""
    return VGG(13, batch_norm=True, num_classes=num_classes)


@register(_spec(16, "Nothing but 3×3 convolutions and max pools: the plainest deep network."))
def vgg16(num_classes: int = 1000) -> nn.Module:
    """VGG-16 (D) with random weights."""
    return VGG(16, num_classes=num_classes)


@register(_spec(16, "VGG-16 with batch normalization behind every convolution.", True))
def vgg16_bn(num_classes: int = 1000) -> nn.Module:
    """VGG-16 with batch normalization and random weights."""
    return VGG(16, batch_norm=True, num_classes=num_classes)


@register(_spec(19, "The deepest of the VGG networks: sixteen convolutions."))
def vgg19(num_classes: int = 1000) -> nn.Module:
    """VGG-19 (E) with random weights."""
    return VGG(19, num_classes=num_classes)


@register(_spec(19, "VGG-19 with batch normalization behind every convolution.", True))
def vgg19_bn(num_classes: int = 1000) -> nn.Module:
    """VGG-19 with batch normalization and random weights."""
    return VGG(19, batch_norm=True, num_classes=num_classes)
