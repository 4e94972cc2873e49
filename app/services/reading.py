"""What one unit of a weighted, pooling or merging layer reads, and with which weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from app.schemas import LayerInfo
from app.services.graph import Graph
from models.layers import MinPool2d, SameConv2d, SparseConv2d, Subsample

Index = tuple[int, ...]  # channel, y, x; dense: channel


@dataclass(frozen=True)
class Window:
    """The window that a unit reads: cell (k, i, j) is row ``top + i·dilation[0]`` and so on."""

    channels: list[int]
    top: int
    left: int
    height: int
    width: int
    dilation: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class Reading:
    """One entry an incoming edge: ``values`` × ``weights``, both float64.

    ``sources`` are, in the same order, the layers read and the flat indices in their values.
    """

    values: Tensor
    weights: Tensor
    sources: list[tuple[str, Tensor]]
    bias: float = 0.0
    window: Window | None = None


def read(
    network: nn.Module, graph: Graph, layer: LayerInfo, activations: dict[str, Tensor], unit: Index
) -> Reading:
    """What ``unit`` of ``layer`` reads. ``activations`` are one image's, without a batch."""
    module = graph.module(network, layer.id)
    if layer.role == "input":
        return _only(layer.id, activations[layer.id], unit)
    if isinstance(module, nn.Linear) and len(layer.output_shape) == 1:
        return _dense(module, layer.inputs[0], activations, unit[0])
    source = activations[layer.inputs[0]]
    taps = _taps(module, layer, source, unit)
    if taps is not None:
        reading = _windowed(layer.inputs[0], source, taps)
        return _weigh(module, layer, reading, taps, unit)
    if layer.type == "Mul" and len(layer.inputs) == 2:
        return _product(layer, activations, unit)
    return _sum(graph, layer, activations, unit) or _by_gradient(
        network, graph, layer, activations, unit
    )


def _only(layer: str, values: Tensor, unit: Index) -> Reading:
    value = values[unit].double().reshape(1)
    place = torch.tensor([flat_index(values.shape, unit)])
    return Reading(value, torch.ones_like(value), [(layer, place)])


def flat_index(shape: Sequence[int], unit: Index) -> int:
    """The position of a unit in its layer's values, row by row."""
    return int(np.ravel_multi_index(unit, tuple(shape)))


def _dense(module: nn.Linear, source: str, activations: dict[str, Tensor], channel: int) -> Reading:
    weights = module.weight[channel].detach().double().cpu()
    sources = [(source, torch.arange(len(weights)))]
    return Reading(activations[source].double(), weights, sources, _bias(module, channel))


def _bias(module: nn.Module, channel: int) -> float:
    bias = getattr(module, "bias", None)
    return float(bias[channel].detach()) if isinstance(bias, Tensor) else 0.0


@dataclass(frozen=True)
class _Taps:
    """The cells of a window that lie inside the source.

    ``rows`` and ``columns`` are positions in the source, ``cells`` the same in the kernel.
    """

    window: Window
    rows: list[int]
    columns: list[int]
    row_cells: list[int]
    column_cells: list[int]
    extent: tuple[int, int]  # height and width of the source


def _taps(module: nn.Module | None, layer: LayerInfo, source: Tensor, unit: Index) -> _Taps | None:
    """None for layers whose windows do not slide evenly over zero padding."""
    if isinstance(module, nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d):
        return _adaptive_taps(source, layer.output_shape, unit)
    if not _slides(module):
        return None
    down, right = layer.stride or (1, 1)
    above, before = layer.padding or (0, 0)
    return _inside(
        Window(
            _channels(layer, module, unit[0]),
            unit[1] * down - above,
            unit[2] * right - before,
            *(layer.kernel_size or (1, 1)),
            layer.dilation or (1, 1),
        ),
        source,
    )


def _slides(module: nn.Module | None) -> bool:
    if isinstance(module, nn.Conv2d):
        # Another subclass may change its weights on the way (weight standardization).
        return type(module) in (nn.Conv2d, SameConv2d) and module.padding_mode == "zeros"
    return isinstance(module, SparseConv2d | Subsample | nn.MaxPool2d | nn.AvgPool2d | MinPool2d)


