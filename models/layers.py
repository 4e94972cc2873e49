"""Layers that torch.nn does not have.

Those of the 1990s are from LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied
to document recognition", Proc. IEEE 86(11), 1998, section II.B and appendix A.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# Table I of the paper: the maps of S2 that each of the 16 maps of C3 reads.
LENET_TABLE: tuple[tuple[int, ...], ...] = (
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5), (0, 1, 2, 3, 4, 5),
)  # fmt: skip


class SparseConv2d(nn.Module):
    """A convolution in which each output map reads only the input maps of a table.

    Only the kernels that exist are parameters: ``kernels`` is K×kH×kW with one entry a
    pair (output map, input map), in the table's order. Input N×I×H×W, output
    N×O×(H-kH+1)×(W-kW+1).
    """

    pairs: Tensor

    def __init__(
        self, in_channels: int, table: tuple[tuple[int, ...], ...], kernel_size: int
    ) -> None:
        super().__init__()
        self.in_channels, self.out_channels = in_channels, len(table)
        self.table = table
        self.kernel_size = (kernel_size, kernel_size)
        self.stride, self.padding, self.dilation, self.groups = (1, 1), (0, 0), (1, 1), 1
        pairs = [(o, i) for o, row in enumerate(table) for i in row]
        self.register_buffer("pairs", torch.tensor(pairs).T, persistent=False)  # 2, K
        self.kernels = nn.Parameter(torch.empty(len(pairs), kernel_size, kernel_size))
        self.bias = nn.Parameter(torch.empty(len(table)))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Uniform within ±2.4 ÷ fan-in, as the paper's appendix A."""
        fan_in = torch.tensor([len(row) for row in self.table]) * math.prod(self.kernel_size)
        bound = 2.4 / fan_in  # O
        with torch.no_grad():
            pairs = self.pairs[0].to(bound.device)
            self.kernels.uniform_(-1, 1).mul_(bound[pairs][:, None, None])
            self.bias.uniform_(-1, 1).mul_(bound)

    @property
    def weight(self) -> Tensor:
        """The kernels as a dense O×I×kH×kW tensor, zero where the table has no entry."""
        dense = self.kernels.new_zeros(self.out_channels, self.in_channels, *self.kernel_size)
        return dense.index_put((self.pairs[0], self.pairs[1]), self.kernels)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.weight, self.bias)


class Subsample(nn.Module):
    """LeNet-5's trainable sub-sampling: sum of a window × one coefficient + one bias a map.

    Input N×C×H×W, output N×C×(H/k)×(W/k); ``weight`` and ``bias`` have C entries.
    """

    def __init__(self, channels: int, kernel_size: int = 2) -> None:
        super().__init__()
        self.channels = channels
        self.kernel_size = self.stride = (kernel_size, kernel_size)
        self.padding, self.dilation, self.groups = (0, 0), (1, 1), channels
        self.weight = nn.Parameter(torch.full((channels,), 1.0 / kernel_size**2))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        total = F.avg_pool2d(x, self.kernel_size) * math.prod(self.kernel_size)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class ScaledTanh(nn.Module):
    """1.7159·tanh(2x/3): ±1 maps to ±1, where the curvature is largest (appendix A)."""

    def forward(self, x: Tensor) -> Tensor:
        return 1.7159 * torch.tanh(x * (2.0 / 3.0))


class BinaryStep(nn.Module):
    """A threshold unit: 1 where the sum is positive, else 0 (McCulloch and Pitts 1943).

    Its slope is 0 everywhere: no gradient reaches the layers below it.
    """

    def forward(self, x: Tensor) -> Tensor:
        return x.sign().clamp_min(0)


class MinPool2d(nn.Module):
    """The smallest value of each window; padding never counts. N×C×H×W → N×C×H'×W'."""

    def __init__(self, kernel_size: int, stride: int | None = None, padding: int = 0) -> None:
        super().__init__()
        self.kernel_size, self.padding = kernel_size, padding
        self.stride = kernel_size if stride is None else stride

    def forward(self, x: Tensor) -> Tensor:
        return -F.max_pool2d(-x, self.kernel_size, self.stride, self.padding)


class SameConv2d(nn.Conv2d):
    """A convolution with TensorFlow's "same" padding: ⌈H/stride⌉×⌈W/stride⌉ units.

    What does not split evenly goes to the bottom and the right, so the padding depends on the
    size of the input: see ``padding_before``.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        *,
        stride: int = 1,
        groups: int = 1,
        bias: bool = True,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, groups=groups, bias=bias)

    def padding_before(self, extent: tuple[int, int]) -> tuple[int, int]:
        """Rows above and columns to the left, for an input of ``extent`` (H, W)."""
        return self._total(extent, 0) // 2, self._total(extent, 1) // 2

    def _total(self, extent: tuple[int, int], axis: int) -> int:
        """Padding before and after, along one axis."""
        kernel, stride, size = self.kernel_size[axis], self.stride[axis], extent[axis]
        return max((-(-size // stride) - 1) * stride + kernel - size, 0)

    def padded(self, input: Tensor) -> Tensor:
        """The input with the zeros that this layer sets around it."""
        extent = (input.shape[-2], input.shape[-1])
        above, left = self.padding_before(extent)
        below, right = self._total(extent, 0) - above, self._total(extent, 1) - left
        return F.pad(input, (left, right, above, below))

    def forward(self, input: Tensor) -> Tensor:
        extent = (input.shape[-2], input.shape[-1])
        padding = self.padding_before(extent)
        if any(self._total(extent, axis) != 2 * padding[axis] for axis in (0, 1)):
            input, padding = self.padded(input), (0, 0)
        return F.conv2d(input, self.weight, self.bias, self.stride, padding, groups=self.groups)
