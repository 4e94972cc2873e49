"""Trainings of 2-D points: before they start, their points, and their network as it learns."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from fastapi import APIRouter
from torch import Tensor

from app.api.deps import ServicesDep
from app.api.errors import problems
from app.api.problems import ProblemError, invalid
from app.api.trainings import RunDep
from app.schemas import Points, PointsLayer, PointsNetwork, PointsPreview, TrainingRequest
from app.services.datasets.points import Points as Plane
from app.services.learning.newest import Dense, dense_layers, newest
from app.services.learning.preview import PreviewError, preview
from app.services.trainings.run import Run

router = APIRouter(prefix="/trainings", tags=["trainings"])


@router.post("/previews", summary="What a training of points begins with", responses=problems(422))
async def post_preview(request: TrainingRequest, services: ServicesDep) -> PointsPreview:
    """The points and the weights before the first step: those of the training that the same
    request starts with `POST /trainings`.
    """
    try:
        found = await services.work(preview, request)
    except PreviewError as error:
        raise invalid(error.field, str(error)) from error
    points = Points(train=_plain(found.train), test=_plain(found.test))
    return PointsPreview(points=points, layers=_layers(dense_layers(found.weights)))


@router.get("/{training}/points", summary="The points it learns", responses=problems(404, 409, 422))
async def get_points(services: ServicesDep, run: RunDep) -> Points:
    """For trainings of points: those to learn from and those to test with."""
    _check(run)
    found = await services.work(services.trainings.material, run)
    return Points(
        train=_plain(Plane(found.train[:, :, 0, 0], found.labels)),
        test=_plain(Plane(found.test[:, :, 0, 0], found.test_labels)),
    )


@router.get(
    "/{training}/network", summary="The newest weights of points", responses=problems(404, 409, 422)
)
async def get_network(services: ServicesDep, run: RunDep) -> PointsNetwork:
    """For trainings of points, also while it learns: cheap enough to ask ten times a second.

    Before the first step these are the weights that it begins with.
    """
    _check(run)
    try:
        step, layers = await services.work(newest, run.files.live)
    except OSError:  # its process has not begun yet
        request = TrainingRequest.model_validate(run.record.request)
        step, layers = 0, dense_layers((await services.work(preview, request)).weights)
    return PointsNetwork(step=step, layers=_layers(layers), update=run.record.standing.update)


def _check(run: Run) -> None:
    if run.record.request["dataset"]["id"] != "points":
        detail = "It learns pictures; only points lie in a plane."
        raise ProblemError(409, "no-plane", detail, field="training")


def _layers(found: Sequence[Dense]) -> list[PointsLayer]:
    return [
        PointsLayer(
            id=layer.id,
            weights=[_numbers(row) for row in layer.weight],
            bias=None if layer.bias is None else _numbers(layer.bias),
        )
        for layer in found
    ]


def _numbers(values: Tensor) -> list[float | None]:
    finite = torch.isfinite(values).tolist()
    return [value if whole else None for value, whole in zip(values.tolist(), finite, strict=True)]


def _plain(found: Plane) -> list[tuple[float, float, int]]:
    """x, y and class of each point."""
    places, labels = found.places.tolist(), found.labels.tolist()
    return [(x, y, label) for (x, y), label in zip(places, labels, strict=True)]
