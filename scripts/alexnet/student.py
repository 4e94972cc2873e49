"""AlexNet, small, as it is trained: with batch normalization, which goes into the kernels after."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

_SMALL = 0.003  # the standard deviation of the first kernels at the beginning: they change soon
IMAGENET = 1000


class Student(nn.Module):
    """A trunk N×3×S×S → N×256, and two heads: ``classes`` logits, and the teacher's 1,000.

    ``network`` is an AlexNetSmall, whose layers it takes; each convolution is followed by batch
    normalization (Ioffe and Szegedy 2015), which makes the training short.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        features = network.features
        assert isinstance(features, nn.Sequential)
        assert isinstance(network.classifier, nn.Linear)
        self.trunk = nn.Sequential(*_normalized(features), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.classify = network.classifier
        self.imitate = nn.Linear(network.classifier.in_features, IMAGENET)
        nn.init.normal_(features[0].weight, std=_SMALL)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        """The mean activity of the fifth convolution's maps, N×256."""
        return self.trunk(x)  # type: ignore[no-any-return]


def _normalized(features: nn.Sequential) -> Iterator[nn.Module]:
    for layer in features:
        yield layer
        if isinstance(layer, nn.Conv2d):
            yield nn.BatchNorm2d(layer.out_channels)


def fold(student: Student, network: nn.Module) -> nn.Module:
    """The same function without batch normalization: fills an AlexNetSmall, in eval mode."""
    features = network.features
    assert isinstance(features, nn.Sequential)
    assert isinstance(network.classifier, nn.Linear)
    layers = list(student.eval().trunk)
    merged = [
        fuse_conv_bn_eval(layer, norm)
        for layer, norm in pairwise(layers)
        if isinstance(layer, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d)
    ]
    empty = [layer for layer in features if isinstance(layer, nn.Conv2d)]
    for target, source in zip(empty, merged, strict=True):
        target.load_state_dict(source.state_dict())
    network.classifier.load_state_dict(student.classify.state_dict())
    return network.eval()
