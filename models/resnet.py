"""ResNet: residual additions let 18 to 152 layers train."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.imagenet import CLASSES
from models.registry import IMAGENET_PHOTO, ModelSpec, register


class BasicBlock(nn.Module):
    """Two 3×3 convolutions and what came in. N×C×H×W → N×width×H/stride×W/stride."""

    expansion = 1

    def __init__(self, inputs: int, width: int, stride: int, downsample: nn.Module | None) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = downsample

    def forward(self, x: Tensor) -> Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += x if self.downsample is None else self.downsample(x)
        return self.relu(out)  # type: ignore[no-any-return]


class Bottleneck(nn.Module):
    """1×1, 3×3 and 1×1 convolutions and what came in; the output is four times as wide.

    The stride is that of the 3×3 convolution ("ResNet v1.5"); the paper has it in the first 1×1.
    """

    expansion = 4

    def __init__(self, inputs: int, width: int, stride: int, downsample: nn.Module | None) -> None:
        super().__init__()
        outputs = width * self.expansion
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample

    def forward(self, x: Tensor) -> Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        out += x if self.downsample is None else self.downsample(x)
        return self.relu(out)  # type: ignore[no-any-return]


Block = type[BasicBlock] | type[Bottleneck]

# Depth → the block and how many of them stand in layer1 … layer4 (the paper's table 1).
LAYERS: dict[int, tuple[Block, tuple[int, int, int, int]]] = {
    18: (BasicBlock, (2, 2, 2, 2)),
    34: (BasicBlock, (3, 4, 6, 3)),
    50: (Bottleneck, (3, 4, 6, 3)),
    101: (Bottleneck, (3, 4, 23, 3)),
    152: (Bottleneck, (3, 8, 36, 3)),
}
# Depth → parameters, multiply-adds
SIZES = {
    18: (11_689_512, 1_814_073_344),
    34: (21_797_672, 3_663_761_408),
    50: (25_557_032, 4_089_184_256),
    101: (44_549_160, 7_801_405_440),
    152: (60_192_808, 11_513_626_624),
}


class ResNet(nn.Module):
    """A 7×7 convolution, a max pool, four layers of residual blocks, one dense layer.

    Input N×3×224×224, output N×classes (logits), or the last block's N×C×7×7 without a classifier.
    """

    def __init__(self, depth: int, num_classes: int = 1000) -> None:
        super().__init__()
        block, blocks = LAYERS[depth]
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)  # 64, 112, 112
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)  # 64, 56, 56
        wide = block.expansion
        self.layer1 = _layer(block, 64, 64, blocks[0])  # …, 56, 56
        self.layer2 = _layer(block, 64 * wide, 128, blocks[1], stride=2)  # …, 28, 28
        self.layer3 = _layer(block, 128 * wide, 256, blocks[2], stride=2)  # …, 14, 14
        self.layer4 = _layer(block, 256 * wide, 512, blocks[3], stride=2)  # …, 7, 7
        self.has_classifier = num_classes > 0
        if self.has_classifier:
            self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
            self.fc = nn.Linear(512 * wide, num_classes)
        self._initialise()

    def _initialise(self) -> None:
        """As torchvision: He initialisation of the convolutions."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        if not self.has_classifier:
            return x
        return self.fc(torch.flatten(self.avgpool(x), 1))  # type: ignore[no-any-return]


def _layer(block: Block, inputs: int, width: int, count: int, stride: int = 1) -> nn.Sequential:
    """``count`` blocks; the first one projects what came in where its shape changes."""
    outputs = width * block.expansion
    downsample = None
    if stride != 1 or inputs != outputs:
        downsample = nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs)
        )
    first = block(inputs, width, stride, downsample)
    return nn.Sequential(first, *(block(outputs, width, 1, None) for _ in range(count - 1)))


def _spec(depth: int, about: str) -> ModelSpec:
    parameters, macs = SIZES[depth]
    return ModelSpec(
        id=f"resnet{depth}",
        title=f"ResNet-{depth}",
        family="ResNet",
        task="classification",
        input=IMAGENET_PHOTO,
        classes=CLASSES,
        about=about,
        reference="He, Zhang, Ren, Sun, Deep residual learning for image recognition, CVPR 2016, "
        "arXiv:1512.03385",
        parameters=parameters,
        macs=macs,
    )


@register(_spec(18, "The smallest residual network: eight blocks of two convolutions."))
def resnet18(num_classes: int = 1000) -> nn.Module:
    """ResNet-18 with random weights."""
    return ResNet(18, num_classes)


@register(_spec(34, "Sixteen residual blocks of two convolutions."))
def resnet34(num_classes: int = 1000) -> nn.Module:
    """ResNet-34 with random weights."""
    return ResNet(34, num_classes)


@register(_spec(50, "Residual blocks with a narrow middle, four times as wide at their ends."))
def resnet50(num_classes: int = 1000) -> nn.Module:
    """ResNet-50 (v1.5) with random weights."""
    return ResNet(50, num_classes)


@register(_spec(101, "ResNet-50 with seventeen more blocks in its third layer."))
def resnet101(num_classes: int = 1000) -> nn.Module:
    """ResNet-101 (v1.5) with random weights."""
    return ResNet(101, num_classes)


@register(_spec(152, "The deepest of the networks that won ImageNet 2015: fifty blocks."))
def resnet152(num_classes: int = 1000) -> nn.Module:
    """ResNet-152 (v1.5) with random weights."""
    return ResNet(152, num_classes)
