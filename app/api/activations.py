"""Activations: one stateless forward pass with its layers."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response
from torch import Tensor

from app.api.deps import LoadedDep, Services, ServicesDep
from app.api.errors import IMAGE_ERRORS
from app.api.problems import invalid
from app.api.tensors import WantedDep, batch_answer, tensor_responses
from app.api.uploads import REQUEST_BODY, Batch
from app.services.batching import Busy
from app.services.catalog import Loaded
from app.services.forward import forward
from app.services.graph import Graph

router = APIRouter(prefix="/models/{model}", tags=["forward pass"])

_FLOAT = 4  # bytes
Precision = Literal["float32", "bfloat16"]


@router.post(
    "/activations",
    summary="The layers of images",
    response_class=Response,
    responses={
        **IMAGE_ERRORS,
        **tensor_responses(
            "Arrays by layer id, each N×C×H×W (N×C for dense layers), in the images' order. "
            "npy holds one layer, png one layer of one image. npz with dtype=uint8 has "
            "[scale, offset] under `<layer>/scale`; safetensors has them in its metadata."
        ),
    },
    openapi_extra=REQUEST_BODY,
)
async def post_activations(
    *,
    services: ServicesDep,
    loaded: LoadedDep,
    batch: Batch,
    wanted: WantedDep,
    layers: Annotated[
        str | None, Query(max_length=20_000, description="Layer ids with commas; default: all.")
    ] = None,
    precision: Annotated[
        Precision,
        Query(
            description="bfloat16: off by one or two hundredths of a layer's range at most, and "
            "1.5 to 4 times as fast for large networks on processors with AMX."
        ),
    ] = "float32",
) -> Response:
    """The named layers of every image in one answer, in float32 exactly as torch computes them."""
    names = layer_names(loaded.graph, layers)
    count = len(batch) * sum(math.prod(loaded.graph.layer(n).output_shape) for n in names)
    wanted.check_size(count, services.settings.max_response_bytes)
    async with services.gate.hold(loaded.runner.bytes(names) + _FLOAT * count):
        values = await _values(services, loaded, precision, batch, names)
        return await services.work(batch_answer, values, wanted, about(loaded))


async def _values(
    services: Services, loaded: Loaded, precision: Precision, batch: Tensor, names: list[str]
) -> dict[str, Tensor]:
    if precision == "float32":
        return await forward(services.batcher, loaded.runner, batch, names)
    runner = await services.work(services.catalog.half, loaded)
    try:
        return await forward(services.batcher, runner, batch, names)
    except Busy:
        raise
    except RuntimeError as error:  # torch has not every operation in bfloat16
        raise invalid("precision", f"torch cannot compute this in bfloat16: {error}") from error


def about(loaded: Loaded) -> dict[str, str]:
    """The network and the weights that computed an answer, for its headers and pictures."""
    return {"model": loaded.spec.id, "weights": f"{loaded.source} {loaded.card.sha256}"}


def layer_names(graph: Graph, layers: str | None) -> list[str]:
    """The ids in a comma-separated list, each once; all layers for None.

    Raises UnknownLayerError.
    """
    if layers is None:
        return [layer.id for layer in graph.layers]
    return [graph.layer(name).id for name in dict.fromkeys(layers.split(","))]
