"""Small networks with everything that larger architectures are made of."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models import InputSpec, ModelSpec
from models.design import build


class Residual(nn.Module):
    """A ResNet block: one in-place ReLU used twice, an addition, a projection."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3, padding=1)
        self.layer1 = _Block()
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(6, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.avgpool(self.layer1(self.stem(x)))
        return self.fc(torch.flatten(x, 1))  # type: ignore[no-any-return]


class _Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(4, 6, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(6)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(6, 6, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(6)
        self.downsample = nn.Sequential(nn.Conv2d(4, 6, 1, stride=2), nn.BatchNorm2d(6))

    def forward(self, x: Tensor) -> Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += self.downsample(x)
        return self.relu(out)  # type: ignore[no-any-return]


class Inception(nn.Module):
    """GoogLeNet's parts: branches and a concatenation, functional ReLU, an LRN, ceil_mode."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = _BasicConv(1, 4, kernel_size=5, stride=2, padding=(2, 1))
        self.lrn = nn.LocalResponseNorm(3, alpha=0.5)
        self.branch1 = _BasicConv(4, 2, kernel_size=1)
        self.branch2 = nn.Sequential(
            _BasicConv(4, 3, kernel_size=1), _BasicConv(3, 3, kernel_size=3, padding=1)
        )
        self.pool = nn.MaxPool2d(3, stride=1, padding=1, ceil_mode=True)
        self.fc = nn.Linear(9, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.lrn(F.max_pool2d(self.stem(x), 3, stride=2, ceil_mode=True))
        x = torch.cat([self.branch1(x), self.branch2(x), self.pool(x)], dim=1)
        x = F.dropout(x, 0.5, training=self.training)
        return self.fc(x.mean((2, 3)))  # type: ignore[no-any-return]


class _BasicConv(nn.Module):
    def __init__(self, inputs: int, outputs: int, **window: object) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, bias=False, **window)  # type: ignore[arg-type]
        self.bn = nn.BatchNorm2d(outputs, eps=0.001)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(self.conv(x)), inplace=True)


class Windows(nn.Module):
    """Grouped, depthwise, dilated, strided, 'same' and asymmetric convolutions and pools."""

    def __init__(self) -> None:
        super().__init__()
        self.grouped = nn.Conv2d(1, 4, (3, 5), padding=(2, 1))
        self.relu = nn.ReLU6(inplace=True)
        self.depthwise = nn.Conv2d(4, 8, 3, stride=(2, 1), padding=(0, 2), groups=4)
        self.dilated = nn.Conv2d(8, 6, 3, dilation=(1, 2), padding=1, groups=2)
        self.same = nn.Conv2d(6, 4, (3, 5), dilation=(2, 1), padding="same")
        self.average = nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True)
        self.without_padding = nn.AvgPool2d((2, 3), padding=1, count_include_pad=False)
        self.uneven = nn.AdaptiveAvgPool2d((2, 3))
        self.highest = nn.AdaptiveMaxPool2d((2, 2))
        self.reflected = nn.Conv2d(4, 2, 3, padding=1, padding_mode="reflect")

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.grouped(x))
        x = self.relu(self.depthwise(x))
        x = torch.sigmoid(self.dilated(x))
        x = self.average(self.same(x))
        x = self.uneven(self.without_padding(x))
        return self.reflected(self.highest(x)).view(x.size(0), -1)  # type: ignore[no-any-return]


class UNet(nn.Module):
    """A transposed convolution, upsampling, skip connections, a gate."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Conv2d(1, 3, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.middle = nn.Conv2d(3, 4, 3, padding=1)
        self.up = nn.ConvTranspose2d(4, 3, 2, stride=2)
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(6, 6, 1), nn.Sigmoid())
        self.resize = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)
        self.head = nn.Conv2d(9, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        skip = torch.relu(self.down(x))
        low = F.leaky_relu(self.middle(self.pool(skip)), 0.1)
        x = torch.cat([skip, self.up(low)], 1)
        x = x * self.gate(x)
        wide = F.interpolate(self.pool(skip), size=skip.shape[2:], mode="nearest")
        x = self.head(torch.cat([x, wide], 1))
        return torch.flatten(self.resize(x) + 1.5, 1)


class InPlace(nn.Module):
    """Values that are overwritten after they were used, and read again."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 3, 3)
        self.fc = nn.Linear(3 * 14 * 14, 2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        y = x.relu_()
        z = torch.add(y, x)  # x is y by now
        z.mul_(0.5)
        return self.fc(torch.flatten(z, 1))  # type: ignore[no-any-return]


class Shuffle(nn.Module):
    """A channel split and shuffle, bare parameters, group norm, PReLU, softmax."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3, stride=4)
        self.branch = nn.Sequential(nn.Conv2d(2, 2, 1), nn.GroupNorm(1, 2), nn.PReLU(2))
        self.kernel = nn.Parameter(torch.rand(3, 4, 2, 2))
        self.scale = nn.Parameter(torch.rand(3, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        left, right = self.stem(x).chunk(2, dim=1)
        x = torch.cat((left, self.branch(right)), dim=1)
        count, _, height, width = x.shape
        x = x.view(count, 2, 2, height, width).transpose(1, 2).contiguous()
        x = x.view(count, -1, height, width)
        x = F.conv2d(x, self.kernel) * self.scale
        return torch.softmax(F.adaptive_avg_pool2d(x, 1).flatten(1) / 0.5, dim=1)


def designed() -> nn.Module:
    """One layer of each kind that a design may have."""
    layers: list[dict[str, Any]] = [
        {"type": "conv", "channels": 4, "kernel": 4, "padding": "same"},
        {"type": "activation", "name": "scaled_tanh"},
        {"type": "pool", "kind": "min", "kernel": 3, "stride": 2, "padding": 1},
        {"type": "response_norm", "size": 3, "alpha": 0.5},
        {"type": "residual", "channels": 6, "stride": 2},
        {"type": "conv", "channels": 5, "kernel": 2, "stride": 2, "padding": 1, "bias": False},
        {"type": "batch_norm"},
        {"type": "activation", "name": "leaky_relu"},
        {"type": "dropout", "maps": True},
        {"type": "pool", "kind": "average", "kernel": 2, "stride": 1},
        {"type": "global_pool"},
        {"type": "dense", "units": 7},
        {"type": "batch_norm"},
        {"type": "activation", "name": "step"},
        {"type": "dropout"},
    ]
    return build(layers, (1, 16, 16), 3)


_NETWORKS: dict[str, Callable[[], nn.Module]] = OrderedDict(
    residual=Residual,
    inception=Inception,
    windows=Windows,
    unet=UNet,
    inplace=InPlace,
    shuffle=Shuffle,
    designed=designed,
)
NAMES = list(_NETWORKS)


def spec(name: str) -> ModelSpec:
    """The card of a toy; its input is 1×16×16."""
    shape = InputSpec((1, 16, 16), "L", (0.0,), (1.0,), "digit")
    return ModelSpec(name, name, "Toy", "classification", shape, ("a", "b", "c"), "", "")


def create(name: str) -> nn.Module:
    """A toy in eval mode, the same one every time, with statistics that are not trivial."""
    torch.manual_seed(7)
    network = _NETWORKS[name]().eval()
    scramble_norms(network)
    return network


def scramble_norms(network: nn.Module) -> None:
    """Give batch norms statistics and parameters other than 0 and 1."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            nn.init.normal_(module.running_mean, 0, 0.3)
            nn.init.uniform_(module.running_var, 0.5, 2)
            nn.init.normal_(module.weight, 1, 0.3)
            nn.init.normal_(module.bias, 0, 0.3)
