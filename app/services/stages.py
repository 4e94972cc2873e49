"""Stages: what a viewer draws as one layer (conv1, bn1, relu1 → stage conv1)."""

from __future__ import annotations

import math
from collections import Counter

from torch import nn

from app.schemas import LayerInfo, StageInfo
from app.services.operations import PASS_THROUGH, is_nonlinearity


def assign(layers: list[LayerInfo]) -> list[LayerInfo]:
    """The layers with their ``stage`` filled in.

    An elementwise or reshaping layer joins the stage of the one that it reads, unless others
    read that one too: then both values have to be seen, and a new stage begins.
    """
    readers = Counter(source for layer in layers for source in set(layer.inputs))
    stage_of: dict[str, str] = {}
    for layer in layers:
        follows = layer.role in ("elementwise", "reshape") and readers[layer.inputs[0]] == 1
        stage_of[layer.id] = stage_of[layer.inputs[0]] if follows else layer.id
    return [layer.model_copy(update={"stage": stage_of[layer.id]}) for layer in layers]


def collect(layers: list[LayerInfo], modules: dict[str, nn.Module]) -> list[StageInfo]:
    """The stages of layers that know their stage, in order."""
    members: dict[str, list[LayerInfo]] = {}
    for layer in layers:
        members.setdefault(layer.stage, []).append(layer)
    stage_of = {layer.id: layer.stage for layer in layers}
    return [_stage(chain, stage_of, modules) for chain in members.values()]


def _stage(
    chain: list[LayerInfo], stage_of: dict[str, str], modules: dict[str, nn.Module]
) -> StageInfo:
    head = chain[0]
    changing = [
        layer
        for layer in chain[1:]
        if layer.role == "elementwise" and not isinstance(modules.get(layer.id), PASS_THROUGH)
    ]
    shown = changing[-1] if changing else head
    activations = [layer for layer in changing if is_nonlinearity(layer, modules.get(layer.id))]
    return StageInfo(
        id=head.id,
        name=head.name,
        output=shown.id,
        layers=[layer.id for layer in chain],
        inputs=list(dict.fromkeys(stage_of[source] for source in head.inputs)),
        shape=shown.output_shape,
        units=math.prod(shown.output_shape),
        activation=activations[-1].type if activations else None,
    )
