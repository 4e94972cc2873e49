"""What a network has learned at a checkpoint."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

import numpy as np
from fastapi import APIRouter, Depends, Header, Query
from numpy.typing import NDArray
from pydantic import BaseModel
from starlette.responses import Response

from app.api.deps import Services, ServicesDep
from app.api.errors import problems
from app.api.problems import ProblemError, invalid
from app.api.trainings import CheckpointDep, RunDep, StepId
from app.schemas import (
    Answered,
    AnsweredPage,
    Confusion,
    LayersLearning,
    Robustness,
    Surface,
    SurfaceLayer,
)
from app.services.datasets import Split
from app.services.datasets.points import plane
from app.services.finite import finite
from app.services.learning import kept
from app.services.learning.answers import Answers
from app.services.learning.confusion import cell, confusion, mistakes
from app.services.learning.surface import surface
from app.services.trainings.run import Run

router = APIRouter(prefix="/trainings/{training}/checkpoints/{step}", tags=["trainings"])

T = TypeVar("T")
J = TypeVar("J", bound=BaseModel)  # what is judged, as JSON

_ERRORS = problems(404, 409, 422, 503)
_LARGEST = 200  # places a side of a surface
_MOST = 500  # pictures in one answer
_FOREVER = "private, max-age=31536000, immutable"

SplitQuery = Annotated[Split, Query(description="The training or the test pictures.")]


@dataclass(frozen=True)
class Asked:
    """A checkpoint of a training that somebody asks about, and what they know already."""

    run: RunDep
    checkpoint: CheckpointDep
    step: StepId
    if_none_match: Annotated[
        str, Header(max_length=1000, description="The ETag of what the client has: 304 if it is.")
    ] = ""

    def answer(self, found: BaseModel) -> Response:
        """A checkpoint never changes; which one is the latest or the best does."""
        body = found.model_dump_json().encode()
        named = self.step == str(self.checkpoint.step)
        headers = {
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
            "Cache-Control": _FOREVER if named else "no-cache",
        }
        if headers["ETag"] in self.if_none_match:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)


AskedDep = Annotated[Asked, Depends()]


@dataclass(frozen=True)
class Page:
    """Which part of a list of pictures is wanted."""

    offset: Annotated[int, Query(ge=0, le=10_000_000, description="Leave out so many.")] = 0
    limit: Annotated[int, Query(ge=1, le=_MOST, description="How many at most.")] = 60


PageDep = Annotated[Page, Depends()]


@router.get(
    "/confusion",
    summary="Which classes are taken for which",
    response_model=Confusion,
    responses=_ERRORS,
)
async def get_confusion(
    services: ServicesDep, asked: AskedDep, split: SplitQuery = "test"
) -> Response:
    """`matrix[true][predicted]`, and each class's precision, recall and F1.

    The whole split is answered when somebody asks the first time, then kept. That is done in
    float32, as in every call about the network; the curve of a training in bfloat16 may count a
    few pictures differently.
    """
    answers = await _answers(services, asked, split)
    classes = asked.run.record.facts.classes
    found = confusion(answers, len(classes))
    shown = Confusion(
        step=asked.checkpoint.step,
        split=split,
        classes=classes,
        matrix=found.matrix,
        accuracy=answers.accuracy,
        loss=finite(answers.loss),
        precision=found.precision,
        recall=found.recall,
        f1=found.f1,
    )
    return asked.answer(shown)


@router.get(
    "/pictures",
    summary="The pictures behind a cell of the confusion matrix",
    response_model=AnsweredPage,
    responses=_ERRORS,
)
async def get_pictures(
    *,
    services: ServicesDep,
    asked: AskedDep,
    page: PageDep,
    split: SplitQuery = "test",
    true: Annotated[int | None, Query(ge=0, description="Their class; default: any.")] = None,
    predicted: Annotated[
        int | None, Query(ge=0, description="What the network says; default: anything.")
    ] = None,
) -> Response:
    """The surest answers first."""
    _check_class(asked.run, "true", true)
    _check_class(asked.run, "predicted", predicted)
    answers = await _answers(services, asked, split)
    return asked.answer(_page(asked, answers, cell(answers, true, predicted), page, split))


@router.get(
    "/mistakes",
    summary="The worst mistakes",
    response_model=AnsweredPage,
    responses=_ERRORS,
)
async def get_mistakes(
    services: ServicesDep, asked: AskedDep, page: PageDep, split: SplitQuery = "test"
) -> Response:
    """Every picture that is taken for something else, the surest first: "4→9".

    After figure 8 of LeCun, Bottou, Bengio and Haffner (1998).
    """
    answers = await _answers(services, asked, split)
    return asked.answer(_page(asked, answers, mistakes(answers), page, split))


@router.get(
    "/layers",
    summary="How each layer learns",
    response_model=LayersLearning,
    responses=_ERRORS,
)
async def get_layers(services: ServicesDep, asked: AskedDep) -> Response:
    """Gradient, change, dead and saturated units, histograms of weights and activations.

    The gradient is that of the loss over 256 training pictures, always the same ones, without
    augmentation and dropout; the units are judged by 1,000 test pictures.
    """
    return await _judged(services, asked, kept.kept_layers, kept.find_layers)


@router.get(
    "/robustness",
    summary="Accuracy on pictures that are changed",
    response_model=Robustness,
    responses=_ERRORS,
)
async def get_robustness(services: ServicesDep, asked: AskedDep) -> Response:
    """Noise, rotation, shift and scale, on up to 1,000 test pictures; fewer for large networks."""
    if _is_points(asked.run):
        detail = "It learns points, which are not shifted or turned like pictures."
        raise ProblemError(409, "no-pictures", detail, field="training")
    return await _judged(services, asked, kept.kept_robustness, kept.find_robustness)


@router.get(
    "/surface",
    summary="What every unit answers over the plane",
    response_model=Surface,
    responses=_ERRORS,
)
async def get_surface(
    services: ServicesDep,
    asked: AskedDep,
    size: Annotated[int, Query(ge=2, le=_LARGEST, description="Places a side.")] = 50,
) -> Response:
    """For trainings of points: each unit behind its activation, and the weights between them."""
    if not _is_points(asked.run):
        detail = "It learns pictures; only points lie in a plane."
        raise ProblemError(409, "no-plane", detail, field="training")

    def find() -> Surface:
        loaded = services.learning.network(asked.run, asked.checkpoint)
        reach = plane(asked.run.record.request["dataset"]["points"])
        layers = [
            SurfaceLayer(
                id=layer.id,
                units=layer.units.tolist(),
                weights=None if layer.weights is None else layer.weights.tolist(),
                bias=None if layer.bias is None else layer.bias.tolist(),
            )
            for layer in surface(loaded, size, reach)
        ]
        return Surface(step=asked.checkpoint.step, size=size, range=reach, layers=layers)

    return asked.answer(await services.work(find))


async def _find(
    services: Services, run: Run, known: Callable[[], T | None], find: Callable[[], T]
) -> T:
    """What is kept at once; else what is worked out in turn."""
    found = await services.work(known)
    return await services.learning.work(run, find) if found is None else found


async def _judged(
    services: Services,
    asked: Asked,
    known: Callable[[kept.Checkpoint], J | None],
    find: Callable[[kept.Checkpoint], J],
) -> Response:
    checkpoint = services.learning.checkpoint(asked.run, asked.checkpoint)
    found = await _find(services, asked.run, lambda: known(checkpoint), lambda: find(checkpoint))
    return asked.answer(found)


async def _answers(services: Services, asked: Asked, split: Split) -> Answers:
    checkpoint = services.learning.checkpoint(asked.run, asked.checkpoint)
    return await _find(
        services,
        asked.run,
        lambda: kept.kept_answers(checkpoint, split),
        lambda: services.learning.answers(asked.run, asked.checkpoint, split),
    )


def _page(
    asked: Asked, answers: Answers, chosen: NDArray[np.int64], page: Page, split: Split
) -> AnsweredPage:
    part = chosen[page.offset : page.offset + page.limit].tolist()
    return AnsweredPage(
        step=asked.checkpoint.step,
        split=split,
        total=len(chosen),
        pictures=[_answered(asked.run, answers, i, split) for i in part],
    )


def _answered(run: Run, answers: Answers, i: int, split: Split) -> Answered:
    place = int(answers.places[i])
    href = f"/api/v1/datasets/{run.record.facts.dataset.id}/pictures/{place}?split={split}"
    return Answered(
        index=place,
        href="" if _is_points(run) else href,
        label=int(answers.labels[i]),
        predicted=int(answers.predicted[i]),
        probability=finite(float(answers.probability[i])) or 0.0,
        label_probability=finite(float(answers.label_probability[i])) or 0.0,
    )


def _is_points(run: Run) -> bool:
    return run.record.facts.dataset.id == "points"


def _check_class(run: Run, field: str, number: int | None) -> None:
    count = len(run.record.facts.classes)
    if number is not None and number >= count:
        raise invalid(field, f"There are classes 0 to {count - 1}.")
