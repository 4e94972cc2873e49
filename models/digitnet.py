"""A small modern network for digits: batch normalization, ReLU, dropout."""

from __future__ import annotations

from torch import Tensor, nn

from models.registry import DIGITS, InputSpec, ModelSpec, register


class DigitNet(nn.Module):
    """Four convolutions with batch normalization, two dense layers.

    Input N×1×28×28, output N×classes (logits).
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 5, padding=2, bias=False)  # 16, 28, 28
        self.bn1 = nn.BatchNorm2d(16)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(2)  # 16, 14, 14
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1, bias=False)  # 32, 14, 14
        self.bn2 = nn.BatchNorm2d(32)
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(32, 32, 3, padding=1, bias=False)  # 32, 14, 14
        self.bn3 = nn.BatchNorm2d(32)
        self.relu3 = nn.ReLU()
        self.pool2 = nn.MaxPool2d(2)  # 32, 7, 7
        self.conv4 = nn.Conv2d(32, 64, 3, bias=False)  # 64, 5, 5
        self.bn4 = nn.BatchNorm2d(64)
        self.relu4 = nn.ReLU()
        self.flatten = nn.Flatten()
        self.drop1 = nn.Dropout(0.3)
        self.fc1 = nn.Linear(1600, 128)
        self.relu5 = nn.ReLU()
        self.drop2 = nn.Dropout(0.3)
        self.out = nn.Linear(128, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool1(self.relu1(self.bn1(self.conv1(x))))
        x = self.relu2(self.bn2(self.conv2(x)))
        x = self.pool2(self.relu3(self.bn3(self.conv3(x))))
        x = self.flatten(self.relu4(self.bn4(self.conv4(x))))  # N, 1600
        x = self.drop2(self.relu5(self.fc1(self.drop1(x))))
        return self.out(x)  # type: ignore[no-any-return]


@register(
    ModelSpec(
        id="digitnet",
        title="DigitNet",
        family="Modern",
        task="classification",
        input=InputSpec((1, 28, 28), "L", (0.0,), (1.0,), "digit"),
        classes=DIGITS,
        about="A small modern network; the default, because it misreads the fewest digits.",
        reference="ConvScope; Ioffe and Szegedy 2015 for batch normalization, Srivastava et al. "
        "2014 for dropout",
    )
)
def digitnet(num_classes: int = 10) -> nn.Module:
    """DigitNet with random weights."""
    return DigitNet(num_classes)
