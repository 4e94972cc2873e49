"""AlexNet, small, as it is trained: with batch normalization, which goes into the kernels after."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torch.nn.utils.parametrize import register_parametrization

_SMALL = 0.003  # the standard deviation of the first kernels at the beginning: they change soon
_EVENNESS = 0.4  # 0: as the patches are; 1: white
_NOISE = 1e-3  # of the largest variance: what is weaker counts for less again
IMAGENET = 1000
KERNEL = 11  # pixels: the side of the first kernels


class Student(nn.Module):
    """A trunk N×3×S×S → N×256, and two heads: ``classes`` logits, and the teacher's 1,000.

    ``network`` is an AlexNetSmall, whose layers it takes; each convolution is followed by batch
    normalization (Ioffe and Szegedy 2015), and the first kernels are `Whitened` for ``patches``
    (network-ready, N×P): both make the training short.
    """

    def __init__(self, network: nn.Module, patches: Tensor) -> None:
        super().__init__()
        features = network.features
        assert isinstance(features, nn.Sequential)
        assert isinstance(network.classifier, nn.Linear)
        self.trunk = nn.Sequential(*_normalized(features), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.classify = network.classifier
        self.imitate = nn.Linear(network.classifier.in_features, IMAGENET)
        nn.init.normal_(features[0].weight, std=_SMALL)  # type: ignore[arg-type]
        self.kernels = features[0].weight
        register_parametrization(self.trunk[0], "weight", Whitened(patches))

    def forward(self, x: Tensor) -> Tensor:
        """The mean activity of the fifth convolution's maps, N×256."""
        return self.trunk(x)  # type: ignore[no-any-return]


def _normalized(features: nn.Sequential) -> Iterator[nn.Module]:
    for layer in features:
        yield layer
        if isinstance(layer, nn.Conv2d):
            yield nn.BatchNorm2d(layer.out_channels)


class Whitened(nn.Module):
    """Kernels in coordinates in which the patches that they look at are nearly white.

    Neighbouring pixels are alike, so that the gradients of plain kernels are almost all of low
    frequencies. These are made of the patches' principal components, the weaker ones enlarged
    (LeCun et al., Efficient BackProp, 1998, section 4.3), and learn stripes as soon as plain
    colours. ``patches`` are network-ready, N×P. For `torch.nn.utils.parametrize`.
    """

    def __init__(self, patches: Tensor) -> None:
        super().__init__()
        variance, components = torch.linalg.eigh(torch.cov(patches.T))
        share = (variance / variance[-1]).clamp_min(1e-9)
        gain = (share.sqrt() / (share + _NOISE)) ** _EVENNESS
        self.basis: Tensor
        self.register_buffer("basis", gain[:, None] * components.T)

    def forward(self, coordinates: Tensor) -> Tensor:
        """Kernels N×C×H×W from as many numbers."""
        return (coordinates.flatten(1) @ self.basis).view_as(coordinates)

    def right_inverse(self, kernels: Tensor) -> Tensor:
        """The numbers at the beginning: taken as they come."""
        return kernels


def fold(student: Student, network: nn.Module) -> nn.Module:
    """The same function without batch normalization: fills an AlexNetSmall, in eval mode."""
    features = network.features
    assert isinstance(features, nn.Sequential)
    assert isinstance(network.classifier, nn.Linear)
    trained = [layer for layer in student.trunk if isinstance(layer, nn.Conv2d)]
    norms = [layer.eval() for layer in student.trunk if isinstance(layer, nn.BatchNorm2d)]
    empty = [layer.eval() for layer in features if isinstance(layer, nn.Conv2d)]
    for target, source, norm in zip(empty, trained, norms, strict=True):
        target.load_state_dict({"weight": source.weight, "bias": source.bias})
        target.load_state_dict(fuse_conv_bn_eval(target, norm).state_dict())
    network.classifier.load_state_dict(student.classify.state_dict())
    return network.eval()
