"""GoogLeNet: parallel branches, concatenated; as torchvision builds it, and as published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.imagenet import CLASSES
from models.registry import IMAGENET_PHOTO, ModelSpec, register

# The paper's table 1: filters of 1×1; 3×3 reduce, 3×3; 5×5 reduce, 5×5; pool projection.
Widths = tuple[int, int, int, int, int, int]
# Inception module → input channels, widths
MODULES: dict[str, tuple[int, Widths]] = {
    "3a": (192, (64, 96, 128, 16, 32, 32)),
    "3b": (256, (128, 128, 192, 32, 96, 64)),
    "4a": (480, (192, 96, 208, 16, 48, 64)),
    "4b": (512, (160, 112, 224, 24, 64, 64)),
    "4c": (512, (128, 128, 256, 24, 64, 64)),
    "4d": (512, (112, 144, 288, 32, 64, 64)),
    "4e": (528, (256, 160, 320, 32, 128, 128)),
    "5a": (832, (256, 160, 320, 32, 128, 128)),
    "5b": (832, (384, 192, 384, 48, 128, 128)),
}


class Outputs(NamedTuple):
    """What GoogLeNet gives in training: logits, and those of its auxiliary classifiers."""

    logits: Tensor
    aux_logits2: Tensor
    aux_logits1: Tensor


class NormedConv(nn.Module):
    """A convolution without bias, batch normalization, ReLU."""

    def __init__(
        self, inputs: int, outputs: int, kernel_size: int, stride: int = 1, padding: int = 0
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel_size, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=0.001)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(self.conv(x)), inplace=True)


class PlainConv(nn.Module):
    """A convolution with a bias, ReLU."""

    def __init__(
        self, inputs: int, outputs: int, kernel_size: int, stride: int = 1, padding: int = 0
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel_size, stride, padding)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.conv(x), inplace=True)


Conv = Callable[..., nn.Module]


class Inception(nn.Module):
    """1×1, 3×3 and wider convolutions and a max pool, side by side.

    ``wide`` is the kernel size of the third branch. N×inputs×H×W → N×(sum of branches)×H×W.
    """

    def __init__(self, inputs: int, widths: Widths, conv: Conv, wide: int) -> None:
        super().__init__()
        ones, reduce3, threes, reduce5, fives, projected = widths
        self.branch1 = conv(inputs, ones, 1)
        self.branch2 = nn.Sequential(conv(inputs, reduce3, 1), conv(reduce3, threes, 3, padding=1))
        self.branch3 = nn.Sequential(
            conv(inputs, reduce5, 1), conv(reduce5, fives, wide, padding=wide // 2)
        )
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1, ceil_mode=True), conv(inputs, projected, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], 1)


class AuxiliaryHead(nn.Module):
    """A classifier half-way up, which feeds the gradient in training. N×inputs×14×14 → logits."""

    def __init__(self, inputs: int, num_classes: int, pool: nn.Module, conv: Conv) -> None:
        super().__init__()
        self.pool = pool  # 4×4
        self.conv = conv(inputs, 128, 1)
        self.fc1 = nn.Linear(2048, 1024)
        self.fc2 = nn.Linear(1024, num_classes)
        self.dropout = nn.Dropout(0.7)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.flatten(self.conv(self.pool(x)), 1)
        return self.fc2(self.dropout(F.relu(self.fc1(x))))  # type: ignore[no-any-return]


class _GoogLeNet(nn.Module):
    """What both forms share: nine Inception modules, one dense layer, two auxiliary heads.

    Input N×3×224×224, output N×classes (logits; Outputs in training), or N×1024×7×7 without a
    classifier. The heads are left out in evaluation.
    """

    def _add_stem(self, conv: Conv) -> None:
        self.conv1 = conv(3, 64, 7, stride=2, padding=3)  # 64, 112, 112
        self.maxpool1 = nn.MaxPool2d(3, stride=2, ceil_mode=True)  # 64, 56, 56
        self.conv2 = conv(64, 64, 1)
        self.conv3 = conv(64, 192, 3, padding=1)
        self.maxpool2 = nn.MaxPool2d(3, stride=2, ceil_mode=True)  # 192, 28, 28

    def _add_modules(self, conv: Conv, wide: int, last_pool: int) -> None:
        def module(name: str) -> Inception:
            return Inception(*MODULES[name], conv, wide)

        self.inception3a = module("3a")
        self.inception3b = module("3b")
        self.maxpool3 = nn.MaxPool2d(3, stride=2, ceil_mode=True)  # 480, 14, 14
        self.inception4a = module("4a")
        self.inception4b = module("4b")
        self.inception4c = module("4c")
        self.inception4d = module("4d")
        self.inception4e = module("4e")
        self.maxpool4 = nn.MaxPool2d(last_pool, stride=2, ceil_mode=True)  # 832, 7, 7
        self.inception5a = module("5a")
        self.inception5b = module("5b")

    def _add_heads(
        self, num_classes: int, conv: Conv, pool: Callable[[], nn.Module], dropout: float
    ) -> None:
        self.has_classifier = num_classes > 0
        if self.has_classifier:
            self.aux1 = AuxiliaryHead(512, num_classes, pool(), conv)
            self.aux2 = AuxiliaryHead(528, num_classes, pool(), conv)
            self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
            self.dropout = nn.Dropout(dropout)
            self.fc = nn.Linear(1024, num_classes)

    def stem(self, x: Tensor) -> Tensor:
        """N×3×224×224 → N×192×28×28."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor | Outputs:
        x = self.maxpool3(self.inception3b(self.inception3a(self.stem(x))))
        half_way = self.inception4a(x)
        further = self.inception4d(self.inception4c(self.inception4b(half_way)))
        x = self.maxpool4(self.inception4e(further))
        x = self.inception5b(self.inception5a(x))
        if not self.has_classifier:
            return x
        if not self.training:
            return self._classify(x)
        aux1, aux2 = self.aux1(half_way), self.aux2(further)
        return Outputs(self._classify(x), aux2, aux1)

    def _classify(self, x: Tensor) -> Tensor:
        x = torch.flatten(self.avgpool(x), 1)
        return self.fc(self.dropout(x))  # type: ignore[no-any-return]


