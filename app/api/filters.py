"""Kernels."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response
from torch import Tensor

from app.api.activations import about
from app.api.deps import LayerId, LoadedDep, ServicesDep
from app.api.errors import READ_ERRORS
from app.api.tensors import (
    Kernels,
    WantedDep,
    filter_answer,
    many_filters_answer,
    numpy,
    tensor_responses,
)
from app.schemas import FiltersSummary, WeightsRef
from app.services.catalog import Loaded
from app.services.filter_summary import summarize
from app.services.filters import kernel_shape, kernels, over_maps, source_of, weighted_layers

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
            "channel (one filter alone: a square of input channels); a dense layer that reads maps "
            "has those as input channels. Diverging about zero; kernels over a colour image in "
            "its colours, red, green, blue, from −m over grey to m."
        ),
    },
)
async def get_filters(
    services: ServicesDep, loaded: LoadedDep, layer: LayerId, wanted: WantedDep
) -> Response:
    """The kernel tensor of one layer, in any format."""

    def answer() -> Response:
        shape = kernel_shape(loaded.network, loaded.graph, layer)
        channels = wanted.chosen(shape[0], layer)
        count = math.prod(shape[1:]) * (shape[0] if channels is None else len(channels))
        wanted.check_size(count, services.settings.max_response_bytes)
        values = kernels(loaded.network, loaded.graph, layer, channels)
        return filter_answer(layer, _picture(loaded, layer, values), wanted, about(loaded))

    return await services.work(answer)


@router.get(
    "/layers/{layer}/filters/summary",
    summary="Each filter's norm, spread and strongest inputs",
    response_model=FiltersSummary,
    responses=READ_ERRORS,
)
async def get_filters_summary(
    services: ServicesDep,
    loaded: LoadedDep,
    layer: LayerId,
    strongest: Annotated[
        int, Query(ge=0, le=64, description="How many input channels to name for each filter.")
    ] = 5,
) -> FiltersSummary:
    """Statistics of every filter of a layer, in their order, without the kernels themselves.

    `source` is the layer whose channels are read (`GET /passes/{id}/layers/{source}`).
    """

    def answer() -> FiltersSummary:
        network, graph = loaded.network, loaded.graph
        return FiltersSummary(
            model=loaded.spec.id,
            layer=layer,
            weights=WeightsRef(source=loaded.source, sha256=loaded.card.sha256),
            shape=list(kernel_shape(network, graph, layer)),
            source=source_of(graph, layer).id,
            filters=summarize(network, graph, layer, strongest),
        )

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
        names = weighted_layers(loaded.graph) if layers is None else layers.split(",")
        shapes = [kernel_shape(loaded.network, loaded.graph, name) for name in names]
        wanted.check_size(sum(map(math.prod, shapes)), services.settings.max_response_bytes)
        found = {name: kernels(loaded.network, loaded.graph, name) for name in names}
        return many_filters_answer(found, wanted, about(loaded))

    return await services.work(answer)


def _picture(loaded: Loaded, layer: str, values: Tensor) -> Kernels:
    """Kernels with what a picture of them needs."""
    source = source_of(loaded.graph, layer)
    colours = loaded.spec.input.channels if source.role == "input" else ""
    order = [colours.index(letter) for letter in "RGB"] if sorted(colours) == list("BGR") else None
    return Kernels(numpy(values), numpy(over_maps(loaded.graph, layer, values)), order)
