"""What a picture is made for, and the objectives that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from app.services.catalog import Loaded
from app.services.graph import Graph
from app.services.maximize import objectives
from app.services.maximize.objectives import Objective
from app.services.maximize.values import Values

Measure = Literal["mean", "value", "objective"]


@dataclass(frozen=True)
class Unit:
    """A channel of a layer, one place (y, x) of its map, a class, or a direction.

    A class has the network's output for its layer, and is a channel of it.
    """

    layer: str
    channel: int | None = None
    place: tuple[int, int] | None = None
    class_: int | None = None
    direction: tuple[float, ...] | None = None

    def objective(self) -> Objective:
        """Its activation, in one picture or in each of several."""
        if self.direction is not None:
            return objectives.direction(self.layer, torch.tensor(self.direction))
        assert self.channel is not None
        if self.class_ is not None:
            return objectives.logit(self.class_)
        if self.place is not None:
            return objectives.neuron(self.layer, self.channel, *self.place)
        return objectives.channel(self.layer, self.channel)

    def measure(self, graph: Graph) -> Measure:
        """Of what its score is."""
        if self.direction is not None:
            return "objective"
        is_map = len(graph.layer(self.layer).output_shape) == 3
        return "mean" if is_map and self.place is None else "value"

    def title(self, loaded: Loaded) -> str:
        """``conv4_3 · 178``; of a class its name."""
        if self.class_ is not None:
            return loaded.spec.classes[self.class_]
        name = layer_title(loaded.graph, self.layer)
        if self.direction is not None:
            return f"{name} · direction"
        where = "" if self.place is None else f" ({self.place[0]}, {self.place[1]})"
        return f"{name} · {self.channel}{where}"


def layer_title(graph: Graph, layer: str) -> str:
    """The name that people know a layer's stage by, where the layer is what the stage shows."""
    stage = graph.stage(graph.layer(layer).stage)
    known = graph.layer(layer).name
    return known or ((stage.name or stage.id) if stage.output == layer else layer)


def each(units: Sequence[Unit]) -> Objective:
    """One unit for each picture of a batch."""
    if len(units) == 1:
        return units[0].objective()
    first = units[0]
    channels = [unit.channel for unit in units if unit.channel is not None]
    if len(channels) == len(units) and {unit.layer for unit in units} == {first.layer}:
        if all(unit.class_ is not None for unit in units):
            return objectives.logit(channels)
        places = {unit.place for unit in units}
        if places == {None}:
            return objectives.channel(first.layer, channels)
        if len(places) == 1 and first.place is not None:
            return objectives.neuron(first.layer, channels, *first.place)
    return _one_each([unit.objective() for unit in units])


def _one_each(several: list[Objective]) -> Objective:
    """Of several objectives the first for the first picture, and so on."""

    def score(values: Values) -> Tensor:
        scores = [one.score(values) for one in several]  # each N
        mine = values.mine(range(len(several)), len(scores[0]))
        return torch.stack([scores[number][place] for place, number in enumerate(mine)])

    needs = objectives.joint(*several).needs
    return Objective(f"{len(several)} units", needs, score, count=len(several))
