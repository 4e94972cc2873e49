"""What objectives read: the values of layers, whichever of their channels were computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

import torch
from torch import Tensor

from app.services.graph import Graph

T = TypeVar("T")

LOGITS = ""  # stands for the network's output, whatever its layer is called

# Layer id → the channels that are read; None: all of them.
Needs = Mapping[str, frozenset[int] | None]


class UnknownChannelError(LookupError):
    """A layer has no such channel; the message says how many it has."""

    def __init__(self, layer: str, channel: int, channels: int) -> None:
        self.layer, self.channel, self.channels = layer, channel, channels
        super().__init__(
            f"{layer!r} has no channel {channel}: it has {channels}, numbered from 0 to "
            f"{channels - 1}."
        )


def merged(needs: Iterable[Needs]) -> Needs:
    """What several objectives need together."""
    together: dict[str, frozenset[int] | None] = {}
    for one in needs:
        for layer, channels in one.items():
            known = together.get(layer, frozenset())
            together[layer] = None if channels is None or known is None else known | channels
    return together


def checked(needs: Needs, graph: Graph) -> Needs:
    """The same with layer ids that exist in ``graph``.

    Raises UnknownLayerError and UnknownChannelError.
    """
    named = [{layer or graph.output: channels} for layer, channels in needs.items()]
    for layer, channels in merged(named).items():
        count = graph.layer(layer).output_shape[0]
        for channel in sorted(channels or ()):
            if not 0 <= channel < count:
                raise UnknownChannelError(layer, channel, count)
    return merged(named)


def units(needs: Needs) -> dict[str, list[int]]:
    """The channels of each layer that is not read as a whole, in order: what to compute."""
    return {layer: sorted(channels) for layer, channels in needs.items() if channels is not None}


class Values:
    """The values of some layers for a batch of N pictures, in float32.

    ``values`` hold layer → N×C×h×w (N×C for dense layers), where C are the channels in ``units``
    for a layer that stands there, and all of them for others. ``first`` is the number of the
    first of these pictures, where they are a part of a batch.
    """

    def __init__(
        self,
        values: Mapping[str, Tensor],
        graph: Graph,
        units: Mapping[str, Sequence[int]],
        first: int = 0,
    ) -> None:
        self._values, self._graph, self._units, self._first = values, graph, units, first

    def maps(self, layer: str) -> Tensor:
        """All channels of a layer: N×C×h×w; h = w = 1 for dense layers."""
        value = self._values[layer or self._graph.output].float()
        return value if value.ndim == 4 else value.flatten(1)[:, :, None, None]

    def channel(self, layer: str, channels: int | Sequence[int]) -> Tensor:
        """One channel's map for each picture, N×h×w: the same, or one of a sequence for each."""
        maps = self.maps(layer)
        known = self._units.get(layer or self._graph.output)
        if isinstance(channels, int):
            return maps[:, channels if known is None else known.index(channels)]
        mine = tuple(self.mine(channels, len(maps)))
        columns = mine if known is None else tuple(map(known.index, mine))
        pictures, places = _index(columns, maps.device)
        return maps[pictures, places]

    def mine(self, each: Sequence[T], count: int) -> Sequence[T]:
        """Of something that there is one of for each picture of the batch: these pictures'."""
        return each[self._first : self._first + count]

    def place(self, layer: str, y: int | None, x: int | None) -> tuple[int, int]:
        """Where position (y, x) of a layer's map lies in these maps; None: the middle.

        Positions are those at the network's own input size; at another size the map has more or
        fewer of them. Raises ValueError for a position that does not exist.
        """
        shape = (*self._graph.layer(layer or self._graph.output).output_shape[1:], 1, 1)
        height, width = self.maps(layer).shape[2:]
        return _scaled(y, shape[0], height), _scaled(x, shape[1], width)


def _scaled(position: int | None, own: int, here: int) -> int:
    if position is None:
        return here // 2
    if not 0 <= position < own:
        raise ValueError(f"There is no position {position} in a map of {own}.")
    return int((position + 0.5) * here / own)


@lru_cache(maxsize=256)  # on a GPU, making them anew would wait for it in every step
def _index(columns: tuple[int, ...], device: torch.device) -> tuple[Tensor, Tensor]:
    return torch.arange(len(columns), device=device), torch.tensor(columns, device=device)
