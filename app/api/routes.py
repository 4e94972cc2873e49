"""All routes, joined."""

from __future__ import annotations

from fastapi import APIRouter

from app.api import (
    activations,
    colormaps,
    datasets,
    designs,
    filters,
    gallery,
    health,
    jobs,
    learning,
    live,
    maximizations,
    models,
    moments,
    pages,
    passes,
    pictures,
    points,
    predictions,
    seen,
    tops,
    trainings,
    units,
    weights,
)

BASE = "/api/v1"

router = APIRouter()
for _part in (
    models,
    filters,
    units,
    predictions,
    moments,
    activations,
    passes,
    seen,
    live,
    weights,
    maximizations,
    trainings,
    learning,
    jobs,
    colormaps,
    datasets,
    designs,
    points,
    gallery,
    pictures,
    tops,
):
    router.include_router(_part.router, prefix=BASE)
router.include_router(health.router)
router.include_router(pages.router)
