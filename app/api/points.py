"""Trainings of 2-D points, before they start."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.deps import ServicesDep
from app.api.errors import problems
from app.api.problems import invalid
from app.schemas import Points, PointsPreview, SurfaceLayer, TrainingRequest
from app.services.datasets.points import Points as Plane
from app.services.learning.preview import Preview, PreviewError, preview

router = APIRouter(prefix="/trainings", tags=["trainings"])


@router.post("/previews", summary="What a training of points begins with", responses=problems(422))
async def post_preview(request: TrainingRequest, services: ServicesDep) -> PointsPreview:
    """The points and the weights before the first step: those of the training that the same
    request starts with `POST /trainings`.
    """
    try:
        return _answer(await services.work(lambda: preview(request)))
    except PreviewError as error:
        raise invalid(error.field, str(error)) from error


def _answer(found: Preview) -> PointsPreview:
    inputs = SurfaceLayer(id="input", units=[])
    dense = [
        SurfaceLayer(
            id=name,
            units=[],
            weights=part.weight.tolist(),
            bias=None if part.bias is None else part.bias.tolist(),
        )
        for name, part in found.layers
    ]
    return PointsPreview(
        points=Points(train=plain(found.train), test=plain(found.test)), layers=[inputs, *dense]
    )


def plain(found: Plane) -> list[tuple[float, float, int]]:
    """x, y and class of each point."""
    places, labels = found.places.tolist(), found.labels.tolist()
    return [(x, y, label) for (x, y), label in zip(places, labels, strict=True)]
