"""A picture through a network in training: what it said over time."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from app.api.deps import LoadedDep, ServicesDep
from app.api.errors import IMAGE_ERRORS
from app.api.problems import ProblemError, invalid
from app.api.uploads import REQUEST_BODY, Batch
from app.schemas import AnswersOverTime
from app.services.learning.moments import checkpoints, over_time

router = APIRouter(prefix="/models/{model}", tags=["trainings"])

_MOST = 1000
Steps = Annotated[
    str | None,
    Query(max_length=8000, description="Steps of checkpoints with commas; default: all."),
]


@router.post(
    "/answers",
    summary="What a network said of a picture as it learnt",
    response_model=AnswersOverTime,
    responses=IMAGE_ERRORS,
    openapi_extra=REQUEST_BODY,
)
async def post_answers(
    services: ServicesDep, loaded: LoadedDep, batch: Batch, steps: Steps = None
) -> dict[str, Any]:
    """The probabilities of all classes at the checkpoints of a network that was trained here.

    One picture a call. Of a large network with many checkpoints some are left out, so that the
    answer comes within seconds; those that are there lie evenly over the training.
    """
    if len(batch) != 1:
        raise invalid("body", "One picture a call, please.")
    files = checkpoints(loaded.spec.id)
    if files is None:
        raise ProblemError(
            409, "not-trained-here", f"{loaded.spec.title} was not trained here.", field="model"
        )
    if steps is not None:
        chosen = _numbers(steps)
        files = {step: path for step, path in files.items() if step in chosen}
    found = await services.work(over_time, loaded, batch, files)
    classes = list(loaded.spec.classes)
    return {"classes": classes, "steps": list(found), "probabilities": list(found.values())}


def _numbers(text: str) -> set[int]:
    items = text.split(",")
    if len(items) > _MOST or not all(item.isascii() and item.isdigit() for item in items):
        raise invalid("steps", f"The steps must be at most {_MOST} numbers with commas, e.g. 1,50.")
    return {int(item) for item in items}
