"""Which channels read which, through pools, concatenations and additions, and how strongly.

A kernel counts times the scale of the batch normalization that follows it, so that the numbers
of different channels can be compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

from app.schemas import LayerInfo, LinkedUnit
from app.services.filter_summary import inputs_of
from app.services.filters import kernels, over_maps, source_of, weighted_layers
from app.services.graph import Graph
from app.services.neuron import moved
from app.services.operations import BATCH_NORMS, PASS_THROUGH
from models.layers import SparseConv2d, Subsample

_SAME_CHANNEL = ("Add", "Sub", "Mul")  # merges out of which a channel comes with its number
_ADDITIONS = 8  # so many are crossed at most until somebody reads a channel


@dataclass(frozen=True)
class _At:
    """Parts of a layer: ``units`` number blocks of ``stride`` values (a channel is one block)."""

    layer: LayerInfo
    units: Tensor
    stride: int
    scale: float = 1.0


class Links:
    """The links between the channels of one network."""

    def __init__(self, network: nn.Module, graph: Graph) -> None:
        self._network, self._graph = network, graph

    @cached_property
    def weighted(self) -> set[str]:
        """Layers with kernels; a batch normalization counts with what it follows."""
        names = weighted_layers(self._graph)
        return {name for name in names if self._graph.layer(name).role == "weighted"}

    def descend(self, layer: LayerInfo, channel: int) -> tuple[LayerInfo, int, float]:
        """Down to the layer that gathers inputs: it, its channel, the scale on the way."""
        scale = 1.0
        while layer.role in ("elementwise", "reshape"):
            if layer.role == "elementwise":
                scale *= self._scale(layer, channel)
            layer, channel = self._below(layer, channel)
        return layer, channel, scale

    def before(self, base: LayerInfo, channel: int, scale: float, most: int) -> list[LinkedUnit]:
        """The ``most`` channels that a channel of ``base`` reads most strongly.

        A layer without a kernel reads with weights of 1.
        """
        if base.id in self.weighted:
            source, inputs, kernel = self._row(base, channel)
            return [
                self._link(*self._origin(source, inputs[i]), kernel[i] * scale)
                for i in _strongest(kernel, most)
            ]
        if base.role == "weighted":
            return []
        if base.type == "Cat":
            sources = [self._branch(base, channel)]
        else:
            alike = [self._graph.layer(source) for source in dict.fromkeys(base.inputs)]
            alike = [each for each in alike if each.output_shape[0] == base.output_shape[0]]
            sources = [(each, channel) for each in alike]
        one = torch.tensor([scale])
        return [self._link(*self._origin(*source), one) for source in sources][:most]

    def after(self, layer: LayerInfo, channel: int, most: int) -> list[LinkedUnit]:
        """The ``most`` channels of the next layers with kernels that read a channel most strongly.

        Additions are crossed only where nobody else reads it.
        """
        begin = _At(layer, torch.tensor([channel]), math.prod(layer.output_shape[1:]))
        for additions in range(_ADDITIONS):
            readers = list(self._readers_of(begin, additions))
            if readers:
                links = [link for at, reader in readers for link in self._read(at, reader, most)]
                return sorted(links, key=lambda link: -link.norm)[:most]
        return []

    def _scale(self, layer: LayerInfo, channel: int) -> float:
        """By what a batch normalization multiplies a channel; 1 for all other layers."""
        scales = self._scales(layer)
        return 1.0 if scales is None else float(scales[channel])

    def _scales(self, layer: LayerInfo) -> Tensor | None:
        module = self._graph.modules.get(layer.id)
        if not isinstance(module, BATCH_NORMS) or module.weight is None:
            return None
        return kernels(self._network, self._graph, layer.id).flatten()

    def _below(self, layer: LayerInfo, channel: int) -> tuple[LayerInfo, int]:
        """The layer that one of these reads, and the channel of it that a channel comes from."""
        below = self._graph.layer(layer.inputs[0])
        if layer.role != "reshape":
            return below, channel
        place = int(moved(self._graph, layer)[channel * math.prod(layer.output_shape[1:])])
        while len(below.output_shape) not in (1, 3):  # on the way of a channel shuffle
            place = int(moved(self._graph, below)[place])
            below = self._graph.layer(below.inputs[0])
        return below, place // math.prod(below.output_shape[1:])

    def _origin(self, layer: LayerInfo, channel: int) -> tuple[LayerInfo, int]:
        """Where a channel was computed: behind pools, concatenations, dropout and reshaping."""
        while True:
            if layer.type == "Cat" and layer.role == "merge":
                layer, channel = self._branch(layer, channel)
            elif layer.role in ("pool", "reshape") or self._hands_on(layer):
                layer, channel = self._below(layer, channel)
            else:
                return layer, channel

    def _hands_on(self, layer: LayerInfo) -> bool:
        return isinstance(self._graph.modules.get(layer.id), PASS_THROUGH)

    def _branch(self, layer: LayerInfo, channel: int) -> tuple[LayerInfo, int]:
        """The layer, and its channel, that a channel of a concatenation is."""
        for name in layer.inputs:
            branch = self._graph.layer(name)
            if channel < branch.output_shape[0]:
                return branch, channel
            channel -= branch.output_shape[0]
        raise IndexError(f"{layer.id!r} has no channel {channel}")

    def _row(self, layer: LayerInfo, channel: int) -> tuple[LayerInfo, list[int], Tensor]:
        """The layer read, the numbers of its channels, and the kernel of each: I×values."""
        module = self._graph.module(self._network, layer.id)
        weight = _weight(module)
        if isinstance(module, nn.Linear):
            row = over_maps(self._graph, layer.id, weight[channel][None].float().cpu())[0]
            source = source_of(self._graph, layer.id)
            if row.ndim == 1:
                source = self._graph.layer(layer.inputs[0])
            return source, list(range(len(row))), row.reshape(len(row), -1)
        kernel = _own_kernel(module, weight, channel).float().cpu()
        count = layer.output_shape[0]
        inputs = inputs_of(layer, channel, count, len(kernel))
        if len(inputs) != len(kernel):
            kernel = kernel[inputs]
        return self._graph.layer(layer.inputs[0]), inputs, kernel.flatten(1)

    def _link(self, layer: LayerInfo, channel: int, kernel: Tensor) -> LinkedUnit:
        return LinkedUnit(
            layer=layer.id,
            channel=channel,
            weight=float(kernel.sum()),
            norm=float(kernel.norm()),
        )

    @cached_property
    def _readers(self) -> dict[str, list[LayerInfo]]:
        readers: dict[str, list[LayerInfo]] = {}
        for layer in self._graph.layers:
            for source in dict.fromkeys(layer.inputs):
                readers.setdefault(source, []).append(layer)
        return readers

    def _readers_of(self, begin: _At, additions: int) -> Iterator[tuple[_At, LayerInfo]]:
        """The layers with kernels that read what began as ``begin``, and as which part of what."""
        waiting, seen = [(begin, additions)], set[str]()
        while waiting:
            at, left = waiting.pop(0)
            for reader in self._readers.get(at.layer.id, []):
                if reader.id in seen:
                    continue
                seen.add(reader.id)
                if reader.id in self.weighted:
                    yield at, reader
                elif reader.type not in _SAME_CHANNEL or reader.role != "merge":
                    waiting += [(part, left) for part in self._through(at, reader)]
                elif left and reader.output_shape[0] == at.layer.output_shape[0]:
                    waiting.append((self._as(at, reader), left - 1))

    def _through(self, at: _At, reader: LayerInfo) -> list[_At]:
        """What a layer without a kernel makes of a part; nothing where it mixes channels."""
        if reader.role == "merge":
            return self._joined(at, reader) if reader.type == "Cat" else []
        if reader.role == "reshape":
            return [self._rearranged(at, reader)]
        if (
            reader.role in ("elementwise", "pool")
            and at.layer.output_shape[0] == (reader.output_shape[0])
        ):
            scale = self._scale(reader, int(at.units[0])) if len(at.units) == 1 else 1.0
            return [self._as(at, reader, at.scale * scale)]
        return []

    def _as(self, at: _At, reader: LayerInfo, scale: float | None = None) -> _At:
        known = len(reader.output_shape) in (1, 3)
        stride = math.prod(reader.output_shape[1:]) if known else at.stride
        return _At(reader, at.units, stride, at.scale if scale is None else scale)

    def _joined(self, at: _At, reader: LayerInfo) -> list[_At]:
        """The part's places in a concatenation of channels."""
        if self._graph.arguments(reader.id)[1:] not in ([1], [-len(reader.output_shape)]):
            return []
        parts, offset = [], 0
        for name in reader.inputs:
            if name == at.layer.id:
                stride = math.prod(reader.output_shape[1:])
                parts.append(_At(reader, at.units + offset, stride, at.scale))
            offset += self._graph.layer(name).output_shape[0]
        return parts

    def _rearranged(self, at: _At, reader: LayerInfo) -> _At:
        """Where a reshaping layer puts a part."""
        places = torch.isin(moved(self._graph, reader) // at.stride, at.units).nonzero().flatten()
        known = len(reader.output_shape) in (1, 3)
        stride = math.prod(reader.output_shape[1:]) if known else 1
        return _At(reader, torch.unique(places // stride), stride, at.scale)

    def _read(self, at: _At, reader: LayerInfo, most: int) -> list[LinkedUnit]:
        """The channels of a layer that read a part most strongly."""
        module = self._graph.module(self._network, reader.id)
        weight = _weight(module)
        if isinstance(module, nn.Linear):
            if len(at.layer.output_shape) != 1:
                return []
            outputs, kernel = list(range(len(weight))), weight[:, at.units]
        else:
            outputs, kernel = _readers_kernel(module, reader, weight, int(at.units[0]))
        scales = self._scales_behind(reader)
        kernel = kernel.float().cpu()
        if scales is not None:
            kernel = kernel * scales[outputs].reshape(-1, *[1] * (kernel.ndim - 1))
        shown = self._shown(reader)
        return [
            self._link(shown, outputs[i], kernel[i] * at.scale) for i in _strongest(kernel, most)
        ]

    def _scales_behind(self, layer: LayerInfo) -> Tensor | None:
        """The scales of the batch normalization that alone reads a layer."""
        readers = self._readers.get(layer.id, [])
        return self._scales(readers[0]) if len(readers) == 1 else None

    def _shown(self, layer: LayerInfo) -> LayerInfo:
        """What a viewer sees of the layer: its stage's output, where channels are the same."""
        output = self._graph.layer(self._graph.stage(layer.stage).output)
        return output if output.output_shape[:1] == layer.output_shape[:1] else layer


def _weight(module: nn.Module | None) -> Tensor:
    weight = getattr(module, "weight", None)
    assert isinstance(weight, Tensor)
    return weight.detach()


def _own_kernel(module: nn.Module | None, weight: Tensor, channel: int) -> Tensor:
    """The kernel of one output channel, I×kH×kW."""
    if isinstance(module, Subsample):
        return weight[channel].expand(1, *module.kernel_size)
    if isinstance(module, nn.ConvTranspose2d):
        width, outputs = module.in_channels // module.groups, module.out_channels // module.groups
        first = channel // outputs * width
        return weight[first : first + width, channel % outputs]
    return weight[channel]


def _readers_kernel(
    module: nn.Module | None, layer: LayerInfo, weight: Tensor, channel: int
) -> tuple[list[int], Tensor]:
    """The output channels that read an input channel, and the kernel of each over it."""
    if isinstance(module, Subsample):
        return [channel], _own_kernel(module, weight, channel)
    if isinstance(module, SparseConv2d):
        outputs = [o for o, row in enumerate(module.table) if channel in row]
        return outputs, weight[outputs, channel]
    groups = layer.groups or 1
    inputs = int(getattr(module, "in_channels", weight.shape[1] * groups))
    width, count = inputs // groups, layer.output_shape[0] // groups
    first = channel // width * count
    outputs = list(range(first, first + count))
    if isinstance(module, nn.ConvTranspose2d):
        return outputs, weight[channel]
    return outputs, weight[first : first + count, channel % width]


def _strongest(kernel: Tensor, most: int) -> list[int]:
    """The rows with the largest norms."""
    norms = kernel.flatten(1).norm(dim=1)
    order: list[int] = norms.topk(min(most, len(norms))).indices.tolist()
    return order