def _channels(layer: LayerInfo, module: nn.Module | None, channel: int) -> list[int]:
    """The channels of the source that an output channel reads."""
    if layer.connections is not None:
        return layer.connections[channel]
    if not isinstance(module, nn.Conv2d):
        return [channel]
    width = module.in_channels // module.groups
    first = channel // (module.out_channels // module.groups) * width
    return list(range(first, first + width))


def _inside(window: Window, source: Tensor) -> _Taps:
    down, right = window.dilation
    rows = [(i, window.top + i * down) for i in range(window.height)]
    columns = [(j, window.left + j * right) for j in range(window.width)]
    rows = [(i, y) for i, y in rows if 0 <= y < source.shape[1]]
    columns = [(j, x) for j, x in columns if 0 <= x < source.shape[2]]
    return _Taps(
        window,
        [y for _, y in rows],
        [x for _, x in columns],
        [i for i, _ in rows],
        [j for j, _ in columns],
        (source.shape[1], source.shape[2]),
    )


def _adaptive_taps(source: Tensor, shape: list[int], unit: Index) -> _Taps:
    """PyTorch's windows: from ⌊y·H/h⌋ to ⌈(y+1)·H/h⌉; they may differ in size and overlap."""
    bounds = []
    for axis in (1, 2):
        size = source.shape[axis]
        count = shape[axis] if axis < len(shape) else 1
        place = unit[axis] if axis < len(unit) else 0
        bounds.append((place * size // count, -((-(place + 1) * size) // count)))
    (top, bottom), (left, right) = bounds
    return _inside(Window([unit[0]], top, left, bottom - top, right - left), source)


def _windowed(name: str, source: Tensor, taps: _Taps) -> Reading:
    """The values in the window, channel by channel and row by row; the weights are still 1."""
    channels = torch.tensor(taps.window.channels)[:, None, None]
    rows, columns = torch.tensor(taps.rows)[:, None], torch.tensor(taps.columns)
    values = source[channels, rows, columns].double().flatten()
    height, width = taps.extent
    places = ((channels * height + rows) * width + columns).flatten()
    return Reading(values, torch.ones_like(values), [(name, places)], window=taps.window)


def _weigh(
    module: nn.Module | None, layer: LayerInfo, reading: Reading, taps: _Taps, unit: Index
) -> Reading:
    if isinstance(module, nn.Conv2d | SparseConv2d):
        kernel = module.weight[unit[0]].detach().double().cpu()  # channels, kH, kW
        if layer.connections is not None:
            kernel = kernel[taps.window.channels]
        kernel = kernel[:, taps.row_cells][:, :, taps.column_cells]
        return replace(reading, weights=kernel.flatten(), bias=_bias(module, unit[0]))
    if isinstance(module, Subsample):
        weights = module.weight[unit[0]].detach().double().cpu().expand_as(reading.values)
        return replace(reading, weights=weights, bias=_bias(module, unit[0]))
    if isinstance(module, nn.MaxPool2d | nn.AdaptiveMaxPool2d):
        winner = torch.zeros_like(reading.values)
        winner[reading.values.argmax()] = 1.0
        return replace(reading, weights=winner)
    if isinstance(module, MinPool2d):
        winner = torch.zeros_like(reading.values)
        winner[reading.values.argmin()] = 1.0
        return replace(reading, weights=winner)
    share = 1.0 / _divisor(module, layer, taps)
    return replace(reading, weights=torch.full_like(reading.values, share))


def _divisor(module: nn.Module | None, layer: LayerInfo, taps: _Taps) -> int:
    """By how much an average pooling divides the sum of its window."""
    if not isinstance(module, nn.AvgPool2d) or not module.count_include_pad:
        return getattr(module, "divisor_override", None) or len(taps.rows) * len(taps.columns)
    below, right = layer.padding or (0, 0)
    # The bottom and the right padding count as well, but not what ceil_mode adds beyond them.
    height = min(taps.window.top + taps.window.height, taps.extent[0] + below)
    width = min(taps.window.left + taps.window.width, taps.extent[1] + right)
    return module.divisor_override or (height - taps.window.top) * (width - taps.window.left)


def _product(layer: LayerInfo, activations: dict[str, Tensor], unit: Index) -> Reading:
    """A product of two layers (a gate): the second one's value is the weight of the first's."""
    first, second = (activations[source] for source in layer.inputs)
    places = [_broadcast(values, unit) for values in (first, second)]
    reading = _only(layer.inputs[0], first, places[0])
    return replace(reading, weights=second[places[1]].double().reshape(1))


def _sum(
    graph: Graph, layer: LayerInfo, activations: dict[str, Tensor], unit: Index
) -> Reading | None:
    """An addition of different layers, or a concatenation of channels: weights of 1.

    None for all else, and where a layer stands twice. (``_by_gradient`` could do it too, but it
    copies whole layers.)
    """
    if len(set(layer.inputs)) < len(layer.inputs):
        return None
    arguments = graph.arguments(layer.id)
    if layer.type == "Add" and arguments == ["x", "x"]:
        places = [(name, _broadcast(activations[name], unit)) for name in layer.inputs]
    elif layer.type == "Cat" and arguments[1:] in ([1], [-len(layer.output_shape)]):
        places = [_branch(layer, activations, unit)]
    else:
        return None
    parts = [_only(name, activations[name], place) for name, place in places]
    return Reading(
        torch.cat([part.values for part in parts]),
        torch.cat([part.weights for part in parts]),
        [source for part in parts for source in part.sources],
    )


def _branch(layer: LayerInfo, activations: dict[str, Tensor], unit: Index) -> tuple[str, Index]:
    """The layer, and its unit, that a unit of a concatenation comes from."""
    channel = unit[0]
    for name in layer.inputs:
        width = len(activations[name])
        if channel < width:
            return name, (channel, *unit[1:])
        channel -= width
    raise IndexError(f"{layer.id!r} has no channel {unit[0]}")


def _broadcast(values: Tensor, unit: Index) -> Index:
    return tuple(0 if size == 1 else place for size, place in zip(values.shape, unit, strict=True))


def _by_gradient(
    network: nn.Module, graph: Graph, layer: LayerInfo, activations: dict[str, Tensor], unit: Index
) -> Reading:
    """Any other layer that is linear piece by piece: its weights are its derivatives.

    So for additions, concatenations, transposed convolutions, upsampling. What has the
    derivative 0 is not read.
    """
    names = list(dict.fromkeys(layer.inputs))
    device = next(network.parameters(), torch.empty(0)).device
    leaves = {name: activations[name].clone().to(device)[None].requires_grad_() for name in names}
    with torch.enable_grad():
        output = graph.apply(network, layer.id, *(leaves[name] for name in layer.inputs))[0][unit]
    gradients = torch.autograd.grad(output, list(leaves.values()), allow_unused=True)
    values, weights, sources = [], [], []
    for name, gradient in zip(names, gradients, strict=True):
        if gradient is None:
            continue
        slopes = gradient.flatten().cpu()
        places = slopes.nonzero().flatten()
        values.append(activations[name].flatten()[places].double())
        weights.append(slopes[places].double())
        sources.append((name, places))
    reading = Reading(torch.cat(values), torch.cat(weights), sources)
    return replace(reading, bias=_offset(graph.module(network, layer.id), reading, unit, output))


def _offset(module: nn.Module | None, reading: Reading, unit: Index, output: Tensor) -> float:
    """The layer's bias, or what the products leave open; nothing below float32's rounding."""
    if module is not None and isinstance(getattr(module, "bias", None), Tensor):
        return _bias(module, unit[0])
    products = reading.values * reading.weights
    rest = float(output.detach()) - float(products.sum())
    return rest if abs(rest) > 1e-5 * float(products.abs().sum()) else 0.0
