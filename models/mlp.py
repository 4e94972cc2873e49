"""The multilayer perceptron of Harley's page: 784-300-100-10."""

from __future__ import annotations

from torch import Tensor, nn

from models.registry import DIGITS, InputSpec, ModelSpec, register


class MLP(nn.Module):
    """Dense layers of 300, 100 and ``num_classes`` units. Input N×1×28×28, output N×classes."""

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(784, 300)
        self.relu1 = nn.ReLU()
        self.drop1 = nn.Dropout(0.2)
        self.fc2 = nn.Linear(300, 100)
        self.relu2 = nn.ReLU()
        self.drop2 = nn.Dropout(0.2)
        self.out = nn.Linear(100, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.flatten(x)  # N, 784
        x = self.drop1(self.relu1(self.fc1(x)))
        x = self.drop2(self.relu2(self.fc2(x)))
        return self.out(x)  # type: ignore[no-any-return]


@register(
    ModelSpec(
        id="mlp",
        title="Multilayer perceptron",
        family="Perceptron",
        task="classification",
        input=InputSpec((1, 28, 28), "L", (0.0,), (1.0,), "digit"),
        classes=DIGITS,
        about="Three dense layers: every unit reads every unit below it.",
        reference="A. W. Harley, An Interactive Node-Link Visualization of CNNs, ISVC 2015",
    )
)
def mlp(num_classes: int = 10) -> nn.Module:
    """The multilayer perceptron with random weights."""
    return MLP(num_classes)
