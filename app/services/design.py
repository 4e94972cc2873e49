"""Networks put together from a list of layers: what they come to, and what cannot be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from app.schemas import Design, DesignLayerInfo, TrainingProblem
from models.design import DesignError, Part, Shape, parts

MOST_PARAMETERS = 50_000_000  # of a network that is put together here
MOST_VALUES = 16_000_000  # that it computes for one picture: 64 MB
_NUMBER = 4  # bytes
_BLOCK = 7  # modules of a residual block whose values are kept for the way back


def plain_layers(design: Design) -> list[dict[str, Any]]:
    """The layers as models.design takes them."""
    return [layer.model_dump() for layer in design.layers]


def check(
    design: Design, input_shape: Shape, classes: int
) -> tuple[list[DesignLayerInfo], list[TrainingProblem]]:
    """Each layer's output, parameters and multiply-adds for one picture; and why it cannot be.

    ``classes`` is the number of outputs. Layers stand up to the first that cannot be. The last
    one is ``out``, with ``index`` the number of layers in the design. Nothing is allocated.
    """
    infos: list[DesignLayerInfo] = []
    try:
        with torch.device("meta"):
            for part in parts(plain_layers(design), input_shape, classes):
                if part.index is not None:
                    infos.append(_info(design, part, part.index))
    except DesignError as error:
        field = f"design.layers.{error.index}.{error.field}"
        return infos, [TrainingProblem(field=field, detail=str(error))]
    return infos, [*_too_many_parameters(infos), *_too_many_values(infos)]


def training_bytes(layers: Sequence[DesignLayerInfo], batch: int, averaged: bool = False) -> int:
    """About the memory that training takes: values for the way back, weights, gradient, moments,
    and the weights' average where there is one.
    """
    parameters = sum(layer.parameters for layer in layers)
    return _NUMBER * ((5 if averaged else 4) * parameters + 2 * batch * sum(map(_values, layers)))


def _info(design: Design, part: Part, index: int) -> DesignLayerInfo:
    kind = design.layers[index].type if index < len(design.layers) else "dense"
    return DesignLayerInfo(
        index=index,
        id=part.id,
        type=kind,
        output_shape=list(part.shape),
        parameters=sum(parameter.numel() for parameter in part.module.parameters()),
        macs=_multiply_adds(part),
    )


def _multiply_adds(part: Part) -> int:
    """All convolutions of a part give maps of its own size."""
    weighted = [m for m in part.module.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    return sum(module.weight.numel() for module in weighted) * math.prod(part.shape[1:])


def _too_many_parameters(infos: list[DesignLayerInfo]) -> list[TrainingProblem]:
    total = sum(info.parameters for info in infos)
    if total <= MOST_PARAMETERS:
        return []
    most = max(infos, key=lambda info: info.parameters)
    detail = (
        f"The network would have {total:,} parameters, {most.parameters:,} of them in {most.id}; "
        f"at most {MOST_PARAMETERS:,} are trained here."
    )
    if most.type == "dense":
        detail += " A pooling layer before it makes it smaller."
    return [TrainingProblem(field=_place(infos, most), detail=detail)]


def _too_many_values(infos: list[DesignLayerInfo]) -> list[TrainingProblem]:
    total = sum(map(_values, infos))
    if total <= MOST_VALUES:
        return []
    most = max(infos, key=_values)
    shape = "×".join(str(size) for size in most.output_shape)
    detail = (
        f"The network would compute {total:,} values for each picture, most of them in "
        f"{most.id} ({shape}); at most {MOST_VALUES:,} are kept for training."
    )
    return [TrainingProblem(field=_place(infos, most), detail=detail)]


def _values(info: DesignLayerInfo) -> int:
    return math.prod(info.output_shape) * (_BLOCK if info.type == "residual" else 1)


def _place(infos: list[DesignLayerInfo], info: DesignLayerInfo) -> str:
    """The path of a layer; of the whole list for the last one, which is not in it."""
    return "design.layers" if info is infos[-1] else f"design.layers.{info.index}"
