"""Predictions: one stateless forward pass."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from app.api.deps import LoadedDep, ServicesDep
from app.api.errors import IMAGE_ERRORS
from app.api.uploads import REQUEST_BODY, Batch
from app.schemas import Predictions
from app.services.forward import forward
from app.services.predictions import predict, require_classifier

router = APIRouter(prefix="/models/{model}", tags=["forward pass"])


@router.post(
    "/predictions",
    summary="Classify images",
    response_model=Predictions,
    responses=IMAGE_ERRORS,
    openapi_extra=REQUEST_BODY,
)
async def post_predictions(
    services: ServicesDep,
    loaded: LoadedDep,
    batch: Batch,
    top: Annotated[int, Query(ge=1, description="How many classes, the likeliest first.")] = 5,
) -> dict[str, Any]:
    """The likeliest classes of every image, in order, and whether to trust them."""
    require_classifier(loaded)
    output = loaded.graph.output
    values = await forward(services.batcher, loaded.runner, batch, [output])
    predictions = await services.work(predict, loaded, batch, values[output], top)
    weights = {"source": loaded.source, "sha256": loaded.card.sha256}
    return {"model": loaded.spec.id, "weights": weights, "predictions": predictions}
