"""LeNet-5 as published in 1998."""

from __future__ import annotations

from torch import Tensor, nn

from models.layers import LENET_TABLE, ScaledTanh, SparseConv2d, Subsample
from models.registry import DIGITS, InputSpec, ModelSpec, register


class LeNet5(nn.Module):
    """C1 S2 C3 S4 C5 F6 and an output. Input N×1×32×32, output N×classes.

    The published output is ten radial basis functions with fixed centres; here it is a
    dense layer that gives logits. All else follows section II.B of LeCun et al. 1998.
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 5)  # 6, 28, 28
        self.c1_tanh = ScaledTanh()
        self.s2 = Subsample(6)  # 6, 14, 14
        self.s2_tanh = ScaledTanh()
        self.c3 = SparseConv2d(6, LENET_TABLE, 5)  # 16, 10, 10
        self.c3_tanh = ScaledTanh()
        self.s4 = Subsample(16)  # 16, 5, 5
        self.s4_tanh = ScaledTanh()
        self.c5 = nn.Conv2d(16, 120, 5)  # 120, 1, 1
        self.c5_tanh = ScaledTanh()
        self.flatten = nn.Flatten()
        self.f6 = nn.Linear(120, 84)
        self.f6_tanh = ScaledTanh()
        self.out = nn.Linear(84, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.s2_tanh(self.s2(self.c1_tanh(self.c1(x))))
        x = self.s4_tanh(self.s4(self.c3_tanh(self.c3(x))))
        x = self.flatten(self.c5_tanh(self.c5(x)))
        return self.out(self.f6_tanh(self.f6(x)))  # type: ignore[no-any-return]


# The paper feeds background as -0.1 and ink as 1.175: (pixel - mean) / std.
_STD = 1 / 1.275


@register(
    ModelSpec(
        id="lenet5",
        title="LeNet-5 (1998)",
        family="LeNet",
        task="classification",
        input=InputSpec((1, 32, 32), "L", (0.1 * _STD,), (_STD,), "digit"),
        classes=DIGITS,
        about="The network that read cheques: trainable sub-sampling and a sparse third layer.",
        reference="LeCun, Bottou, Bengio, Haffner, Gradient-based learning applied to document "
        "recognition, Proc. IEEE 86(11), 1998",
    )
)
def lenet5(num_classes: int = 10) -> nn.Module:
    """LeNet-5 with random weights."""
    return LeNet5(num_classes)
