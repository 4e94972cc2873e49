"""The arithmetic of one neuron: what it read, its weights, the sum, the steps to its output."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from app.schemas import Box, LayerInfo, Neuron, Patch, Source, Step
from app.services.graph import Graph
from app.services.operations import PASS_THROUGH, is_nonlinearity
from app.services.reading import Index, Reading, flat_index, read
from app.services.receptive import box
from app.services.steps import step


class UnknownUnitError(LookupError):
    """The layer has no such channel or position; the message names the valid range."""


def explain(  # noqa: PLR0917 - a unit's address is four of them
    network: nn.Module,
    graph: Graph,
    activations: dict[str, Tensor],
    layer: str,
    channel: int,
    y: int | None = None,
    x: int | None = None,
) -> Neuron:
    """The arithmetic of unit (channel, y, x) of ``layer``.

    ``activations`` are one image's layers, C×H×W or C ("input" included), as in Pass.
    ``y`` and ``x`` are ignored in dense layers. Sums are taken in float64; ``output`` is the
    network's own float32 value.
    Raises UnknownLayerError and UnknownUnitError.
    """
    info = graph.layer(layer)
    unit = _unit(info, channel, y, x)
    values = {name: value.detach().cpu() for name, value in activations.items()}
    base, base_unit, chain = _descend(graph, info, unit)
    reading = read(network, graph, base, values, base_unit)
    products = reading.values * reading.weights
    total = float(products.sum()) + reading.bias
    return Neuron(
        model=graph.model,
        layer=layer,
        type=info.type,
        weighted_layer=base.id,
        channel=channel,
        y=unit[1] if len(unit) > 1 else None,
        x=unit[2] if len(unit) > 2 else None,
        inputs=reading.values.tolist(),
        weights=reading.weights.tolist(),
        products=products.tolist(),
        sources=_sources(graph, reading),
        patch=_patch(graph, reading),
        bias=reading.bias,
        sum=total,
        steps=_steps(network, graph, chain, values, total),
        activation=_activation(graph, chain),
        output=float(values[layer][unit]),
        receptive_field=_box(graph, base, base_unit),
    )


def _unit(layer: LayerInfo, channel: int, y: int | None, x: int | None) -> Index:
    """The address, as long as the layer's shape. Raises UnknownUnitError."""
    shape = layer.output_shape
    if len(shape) > 3:
        raise UnknownUnitError(f"Layer {layer.id!r} only rearranges values, on {len(shape)} axes.")
    address = (channel, *(0 if place is None else place for place in (y, x)))[: len(shape)]
    if all(0 <= place < size for place, size in zip(address, shape, strict=True)):
        return address
    names = ("channels", "rows", "columns")
    ranges = ", ".join(f"{name} 0 to {size - 1}" for name, size in zip(names, shape, strict=False))
    raise UnknownUnitError(f"Layer {layer.id!r} has {ranges}; there is no unit {address}.")


Chain = list[tuple[LayerInfo, Index]]


def _descend(graph: Graph, layer: LayerInfo, unit: Index) -> tuple[LayerInfo, Index, Chain]:
    """Down to the layer that gathers its inputs, and the elementwise layers above it, in order."""
    chain: Chain = []
    while layer.role in ("elementwise", "reshape"):
        if layer.role == "elementwise":
            chain.insert(0, (layer, unit))
        below = graph.layer(layer.inputs[0])
        if layer.role == "reshape":
            unit = _index(below, int(moved(graph, layer)[flat_index(layer.output_shape, unit)]))
        layer = below
    return layer, unit, chain


def moved(graph: Graph, layer: LayerInfo) -> Tensor:
    """For every unit of a reshaping layer, the flat index of the unit that it shows."""
    shape = graph.layer(layer.inputs[0]).output_shape
    places = torch.arange(math.prod(shape)).reshape(1, *shape)
    return graph.apply(graph.traced, layer.id, places).flatten()


def _index(layer: LayerInfo, place: int) -> Index:
    """The address of the unit at a flat index."""
    return tuple(int(i) for i in np.unravel_index(place, layer.output_shape))


def _steps(
    network: nn.Module, graph: Graph, chain: Chain, values: dict[str, Tensor], value: float
) -> list[Step]:
    steps: list[Step] = []
    for layer, unit in chain:
        steps.append(step(network, graph, values, layer, unit, value=value))
        value = steps[-1].output
    return steps


def _activation(graph: Graph, chain: Chain) -> str | None:
    bends = [
        layer.type for layer, _ in chain if is_nonlinearity(layer, graph.modules.get(layer.id))
    ]
    return bends[-1] if bends else None


def _sources(graph: Graph, reading: Reading) -> list[Source]:
    """The units that hold the values read, behind reshaping and dropout."""
    sources: list[Source] = []
    for name, read_places in reading.sources:
        layer, places = _holder(graph, graph.layer(name), read_places)
        units = np.unravel_index(places.numpy(), layer.output_shape)
        addresses = zip(*(axis.tolist() for axis in units), strict=True)
        sources += [Source(layer.id, *address) for address in addresses]
    return sources


def _holder(graph: Graph, layer: LayerInfo, places: Tensor) -> tuple[LayerInfo, Tensor]:
    """The layer that really holds the values at ``places`` of a layer, and their places in it."""
    while layer.role == "reshape" or isinstance(graph.modules.get(layer.id), PASS_THROUGH):
        if layer.role == "reshape":
            places = moved(graph, layer)[places]
        layer = graph.layer(layer.inputs[0])
    return layer, places


def _patch(graph: Graph, reading: Reading) -> Patch | None:
    """The window, unless a reshaping layer lies between it and the layer that holds the values."""
    if reading.window is None:
        return None
    source = graph.layer(reading.sources[0][0])
    holder, _ = _holder(graph, source, torch.empty(0, dtype=torch.long))
    if holder.output_shape != source.output_shape:
        return None
    return Patch(layer=holder.id, **vars(reading.window))


def _box(graph: Graph, layer: LayerInfo, unit: Index) -> Box:
    """The receptive field of a unit, clipped to the input."""
    y, x = (*unit[1:], 0, 0)[:2]
    return box(layer.receptive_field, y, x, graph.layer("input").output_shape)
