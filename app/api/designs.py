"""Networks that are put together from layers, and what a training would come to."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Body

from app.api.deps import ServicesDep
from app.api.errors import problems
from app.schemas import DesignPreset, TrainingCheck, TrainingRequest
from app.services.design_presets import presets
from app.services.training_check import check_fields, check_training
from app.services.trainings.accepting import resolved

router = APIRouter(tags=["trainings"])

_EXAMPLES = {
    "recipe": {
        "summary": "What the default recipe for LeNet-5 is",
        "value": {"model": "lenet5", "dataset": {"id": "mnist"}},
    },
    "impossible": {
        "summary": "A kernel that is too large",
        "value": {"design": {"layers": [{"type": "pool", "kernel": 8},
                                        {"type": "conv", "channels": 6, "kernel": 5}]}},
    },
}  # fmt: skip


@router.get("/designs", summary="Networks to begin with")
async def get_designs() -> list[DesignPreset]:
    """Layer by layer, simplest first; `datasets` are those that a design suits.

    A design goes into `POST /trainings`, changed or as it is; the dense layer with one unit a
    class (for points: one unit) is added behind it.
    """
    return list(presets())


@router.post(
    "/trainings/checks", summary="What a training would come to", responses=problems(413, 422)
)
async def post_check(
    services: ServicesDep,
    request: Annotated[TrainingRequest | dict[str, Any], Body(openapi_examples=_EXAMPLES)],
) -> TrainingCheck:
    """Nothing is started: for a form, as one types.

    `request` has the default recipe filled in. Where it cannot be, `problems` say why, each with
    the path of its field (`design.layers.3.kernel`); `layers` are then those up to the first that
    is impossible. `bytes` is about the memory that it takes beside the pictures.
    """
    await services.work(services.trainings.warm_up)  # who fills in the form will soon begin one
    found = request if isinstance(request, TrainingRequest) else check_fields(request)
    if isinstance(found, list):
        body = request if isinstance(request, dict) else request.model_dump(mode="json")
        faults = [each.model_dump() for each in found]
        return TrainingCheck.model_validate(_text({"request": body, "problems": faults}))
    settings, trainings = services.settings, services.trainings.listing()
    return await services.work(
        check_training,
        resolved(found, [run.record for run in trainings]),
        settings.max_training_parameters,
        settings.data_dir,
        settings.pictures_dir,
    )


def _text(value: Any) -> Any:
    """A JSON value without half surrogate pairs, which JSON may name and no answer can hold."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
