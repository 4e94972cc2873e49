"""The small LeNet of Harley's page: 9,134 units, 62,902 parameters."""

from __future__ import annotations

from torch import Tensor, nn

from models.layers import LENET_TABLE, ScaledTanh, SparseConv2d
from models.registry import DIGITS, InputSpec, ModelSpec, register


class Harley(nn.Module):
    """Two convolutions, two max pools, three dense layers. Input N×1×32×32, output N×classes.

    Harley squashes the ten outputs too; here they stay linear (logits), so that their
    softmax is a probability.
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)  # 6, 28, 28
        self.tanh1 = ScaledTanh()
        self.pool1 = nn.MaxPool2d(2)  # 6, 14, 14
        self.conv2 = SparseConv2d(6, LENET_TABLE, 5)  # 16, 10, 10
        self.tanh2 = ScaledTanh()
        self.pool2 = nn.MaxPool2d(2)  # 16, 5, 5
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(400, 120)
        self.tanh3 = ScaledTanh()
        self.fc2 = nn.Linear(120, 100)
        self.tanh4 = ScaledTanh()
        self.out = nn.Linear(100, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool1(self.tanh1(self.conv1(x)))
        x = self.pool2(self.tanh2(self.conv2(x)))
        x = self.tanh3(self.fc1(self.flatten(x)))
        x = self.tanh4(self.fc2(x))
        return self.out(x)  # type: ignore[no-any-return]


@register(
    ModelSpec(
        id="harley",
        title="Harley's CNN",
        family="LeNet",
        task="classification",
        input=InputSpec((1, 32, 32), "L", (0.0,), (1.0,), "digit"),
        classes=DIGITS,
        about="The convolutional network of the page that ConvScope takes its spirit from.",
        reference="A. W. Harley, An Interactive Node-Link Visualization of CNNs, ISVC 2015",
    )
)
def harley(num_classes: int = 10) -> nn.Module:
    """Harley's CNN with random weights."""
    return Harley(num_classes)
