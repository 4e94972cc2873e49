"""The networks: what they are made of."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter

import models
from app.api.deps import ModelId, ServicesDep, WeightsQuery
from app.api.errors import problems
from app.log import logger
from app.schemas import ModelDetail, ModelSummary
from app.services import cards

router = APIRouter(tags=["networks"])


@router.get("/models", summary="List the networks")
async def list_models(services: ServicesDep) -> list[ModelSummary]:
    """Every network: what it takes in, its classes, size, and the state of its weights."""

    def summaries() -> Iterator[ModelSummary]:
        for model_id in models.names():
            try:
                yield cards.summary(services.catalog, model_id, None, services.downloading)
            except models.UnknownModelError:  # its training was deleted at this moment
                pass
            except Exception as error:  # one that cannot be described hides no others
                logger("app.models").error("cannot be described", model=model_id, exc_info=error)

    return await services.work(lambda: list(summaries()))


@router.get("/models/{model}", summary="Describe a network", responses=problems(404, 422))
async def get_model(
    services: ServicesDep, model: ModelId, weights: WeightsQuery = None
) -> ModelDetail:
    """The same with the real graph: every layer, and the stages that a viewer draws.

    With `weights`: the input, the classes and the graph that belong to that source, whether it
    is on this machine or not.
    """
    return await services.work(cards.detail, services.catalog, model, weights, services.downloading)
