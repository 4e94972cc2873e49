"""A unit among others: its kernel, the channels that it reads, and those that read it."""

from __future__ import annotations

from dataclasses import dataclass

from app.schemas import LayerInfo, LinkedUnit
from app.services.catalog import Loaded
from app.services.filters import bias, kernel_shape
from app.services.links import Links
from app.services.neuron import UnknownUnitError


@dataclass(frozen=True)
class Card:
    """What is known of a unit; see `app.schemas.UnitCard`."""

    layer: LayerInfo
    class_label: str | None
    weighted_layer: str | None
    kernel_shape: list[int] | None
    bias: float | None
    before: list[LinkedUnit]
    after: list[LinkedUnit]


def unit_card(loaded: Loaded, layer_id: str, channel: int, most: int = 12) -> Card:
    """The card of a channel, with ``most`` links each way, those with the largest norms first.

    Raises UnknownLayerError, UnknownUnitError.
    """
    network, graph = loaded.network, loaded.graph
    info = graph.layer(layer_id)
    _check_channel(info, channel)
    links = Links(network, graph)
    base, place, scale = links.descend(info, channel)
    has_kernel = base.id in links.weighted
    added = bias(network, graph, base.id) if has_kernel else None
    return Card(
        layer=info,
        class_label=_class_label(loaded, info, channel),
        weighted_layer=base.id if has_kernel else None,
        kernel_shape=list(kernel_shape(network, graph, base.id)) if has_kernel else None,
        bias=None if added is None else float(added[place]),
        before=links.before(base, place, scale, most),
        after=links.after(info, channel, most),
    )


def _check_channel(layer: LayerInfo, channel: int) -> None:
    if len(layer.output_shape) not in (1, 3):
        raise UnknownUnitError(f"Layer {layer.id!r} only rearranges values: it has no channels.")
    count = layer.output_shape[0]
    if not 0 <= channel < count:
        raise UnknownUnitError(
            f"Layer {layer.id!r} has channels 0 to {count - 1}; there is no channel {channel}."
        )


def _class_label(loaded: Loaded, layer: LayerInfo, channel: int) -> str | None:
    """The class that an output unit stands for, or a map that is only averaged into one."""
    graph, classes = loaded.graph, loaded.spec.classes
    output = graph.layer(graph.output)
    at = output
    while at.id != layer.id and at.role in ("elementwise", "reshape", "pool"):
        at = graph.layer(at.inputs[0])
    if at.id != layer.id and layer.stage != output.stage:
        return None
    return classes[channel] if layer.output_shape[0] == len(classes) else None
