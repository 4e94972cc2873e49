"""Forward passes that are kept for a browser."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import Response

from app.api.activations import layer_names
from app.api.deps import LayerId, LoadedDep, Services, ServicesDep
from app.api.errors import IMAGE_ERRORS, READ_ERRORS
from app.api.problems import invalid
from app.api.tensors import WantedDep, layer_answer, numpy, tensor_responses
from app.api.uploads import REQUEST_BODY, PreparedDep
from app.schemas import Neuron, PassInfo
from app.services.catalog import Loaded
from app.services.forward import forward
from app.services.hidden import last_hidden
from app.services.inputs import Prepared
from app.services.neuron import explain
from app.services.passes import Pass
from app.services.predictions import predict
from app.services.seen import Sight
from app.services.statistics import layer_stats

router = APIRouter(tags=["passes"])

PassId = Annotated[str, Path(max_length=128, description="The id that POST …/passes gave.")]
Index = Annotated[int, Path(ge=0, description="Counts from 0, within the layer's shape.")]
# A pass never changes: its id is the hash of the weights and of the input.
_CACHE = {"Cache-Control": "private, max-age=3600, immutable"}


@router.post(
    "/models/{model}/passes",
    status_code=201,
    summary="Keep a forward pass",
    response_model=PassInfo,
    responses=IMAGE_ERRORS,
    openapi_extra=REQUEST_BODY,
)
async def post_pass(
    services: ServicesDep, loaded: LoadedDep, prepared: PreparedDep, response: Response
) -> dict[str, Any]:
    """One image's forward pass, kept: its layers and neurons can be read by the answer's id.

    The same picture gives the same id. Ids work while the server runs.
    """
    batch = prepared.batch
    if len(batch) != 1:
        raise invalid("body", f"A pass is of one image, not {len(batch)}; see …/activations.")
    names = layer_names(loaded.graph, None)
    async with services.gate.hold(loaded.runner.bytes(names)):
        values = await forward(services.batcher, loaded.runner, batch, names)
        kept, info = await services.work(_keep, services, loaded, values, prepared)
    response.headers["Location"] = f"/api/v1/passes/{kept.id}"
    return info


@router.get(
    "/passes/{pass_id}", summary="A kept pass", response_model=PassInfo, responses=READ_ERRORS
)
async def get_pass(services: ServicesDep, pass_id: PassId, response: Response) -> dict[str, Any]:
    """What POST answered."""
    response.headers.update(_CACHE)
    return await services.work(_info, services, pass_id)


@router.get(
    "/passes/{pass_id}/layers/{layer}",
    summary="A layer of a kept pass",
    response_class=Response,
    responses={**READ_ERRORS, **tensor_responses("C×H×W, or C for dense layers.")},
)
async def get_layer(
    services: ServicesDep, pass_id: PassId, layer: LayerId, wanted: WantedDep
) -> Response:
    """The layer's activations, in any format."""

    def answer() -> Response:
        origin = services.passes.origin(pass_id)
        shape = services.catalog.graph(origin.model, origin.source).layer(layer).output_shape
        wanted.check_size(math.prod(shape), services.settings.max_response_bytes)
        values = numpy(services.passes.get(pass_id).activations[layer])
        about = {"model": origin.model, "weights": f"{origin.source} {origin.sha256}"}
        return layer_answer(layer, values, wanted, about)

    response = await services.work(answer)
    response.headers.update(_CACHE)
    return response


@router.get(
    "/passes/{pass_id}/layers/{layer}/neurons/{channel}",
    summary="The arithmetic of a dense neuron",
    responses=READ_ERRORS,
)
async def get_dense_neuron(
    services: ServicesDep, pass_id: PassId, layer: LayerId, channel: Index, response: Response
) -> Neuron:
    """Inputs, weights, products, bias, sum, and the steps to the output."""
    response.headers.update(_CACHE)
    return await services.work(_explain, services, pass_id, layer, channel)


@router.get(
    "/passes/{pass_id}/layers/{layer}/neurons/{channel}/{y}/{x}",
    summary="The arithmetic of a neuron",
    responses=READ_ERRORS,
)
async def get_neuron(
    *,
    services: ServicesDep,
    pass_id: PassId,
    layer: LayerId,
    channel: Index,
    y: Index,
    x: Index,
    response: Response,
) -> Neuron:
    """Inputs, weights, products, bias, sum, and the steps to the output at (channel, y, x)."""
    response.headers.update(_CACHE)
    return await services.work(_explain, services, pass_id, layer, channel, y, x)


def _keep(
    services: Services, loaded: Loaded, values: dict[str, Any], prepared: Prepared
) -> tuple[Pass, dict[str, Any]]:
    kept = services.passes.keep(loaded, {layer: tensor[0] for layer, tensor in values.items()})
    vector = last_hidden(loaded.graph, loaded.spec).vector(kept.activations)
    sight = Sight(prepared.names[0], prepared.frames[0], vector)
    services.seen.add(kept.id, (kept.model, kept.origin.sha256), sight)
    return kept, _describe(services, loaded, kept)


def _info(services: Services, pass_id: str) -> dict[str, Any]:
    kept = services.passes.get(pass_id)
    return _describe(services, services.passes.loaded(pass_id), kept)


def _describe(services: Services, loaded: Loaded, kept: Pass) -> dict[str, Any]:
    logits, x = kept.activations[loaded.graph.output][None], kept.activations["input"][None]
    top = len(loaded.spec.classes)  # 0: these weights have no classifier
    frame = services.seen.frame(kept.id)
    return {
        "id": kept.id,
        "model": kept.model,
        "picture": frame and asdict(frame),
        "weights": {"source": loaded.source, "sha256": loaded.card.sha256},
        "predictions": predict(loaded, x, logits, top) if top else [],
        "layers": layer_stats(kept.activations),
    }


def _explain(services: Services, pass_id: str, layer: str, *unit: int) -> Neuron:
    """``unit`` is (channel, y, x), or (channel,) in dense layers."""
    kept = services.passes.get(pass_id)
    loaded = services.passes.loaded(pass_id)
    return explain(loaded.network, loaded.graph, kept.activations, layer, *unit)
