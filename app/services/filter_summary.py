"""What each filter of a layer is like: its norm, its spread, the inputs that it weighs most."""

from __future__ import annotations

from torch import Tensor, nn

from app.schemas import FilterSummary, InputChannelNorm, LayerInfo
from app.services.filters import bias, kernels, over_maps
from app.services.graph import Graph


def summarize(
    network: nn.Module, graph: Graph, layer: str, strongest: int = 5
) -> list[FilterSummary]:
    """One entry a filter (an output channel), in their order.

    A dense layer that reads a stack of maps has their channels as input channels. Weights that
    a sparse table does not connect do not count. Raises UnknownLayerError and NoKernelsError.
    """
    info = graph.layer(layer)
    weight = over_maps(graph, layer, kernels(network, graph, layer))
    if info.type.startswith("ConvTranspose"):
        weight = _by_output(weight, info.groups or 1)
    added = bias(network, graph, layer)
    biases = [None] * len(weight) if added is None else added.tolist()
    return [
        _summary(i, kernel, inputs_of(info, i, len(weight), len(kernel)), biases[i], strongest)
        for i, kernel in enumerate(weight)
    ]


def inputs_of(info: LayerInfo, channel: int, outputs: int, width: int) -> list[int]:
    """The input channels that filter ``channel`` of ``outputs`` reads.

    ``width`` is how many its kernel has; filters of one group read the same ones.
    """
    if info.connections is not None:
        return info.connections[channel]
    if info.role == "elementwise" or info.type == "Subsample":
        return [channel]  # one scale a channel
    first = channel // (outputs // (info.groups or 1)) * width
    return list(range(first, first + width))


def _summary(
    channel: int, kernel: Tensor, inputs: list[int], bias: float | None, strongest: int
) -> FilterSummary:
    """Of one kernel I×kH×kW or I; its first axis is ``inputs``, or all, where a table chose."""
    if len(inputs) != len(kernel):
        kernel = kernel[inputs]
    norms = kernel.flatten(1).norm(dim=1) if kernel.ndim > 1 else kernel.abs()
    best = norms.topk(min(strongest, len(norms)))
    low, high = kernel.aminmax()
    return FilterSummary(
        channel=channel,
        norm=float(norms.norm()),
        mean=float(kernel.mean()),
        std=float(kernel.std(correction=0)),
        min=float(low),
        max=float(high),
        bias=bias,
        strongest=[
            InputChannelNorm(channel=inputs[place], norm=norm)
            for place, norm in zip(best.indices.tolist(), best.values.tolist(), strict=True)
        ],
    )


def _by_output(weight: Tensor, groups: int) -> Tensor:
    """A transposed convolution's I×O/groups×kH×kW as O×I/groups×kH×kW."""
    inputs, outputs, *size = weight.shape
    split = weight.reshape(groups, inputs // groups, outputs, *size)
    return split.transpose(1, 2).reshape(groups * outputs, inputs // groups, *size)
