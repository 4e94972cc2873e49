"""Kernels."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response
from torch import Tensor

from app.api.activations import about
from app.api.deps import LayerId, LoadedDep, ServicesDep
from app.api.errors import READ_ERRORS
from app.api.tensors import (
    WantedDep,
    filter_answer,
    many_filters_answer,
    numpy,
    tensor_responses,
)
from app.services.catalog import Loaded
from app.services.filters import kernels, weighted_layers

router = APIRouter(prefix="/models/{model}", tags=["filters"])


@router.get(
    "/layers/{layer}/filters",
    summary="The kernels of a layer",
    response_class=Response,
    responses={
        **READ_ERRORS,
        **tensor_responses(
            "O×I×kH×kW (dense: O×I; trainable sub-sampling: C×1×kH×kW; batch normalization: its "
            "scale γ/√(σ² + ε) as C×1×1×1; zeros where a sparse table connects nothing). "
            "`channels` selects among the O. As png: a row an output channel, a column an input "
            "channel; in colour where there are three of these; diverging about zero."
        ),
    },
)
async def get_filters(
    services: ServicesDep, loaded: LoadedDep, layer: LayerId, wanted: WantedDep
) -> Response:
    """The kernel tensor of one layer, in any format."""

    def answer() -> Response:
        values = kernels(loaded.network, loaded.graph, layer)
        wanted.check_size(values.numel(), services.settings.max_response_bytes)
        return filter_answer(layer, numpy(values), wanted, about(loaded))

    return await services.work(answer)


@router.get(
    "/filters",
    summary="The kernels of several layers",
    response_class=Response,
    responses={**READ_ERRORS, **tensor_responses("Kernels by layer id: npz or safetensors.")},
)
async def get_all_filters(
    services: ServicesDep,
    loaded: LoadedDep,
    wanted: WantedDep,
    layers: Annotated[
        str | None, Query(max_length=20_000, description="Layer ids with commas; default: all.")
    ] = None,
) -> Response:
    """The kernels of every layer that has some, or of those named, in one answer."""

    def answer() -> Response:
        found = _kernels(loaded, layers)
        count = sum(tensor.numel() for tensor in found.values())
        wanted.check_size(count, services.settings.max_response_bytes)
        return many_filters_answer(found, wanted, about(loaded))

    return await services.work(answer)


def _kernels(loaded: Loaded, layers: str | None) -> dict[str, Tensor]:
    names = weighted_layers(loaded.graph) if layers is None else layers.split(",")
    return {name: kernels(loaded.network, loaded.graph, name) for name in names}
