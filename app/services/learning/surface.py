"""What every unit of a network on points answers, over a square of the plane."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from app.services.catalog import Loaded


@dataclass(frozen=True)
class Layer:
    """Units behind their activation: U×size×size; a dense layer's weights and bias besides."""

    id: str
    units: Tensor
    weights: Tensor | None = None
    bias: Tensor | None = None


def surface(loaded: Loaded, size: int, reach: tuple[float, float]) -> list[Layer]:
    """The inputs and every dense layer of a network with two inputs.

    Both coordinates go from ``reach[0]`` to ``reach[1]``; the first row has the largest y. The
    last layer is ``out`` as the network computes it: a sum, before any sigmoid.
    """
    graph = loaded.graph
    places = plane(size, reach)
    stages = [stage for stage in graph.stages if _is_units(loaded, stage.id)]
    wanted = [stage.output for stage in stages]
    values = loaded.runner.run(places[:, :, None, None], wanted)
    inputs = Layer("input", places.T.reshape(2, size, size))
    return [inputs, *(_layer(loaded, stage.id, values[stage.output], size) for stage in stages)]


def plane(size: int, reach: tuple[float, float]) -> Tensor:
    """The places (x, y) of a square's pixels row by row, size²×2."""
    along = torch.linspace(reach[0], reach[1], size)
    y, x = torch.meshgrid(along.flip(0), along, indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], dim=1)


def _is_units(loaded: Loaded, stage: str) -> bool:
    layer = loaded.graph.layer(stage)
    return layer.role != "input" and len(layer.output_shape) == 1 and layer.role == "weighted"


def _layer(loaded: Loaded, stage: str, values: Tensor, size: int) -> Layer:
    module = loaded.graph.module(loaded.network, stage)
    weights, bias = (getattr(module, name, None) for name in ("weight", "bias"))
    if not isinstance(module, nn.Linear):
        weights = bias = None
    units = values.T.reshape(-1, size, size).cpu()
    return Layer(stage, units, _plain(weights), _plain(bias))


def _plain(values: Tensor | None) -> Tensor | None:
    return None if values is None else values.detach().cpu()