class GoogLeNet(_GoogLeNet):
    """torchvision's: batch normalization; its "5×5" branch is 3×3, as in the weights it trained."""

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        self._add_stem(NormedConv)
        self._add_modules(NormedConv, wide=3, last_pool=2)
        self._add_heads(num_classes, NormedConv, lambda: nn.AdaptiveAvgPool2d((4, 4)), 0.2)
        self._initialise()

    def _initialise(self) -> None:
        """As torchvision: N(0, 0.01²) cut off at ±2; biases as PyTorch leaves them."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                nn.init.trunc_normal_(module.weight, mean=0.0, std=0.01, a=-2, b=2)

    def stem(self, x: Tensor) -> Tensor:
        x = self.maxpool1(self.conv1(x))
        return self.maxpool2(self.conv3(self.conv2(x)))  # type: ignore[no-any-return]


class GoogLeNet2014(_GoogLeNet):
    """As published: no batch normalization, local response normalization in the stem, 5×5.

    α of the normalization is divided by five, as in the authors' own model and in Caffe.
    """

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        self._add_stem(PlainConv)
        self.norm1 = nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1.0)
        self.norm2 = nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1.0)
        self._add_modules(PlainConv, wide=5, last_pool=3)
        self._add_heads(num_classes, PlainConv, lambda: nn.AvgPool2d(5, stride=3), 0.4)
        self._initialise()

    def _initialise(self) -> None:
        """Glorot's initialisation, biases 0.2, as Caffe's model of it."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                assert module.bias is not None
                nn.init.xavier_uniform_(module.weight)
                nn.init.constant_(module.bias, 0.2 if isinstance(module, nn.Conv2d) else 0.0)

    def stem(self, x: Tensor) -> Tensor:
        x = self.norm1(self.maxpool1(self.conv1(x)))
        return self.maxpool2(self.norm2(self.conv3(self.conv2(x))))  # type: ignore[no-any-return]


# torchvision trained its weights on (pixel − 0.5)/0.5, and rescales when it loads them.
_HALF = (0.5, 0.5, 0.5)


@register(
    ModelSpec(
        id="googlenet",
        title="GoogLeNet",
        family="GoogLeNet",
        task="classification",
        input=replace(IMAGENET_PHOTO, mean=_HALF, std=_HALF),
        classes=CLASSES,
        about="Nine modules of four branches each, with batch normalization as torchvision "
        "trained it.",
        reference="Szegedy et al., Going deeper with convolutions, CVPR 2015, arXiv:1409.4842; "
        "Ioffe and Szegedy 2015 for batch normalization",
        parameters=6_624_904,
        macs=1_498_376_192,
    )
)
def googlenet(num_classes: int = 1000) -> nn.Module:
    """torchvision's GoogLeNet with random weights."""
    return GoogLeNet(num_classes)


@register(
    ModelSpec(
        id="googlenet_2014",
        title="GoogLeNet (2014)",
        family="GoogLeNet",
        task="classification",
        input=IMAGENET_PHOTO,
        classes=CLASSES,
        about="The network that won ImageNet 2014, as published: 5×5 branches, no batch norm.",
        reference="Szegedy et al., Going deeper with convolutions, CVPR 2015, arXiv:1409.4842",
        parameters=6_998_552,
        macs=1_582_671_872,
    )
)
def googlenet_2014(num_classes: int = 1000) -> nn.Module:
    """The GoogLeNet of the paper with random weights."""
    return GoogLeNet2014(num_classes)
